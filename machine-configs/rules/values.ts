/** Shapes of values that several kinds have. */
import * as z from "zod";

/** Values such as sysctls and labels. Talos reads a bare number or boolean as text; here the text is asked for. */
export const stringMap = z.record(z.string().min(1), z.string());

/** Values that are read by something else than Talos, such as the kubelet. */
export const anyMap = z.record(z.string(), z.unknown());

/** Arguments of a program: a list repeats the argument. */
export const argumentMap = z.record(
  z.string().min(1),
  z.union([z.string(), z.array(z.string())], { error: "a string or a list of strings" }),
);

export const httpUrl = z
  .string()
  .refine((text) => /^https?:\/\/[^/]/.test(text) && URL.canParse(text), "an http:// or https:// URL");

/** A text with at least one PEM certificate. */
export function isCertificate(text: string): boolean {
  return /^-----BEGIN CERTIFICATE-----\r?\n[\s\S]+\n-----END CERTIFICATE-----\s*$/.test(text.trim());
}
