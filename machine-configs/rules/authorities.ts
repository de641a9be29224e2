/** Certificate authorities in PEM, as the documents have them. */

import { notACertificate, notAKey, type Problem } from "../../errors";
import type { At } from "../document";
import type { FieldsOf } from "../kind";
import { z } from "../zod";
import { isCertificate, isPrivateKey } from "./pem";

/** The fields of an authority. */
export const authority = () => ({
  issuingCA: z.strictObject({ cert: z.string().optional(), key: z.string().optional() }).optional(),
  acceptedCAs: z.array(z.string()).optional(),
});

const fields = () => z.object(authority());
type Authority = FieldsOf<typeof fields>;

/** What is wrong with the authority that issues. */
export function issuingProblems({ issuingCA }: Authority, at: At): readonly Problem[] {
  if (issuingCA === undefined) return [];
  const { cert = "", key = "" } = issuingCA;
  const found: Problem[] = [];
  if (!isCertificate(cert)) found.push(notACertificate(at("issuingCA", "cert")));
  if (key !== "" && !isPrivateKey(key)) found.push(notAKey(at("issuingCA", "key")));
  return found;
}

/** What is wrong with the authorities that are accepted as well. */
export function acceptedProblems({ acceptedCAs = [] }: Authority, at: At): readonly Problem[] {
  return acceptedCAs.flatMap((one, index) => (isCertificate(one) ? [] : [notACertificate(at("acceptedCAs", index))]));
}
