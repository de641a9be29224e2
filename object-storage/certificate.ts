/** Whether a certificate is for the name that clients call. */
import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { certificateUnreadable, nameNotInCertificate, type Problem } from "../errors";

/** A certificate that is none, or for other names. Nothing is said about its time: the clock decides on that. */
export function certificateProblems(where: string, pem: string, host: string): readonly Problem[] {
  const certificate = parsed(pem);
  if (certificate === undefined) {
    return [certificateUnreadable(where)];
  }
  const matches = isIP(host) === 0 ? certificate.checkHost(host, asClientsDo) : certificate.checkIP(host);
  return matches === undefined ? [nameNotInCertificate(where, host, certificate.subjectAltName ?? "no name")] : [];
}

/** barman's Python and the others take neither the subject's name nor a wildcard that is part of a label. */
const asClientsDo = { subject: "never", partialWildcards: false } as const;

/** The first certificate of a chain. */
function parsed(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
