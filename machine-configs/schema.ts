/** Turns what a schema refuses into problems in the user's words. */
import type * as zod from "zod";
import { fieldMissing, fieldUnknown, type Problem, wrongValue } from "../errors";
import type { At, Path } from "./document";
import { isContainer, own, plainText, valueAt } from "./plain-data";
import { bare } from "./shape";
import { z } from "./zod";

/** One problem per field that the schema refuses. */
export function schemaProblems(
  schema: zod.ZodType,
  value: unknown,
  issues: readonly zod.core.$ZodIssue[],
  at: At,
  showable: (path: Path, value: unknown) => unknown,
): readonly Problem[] {
  return issues.flatMap((issue) => {
    const path = pathOf(issue);
    const found = valueAt(value, path);
    if (issue.code === "unrecognized_keys") {
      const known = knownKeys(schema, path);
      return issue.keys.map((key) => fieldUnknown(at(...path, key), key, known));
    }
    if (issue.code === "invalid_key") return [wrongValue(at(...path), path.at(-1), keyExpectation(issue))];
    if (found === undefined) return [fieldMissing(at(...path), expectation(issue))];
    return [wrongValue(at(...path), showable(path, found), expectation(issue))];
  });
}

/** Where a schema found something. */
export function pathOf(issue: zod.core.$ZodIssue): Path {
  return issue.path.map((key) => (typeof key === "number" ? key : String(key)));
}

/** Stands for a secret in a message. */
export const HIDDEN = "(hidden)";

/** What a field should have been: from our own refinements, or from the kind of value. */
function expectation(issue: zod.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return TYPES[issue.expected] ?? issue.expected;
    case "invalid_value":
      return issue.values.map((value) => JSON.stringify(value)).join(" or ");
    case "too_small":
      return issue.origin === "string" ? "a non-empty text" : `at least ${issue.minimum}`;
    case "too_big":
      return `at most ${issue.maximum}`;
    default:
      // Refinements and unions carry their expectation as the message.
      return issue.message;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
};

function keyExpectation(issue: zod.core.$ZodIssueInvalidKey): string {
  const [first] = issue.issues;
  return first === undefined ? "a key" : expectation(first);
}

/** The keys that the schema has at a path. */
function knownKeys(schema: zod.core.$ZodType, path: Path): readonly string[] {
  const inner = bare(schema);
  const [key, ...rest] = path;
  if (inner instanceof z.ZodObject) {
    if (key === undefined) return Object.keys(inner.shape);
    const field: zod.core.$ZodType | undefined = own<zod.core.$ZodType>(inner.shape, key);
    return field === undefined ? [] : knownKeys(field, rest);
  }
  if (key !== undefined && inner instanceof z.ZodArray) return knownKeys(inner.element, rest);
  if (key !== undefined && inner instanceof z.ZodRecord) return knownKeys(inner.valueType, rest);
  return [];
}

/**
 * A value as Talos reads it into a field: nothing where the field is null, and a number or boolean as the text that a
 * text field makes of it. What does not fit is left as it is, for the schema to refuse.
 */
export function asTalosReads(schema: zod.core.$ZodType, value: unknown): unknown {
  const inner = bare(schema);
  if (Array.isArray(value)) {
    if (inner instanceof z.ZodArray)
      return value.map((item) => asTalosReads(inner.element, item ?? empty(inner.element)));
    if (inner instanceof z.ZodUnion) return asTalosReads(inner.options.find(isList) ?? z.unknown(), value);
    return value;
  }
  if (isContainer(value)) {
    if (inner instanceof z.ZodObject) {
      const given = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
      return Object.fromEntries(
        given.map(
          ([key, field]) =>
            [key, asTalosReads(own<zod.core.$ZodType>(inner.shape, key) ?? z.unknown(), field)] as const,
        ),
      );
    }
    if (inner instanceof z.ZodRecord) {
      const values: zod.core.$ZodType = inner.valueType;
      return Object.fromEntries(
        Object.entries(value).map(([key, field]) => [key, asTalosReads(values, field ?? empty(values))] as const),
      );
    }
    return value;
  }
  if (inner instanceof z.ZodEnum) return wordOf(inner, value);
  if (typeof value !== "number" && typeof value !== "boolean") return value;
  if (inner instanceof z.ZodString) return String(value);
  if (!(inner instanceof z.ZodUnion) || inner.options.some(isNumber)) return value;
  return inner.options.some(isText) ? String(value) : value;
}

/** The word that a value is, in whatever case Talos finds it; the value itself when it is none. */
export function wordOf(words: zod.ZodEnum, value: unknown): unknown {
  return words.options.find((word) => sameText(String(word), value)) ?? value;
}

/** What Talos makes of null inside a list or a map. */
function empty(schema: zod.core.$ZodType): unknown {
  const inner = bare(schema);
  return isText(inner) || (inner instanceof z.ZodUnion && inner.options.some(isText)) ? "" : null;
}

const isText = (schema: zod.core.$ZodType) => bare(schema) instanceof z.ZodString;
const isNumber = (schema: zod.core.$ZodType) => bare(schema) instanceof z.ZodNumber;
const isList = (schema: zod.core.$ZodType) => bare(schema) instanceof z.ZodArray;

/** A number has lost the zeros after its point. */
function sameText(text: string, value: unknown): boolean {
  const isSame = text.toLowerCase() === plainText(value).toLowerCase();
  return isSame || (typeof value === "number" && text === value.toFixed(1));
}
