/** Certificates and keys, which sections hold in base64 and documents as they are. */

/** The text that base64 stands for. */
export function pem(base64 = ""): string {
  return Buffer.from(base64, "base64").toString("utf8");
}
