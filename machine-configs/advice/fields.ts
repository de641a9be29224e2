/** Reads fields of which the type is not certain. */
import type { Path } from "../document";
import { isMap, valueAt } from "../plain-data";

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
  return isMap(found) ? Object.entries(found) : [];
}
