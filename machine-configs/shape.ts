/** What a schema says about the places inside a document, without checking any value. */
import type * as zod from "zod";
import type { Path } from "./document";
import { own } from "./plain-data";
import { z } from "./zod";

/** A schema without what only says that a value may be left out: nothing else wraps a schema in the documents. */
export function bare(schema: zod.core.$ZodType): zod.core.$ZodType {
  return schema instanceof z.ZodOptional ? bare(schema.unwrap()) : schema;
}

/** The schema of one key or item; nothing when there is none or anything is allowed. */
export function schemaOf(schema: zod.core.$ZodType | undefined, key: string | number): zod.core.$ZodType | undefined {
  if (schema === undefined) return undefined;
  const inner = bare(schema);
  if (inner instanceof z.ZodObject) return own<zod.core.$ZodType>(inner.shape, key);
  if (inner instanceof z.ZodRecord) return inner.valueType;
  if (inner instanceof z.ZodArray) return inner.element;
  if (inner instanceof z.ZodUnion) {
    return inner.options
      .map((option: zod.core.$ZodType) => schemaOf(option, key))
      .find((found: zod.core.$ZodType | undefined) => found !== undefined);
  }
  return undefined;
}

/** The schema at a path; nothing when there is none or anything is allowed. */
export function schemaAt(schema: zod.core.$ZodType | undefined, path: Path): zod.core.$ZodType | undefined {
  return path.reduce<zod.core.$ZodType | undefined>((inner, key) => schemaOf(inner, key), schema);
}

/** Whether the keys of a map are fixed, so that one that is absent still is a field. */
export function hasFields(schema: zod.core.$ZodType | undefined): boolean {
  if (schema === undefined) return false;
  const inner = bare(schema);
  return inner instanceof z.ZodObject || (inner instanceof z.ZodUnion && inner.options.some(hasFields));
}

/** Whether a value may be anything. */
export function isFree(schema: zod.core.$ZodType | undefined): boolean {
  return schema === undefined || bare(schema) instanceof z.ZodUnknown || bare(schema) instanceof z.ZodAny;
}

/** Whether a value may be a text, whatever its form. */
export function takesText(schema: zod.core.$ZodType | undefined): boolean {
  if (schema === undefined || isFree(schema)) return true;
  const inner = bare(schema);
  if (inner instanceof z.ZodUnion) return inner.options.some(takesText);
  return inner instanceof z.ZodString || inner instanceof z.ZodEnum || inner instanceof z.ZodLiteral;
}

/** Whether a map may have any key, each with a value of one shape. */
export function hasEntries(schema: zod.core.$ZodType | undefined): boolean {
  return schema !== undefined && bare(schema) instanceof z.ZodRecord;
}
