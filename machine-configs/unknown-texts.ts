/** Finds values that are not known yet, of which nothing can be said. */
import type { z } from "zod";
import type { Path } from "./document";
import { isContainer } from "./plain-data";
import { schemaAt, takesText } from "./shape";

/** The texts that are not known yet, where a text may be: anywhere else a text is wrong whatever it will be. */
export function unknownTexts(
  value: unknown,
  schema: z.core.$ZodType,
  isUnknown: ((text: string) => boolean) | undefined,
): readonly Path[] {
  if (isUnknown === undefined || !isUnknown(JSON.stringify(value))) return [];
  return textsThat(isUnknown, value).filter((path) => takesText(schemaAt(schema, path)));
}

function textsThat(is: (text: string) => boolean, value: unknown): readonly Path[] {
  if (typeof value === "string") return is(value) ? [[]] : [];
  if (!isContainer(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const step = Array.isArray(value) ? Number(key) : key;
    return textsThat(is, inner).map((path) => [step, ...path]);
  });
}
