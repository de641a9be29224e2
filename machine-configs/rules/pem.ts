/** Certificates and keys in PEM. */

/** What the schemas say when they refuse a certificate. */
export const A_CERTIFICATE = "a certificate in PEM";
export const A_KEY = "a private key in PEM";

/** Whether a text has at least one PEM certificate. */
export function isCertificate(value: string): boolean {
  return blocks(value).includes("CERTIFICATE");
}

/** Whether a text has a PEM private key. */
export function isPrivateKey(value: string): boolean {
  return blocks(value).some((type) => type.endsWith("PRIVATE KEY"));
}

function blocks(value: string): readonly string[] {
  const found = value.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----\r?\n[A-Za-z0-9+/=\s:,-]*?-----END \1-----/g);
  return [...found].map(([, type = ""]) => type);
}
