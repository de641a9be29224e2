/** Names of documents that become names of something else. */
import { z } from "../zod";
import { isHostAddress } from "./addresses";
import { isDnsName } from "./urls";

/** The name of a volume: it becomes a partition label, behind a prefix. */
export const volumeName = (longest = 34) =>
  z
    .string()
    .refine(
      (name) => /^[A-Za-z0-9-]+$/.test(name) && name.length <= longest,
      `a name of 1 to ${longest} letters, digits and hyphens`,
    );

/** The name of a volume group, a logical volume or an array. */
export const storageName = (longest: number) =>
  z
    .string()
    .refine(
      (name) => /^[A-Za-z0-9_-]+$/.test(name) && name.length <= longest,
      `a name of 1 to ${longest} letters, digits, hyphens and underscores`,
    );

/** The name of a Kubernetes object. */
export const objectName = () =>
  z.string().refine(isSubdomain, "a name in lower case: letters, digits, hyphens and dots, at most 253");

/** What is said against a name that no certificate has. */
export const A_CERTIFICATE_NAME = "an IP address or a DNS name, without scheme and port";

/** Whether a text can stand in the certificate of a server: an address or a name, of which the first part may be `*`. */
export function isCertificateName(text: string): boolean {
  return isHostAddress(text) || (isDnsName(text.replace(/^\*\./, "")) && /[A-Za-z]/.test(text));
}

/** Whether a text can be the name of a Kubernetes namespace. */
export function isNamespace(name: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name);
}

/** Whether a text is a DNS name in lower case. */
export function isSubdomain(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/.test(name);
}
