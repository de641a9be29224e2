/** Certificates and keys in PEM. */
import { createPrivateKey, X509Certificate } from "node:crypto";

/** What the schemas say when they refuse a certificate. */
export const A_CERTIFICATE = "a whole certificate in PEM";
export const A_KEY = "a whole private key in PEM";

/** Whether a text has at least one PEM certificate. */
export function isCertificate(value: string): boolean {
  return blocks(value).includes("CERTIFICATE");
}

/** Whether a text has a PEM private key. */
export function isPrivateKey(value: string): boolean {
  return blocks(value).some((type) => type.endsWith("PRIVATE KEY"));
}

/** Whether Talos can read the certificate of a text: one that is cut off or mistyped it refuses. */
export function isReadableCertificate(value: string): boolean {
  return isCertificate(value) && isRead(() => new X509Certificate(value));
}

/** Whether Talos can read the private key of a text. */
export function isReadablePrivateKey(value: string): boolean {
  return isPrivateKey(value) && isRead(() => createPrivateKey(value));
}

function isRead(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

function blocks(value: string): readonly string[] {
  const found = value.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----\r?\n[A-Za-z0-9+/=\s:,-]*?-----END \1-----/g);
  return [...found].map(([, type = ""]) => type);
}
