import { arrayOf, isEmpty, isValues, textOf } from "./values";

/**
 * The attributes that differ between two states of an object, sorted: dotted and without indexes; of a block that comes
 * or goes, the block. What the old SDK takes for not set is alike. `unknown` is the plan's `after_unknown`: a value that
 * is known only at apply counts as changed.
 */
export function changedPaths(before: unknown, after: unknown, unknown?: unknown): string[] {
  return [...new Set(pathsWithin("", before, after, unknown))].sort();
}

/** The attributes by which the blocks of a list are told apart; others are told by their position. */
const identities: Readonly<Record<string, string>> = { disk: "interface", hostpci: "device", numa: "device" };

function pathsWithin(path: string, before: unknown, after: unknown, unknown: unknown): string[] {
  if (unknown === true) {
    return [path];
  }
  if (isValues(before) && isValues(after)) {
    const names = [...new Set([before, after, isValues(unknown) ? unknown : {}].flatMap(Object.keys))];
    return names.flatMap((name) =>
      pathsWithin(
        path === "" ? name : `${path}.${name}`,
        before[name],
        after[name],
        isValues(unknown) ? unknown[name] : undefined,
      ),
    );
  }
  if ([before, after].some((value) => arrayOf(value).some(isValues))) {
    return changedBlocks(path, arrayOf(before), arrayOf(after), arrayOf(unknown));
  }
  return isSame(before, after) && !holdsUnknown(unknown) ? [] : [path];
}

function changedBlocks(
  path: string,
  before: readonly unknown[],
  after: readonly unknown[],
  unknown: readonly unknown[],
): string[] {
  const identity = (block: unknown, index: number): unknown =>
    (isValues(block) && textOf(block, identities[path] ?? "")) || index;
  const earlier = new Map(before.map((block, index) => [identity(block, index), block]));
  const later = new Map(after.map((block, index) => [identity(block, index), { block, unknown: unknown[index] }]));
  const kept = [...later].flatMap(([key, { block, unknown: inner }]) =>
    earlier.has(key) ? pathsWithin(path, earlier.get(key), block, inner) : [path],
  );
  return [...earlier.keys()].every((key) => later.has(key)) ? kept : [path, ...kept];
}

function isSame(before: unknown, after: unknown): boolean {
  return (isEmpty(before) && isEmpty(after)) || JSON.stringify(before) === JSON.stringify(after);
}

function holdsUnknown(unknown: unknown): boolean {
  return unknown === true || Object.values(unknown ?? {}).some(holdsUnknown);
}
