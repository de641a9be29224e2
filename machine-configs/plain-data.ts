/** Finds places and values in data of which the shape is not certain. */
import type { Path } from "./document";

/** Whether a value is a map: neither a list nor null. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path; nothing when there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (isContainer(inner) ? inner[key] : undefined), value);
}

/** The places that exist for a path in which `*` stands for every item or key. */
export function pathsMatching(value: unknown, pattern: readonly string[]): readonly Path[] {
  const [key, ...rest] = pattern;
  if (value === undefined) return [];
  if (key === undefined) return [[]];
  return keysMatching(value, key).flatMap((one) =>
    pathsMatching(valueAt(value, [one]), rest).map((path) => [one, ...path]),
  );
}

function keysMatching(value: unknown, key: string): Path {
  if (key !== "*") return [key];
  if (Array.isArray(value)) return [...value.keys()];
  return isMap(value) ? Object.keys(value) : [];
}

/** A map or a list. */
export function isContainer(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === "object" && value !== null;
}
