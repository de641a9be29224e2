/** Shapes of values that several kinds have. Each is made anew, since schemas are made at their first use. */
import { z } from "../zod";

/** A text that is not empty. */
export const text = () => z.string().min(1);

/** One of the words that Talos has for something, which it reads in any case: `TCP` is `tcp`. */
export const word = <const Words extends readonly string[]>(words: Words) => z.enum(words);

/** One of some texts, letter for letter. */
export const exactly = <const Texts extends readonly string[]>(texts: Texts) => z.literal(texts);

/** Values such as sysctls and labels. Talos reads a bare number or boolean as text. */
export const stringMap = () => z.record(z.string(), z.string());

/** Values that are read by something else than Talos, such as the kubelet. */
export const anyMap = () => z.record(z.string(), z.unknown());

/** Arguments of a program: a list repeats the argument. */
export const argumentMap = () =>
  z.record(z.string(), z.union([z.string(), z.array(z.string())], { error: "a string or a list of strings" }));

/** Whether arguments have a form that came with Talos 1.13. */
export const isArgumentList = (value: unknown) => Array.isArray(value);

/** Whole numbers of the sizes that Talos has for them. */
export const uint8 = () => z.int().min(0).max(0xff);
export const uint16 = () => z.int().min(0).max(0xffff);
export const uint32 = () => z.int().min(0).max(0xffffffff);
export const uint = () => z.int().min(0);

/** Bytes in base64, which Talos decodes while it reads. */
export const base64 = () =>
  z.string().refine((value) => isBase64(value.replaceAll(/[\r\n]/g, "")), "base64 without other characters");

/** Whether a text is base64 with its padding. */
export function isBase64(value: string): boolean {
  return value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value);
}

/** The number of bytes of a text in base64. */
export function bytesInBase64(value: string): number {
  return Buffer.from(value, "base64").length;
}
