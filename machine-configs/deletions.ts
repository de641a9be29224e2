/** Finds the `$patch: delete` statements of a patch. */
import type { Path, TalosDocument } from "./document";
import { isContainer, isMap } from "./plain-data";

/** Something that a patch takes away. Nothing in the path is the whole document. */
export interface Deletion {
  readonly path: Path;
  /** The field that tells which item of a list is meant. @default - no item of a list */
  readonly item?: { readonly key: string; readonly value: string };
  /** A key inside of a list's item, or an item that nothing tells from the others: Talos can delete neither. */
  readonly insideList?: true;
}

/** The deletions of a document, and what is left of it without them; nothing left is no document. */
export function takeDeletions(document: TalosDocument): {
  readonly deletions: readonly Deletion[];
  readonly rest?: TalosDocument;
} {
  if (isDeletion(document)) return { deletions: [{ path: [] }] };
  const deletions: Deletion[] = [];
  const rest = without(document, [], deletions);
  if (deletions.length === 0) return { deletions, rest: document };
  return isMap(rest) && Object.keys(rest).some((key) => !HEADER.includes(key)) ? { deletions, rest } : { deletions };
}

/** What makes no document by itself; with an `apiVersion` Talos takes it for an empty one. */
const HEADER = ["version", "kind", "name"];

/** Whether a document of a patch is none: nothing is in it but what makes no document by itself. */
export function isNoChange(document: TalosDocument): boolean {
  const entries = Object.entries(document);
  // A section that is null is read as none, and still is one.
  return entries.length > 0 && entries.every(([key, value]) => HEADER.includes(key) && !isContainer(value));
}

/** A value without its deletions; nothing when nothing else was in it. */
function without(value: unknown, path: Path, deletions: Deletion[]): unknown {
  if (Array.isArray(value)) {
    const items = value.flatMap((item, index) => {
      const rest = isDeletion(item) ? undefined : without(item, [...path, index], deletions);
      if (isDeletion(item)) deletions.push({ path: [...path, index], ...selection(item) });
      return rest === undefined ? [] : [rest];
    });
    return items.length === 0 && value.length > 0 ? undefined : items;
  }
  if (!isMap(value)) return value;
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const place = [...path, key];
    if (isDeletion(inner)) {
      const insideList = path.some((step) => typeof step === "number");
      deletions.push({ path: place, ...(insideList ? { insideList: true } : {}) });
      return [];
    }
    const rest = without(inner, place, deletions);
    return rest === undefined ? [] : [[key, rest] as const];
  });
  return entries.length === 0 && Object.keys(value).length > 0 ? undefined : Object.fromEntries(entries);
}

/** The first key of an item says which one is meant. */
function selection(item: Readonly<Record<string, unknown>>): Pick<Deletion, "item" | "insideList"> {
  const [first] = Object.entries(item).filter(([key]) => key !== "$patch");
  if (first === undefined) return { insideList: true };
  const [key, value] = first;
  return { item: { key, value: typeof value === "object" ? "" : String(value) } };
}

/** Whether a document, a map or an item of a list is taken away as a whole. */
export function isDeletion(value: unknown): value is Readonly<Record<string, unknown>> {
  return isMap(value) && value["$patch"] === "delete";
}
