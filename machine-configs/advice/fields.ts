/** Reads fields of which the type is not certain. */
import type { Path } from "../document";
import { valueAt } from "../schema";

/** A text; nothing when there is none. */
export function textAt(value: unknown, path: Path): string | undefined {
  const found = valueAt(value, path);
  return typeof found === "string" ? found : undefined;
}

/** The items of a list; none when there is none. */
export function listAt(value: unknown, path: Path): readonly unknown[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found : [];
}

/** The entries of a map; none when there is none. */
export function entriesAt(value: unknown, path: Path): readonly (readonly [string, unknown])[] {
  const found = valueAt(value, path);
  return typeof found === "object" && found !== null && !Array.isArray(found) ? Object.entries(found) : [];
}

/** The places that exist for a path in which `*` stands for every item or key. */
export function placesOf(value: unknown, pattern: readonly string[]): readonly Path[] {
  const [key, ...rest] = pattern;
  if (value === undefined) return [];
  if (key === undefined) return [[]];
  const keys = key !== "*" ? [key] : Array.isArray(value) ? [...value.keys()] : Object.keys(value ?? {});
  return keys.flatMap((one) => placesOf(valueAt(value, [one]), rest).map((path) => [one, ...path]));
}
