/** Certificates and keys in PEM. */
import { createPrivateKey, X509Certificate } from "node:crypto";

/** What the schemas say when they refuse a certificate. */
export const A_CERTIFICATE = "a whole certificate in PEM";
export const A_KEY = "a whole private key in PEM";
export const A_PKCS8_KEY = "a whole private key in PEM, of the form PKCS #8 that `openssl pkcs8 -topk8 -nodes` writes";

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

/**
 * Whether Talos can read the private key of a text: of the forms that there are it takes PKCS #8, whatever the text calls
 * it, and none of an encrypted key.
 */
export function isReadablePrivateKey(value: string): boolean {
  const [first] = found(value);
  const key = Buffer.from(first?.groups?.["content"] ?? "", "base64");
  return isPrivateKey(value) && isRead(() => createPrivateKey({ key, format: "der", type: "pkcs8" }));
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
  return found(value).map(({ groups }) => groups?.["type"] ?? "");
}

function found(value: string): readonly RegExpExecArray[] {
  return [
    ...value.matchAll(
      /-----BEGIN (?<type>[A-Z0-9 ]+)-----\r?\n(?<content>[A-Za-z0-9+/=\s:,-]*?)-----END \k<type>-----/g,
    ),
  ];
}
