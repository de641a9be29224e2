/** Finds places and values in data of which the shape is not certain. */
import type { Path } from "./document";

/** Whether a value is a map: neither a list nor null. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a map has under a key; nothing for what every object has, such as `constructor`. */
export function own<Value>(map: Readonly<Record<string | number, Value>>, key: string | number): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** A value as text. A map or list as JSON: what a file calls `toString` would be called otherwise. */
export function plainText(value: unknown): string {
  return isContainer(value) ? JSON.stringify(value) : String(value);
}

/** Whether two values are the same data, whatever the order of keys; a key without a value is none. */
export function isSame(one: unknown, other: unknown): boolean {
  if (!isContainer(one) || !isContainer(other) || Array.isArray(one) !== Array.isArray(other)) return one === other;
  const [keys, others] = [one, other].map((value) => Object.keys(value).filter((key) => value[key] !== undefined));
  return keys?.length === others?.length && (keys ?? []).every((key) => isSame(own(one, key), own(other, key)));
}

/** The value at a path; nothing when there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (isContainer(inner) ? own(inner, key) : undefined), value);
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
