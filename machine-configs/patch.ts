/** Strategic merge as Talos does it: what a machine gets when patches are applied to its configuration. */
import type * as z from "zod";
import {
  changeWithoutEffect,
  deleteInsideList,
  deleteRoot,
  documentAbsent,
  documentTwice,
  fieldMissing,
  lostInMerge,
  mergeImpossible,
  mergeMismatch,
  nothingToDelete,
  type Problem,
  urlMergedByParts,
} from "../errors";
import { type Deletion, isNoChange, takeDeletions } from "./deletions";
import { identityOf, kindOf, type Path, ROOT_KIND, type TalosDocument } from "./document";
import {
  erasedFields,
  isEmptied,
  isEmptyChange,
  isKeyed,
  isReplaced,
  isUnmergeable,
  isUrl,
  itemKey,
  keepsSize,
  mergeUrls,
} from "./merge-rules";
import { isMap, own, plainText, valueAt } from "./plain-data";
import { isAtLeast } from "./releases";
import { isDuration, secondsOf } from "./rules/durations";
import { hasFields, isFree, schemaOf } from "./shape";
import { Writers } from "./writers";

/** One patch: the documents of one text. */
export interface Patch {
  /** What `explain` calls it, such as a file name. */
  readonly name: string;
  readonly documents: readonly TalosDocument[];
}

/** How patches are applied. */
export interface Patching {
  /** The minor release of Talos that applies them. */
  readonly talos: string;
  /** What is known about a kind: the schema of its fields. */
  schemaOfKind(kind: string): z.core.$ZodType | undefined;
  /** A value of a kind's field as a message may show it. */
  showable(kind: string, path: Path, value: unknown): unknown;
}

/** A problem of a patch, with the field that it is about. */
export interface PatchProblem {
  readonly problem: Problem;
  readonly patch: string;
  readonly identity: string;
  readonly path: Path;
}

/** A configuration after its patches. */
export interface Patched {
  readonly documents: readonly TalosDocument[];
  readonly problems: readonly PatchProblem[];
  /** Which patches set what is at a path of a document, the last one last; `base` stands for the configuration. */
  explain(identity: string, path: Path): readonly string[];
}

/** Who wrote what was there before any patch. */
export const BASE = "base";

/** Applies patches one after the other. Never throws; shares with its arguments what no patch changes. */
export function applyPatches(base: readonly TalosDocument[], patches: readonly Patch[], how: Patching): Patched {
  const merging = new Merging(how);
  for (const document of base) merging.add(document, BASE);
  for (const patch of patches) merging.apply(patch);
  return merging;
}

class Merging implements Patched {
  readonly documents: TalosDocument[] = [];
  readonly problems: PatchProblem[] = [];
  private readonly writers = new Map<string, Writers>();

  constructor(private readonly how: Patching) {}

  add(document: TalosDocument, writer: string): void {
    this.documents.push(document);
    this.writersOf(identityOf(document)).write([], document, writer);
  }

  apply(patch: Patch): void {
    const seen = new Set<string>();
    // Deletions in the v1alpha1 document come first, then the document itself, then everything else in its order.
    const documents = patch.documents.filter((document) => !isNoChange(document));
    const parts = documents.map((document) => {
      const identity = identityOf(document);
      const part = { identity, apiVersion: document.apiVersion, ...takeDeletions(document) };
      if (part.rest !== undefined && seen.has(identity) && !isAtLeast(this.how.talos, "1.14")) {
        this.refuse(patch, identity, [], documentTwice(identity, identity));
      }
      if (part.rest !== undefined) seen.add(identity);
      return part;
    });
    for (const part of [...parts.filter(isRoot), ...parts.filter((one) => !isRoot(one))]) {
      if (part.deletions.length > 0 && part.identity !== ROOT_KIND && part.apiVersion === undefined) {
        this.refuse(patch, part.identity, [], fieldMissing(part.identity, 'the apiVersion "v1alpha1"'));
      }
      for (const deletion of part.deletions) this.delete(patch, part, deletion);
      if (part.rest !== undefined) this.merge(part.rest, patch);
    }
  }

  explain(identity: string, path: Path): readonly string[] {
    return this.writersOf(identity).of(path);
  }

  private merge(change: TalosDocument, patch: Patch): void {
    const identity = identityOf(change);
    const index = this.documents.findIndex((document) => identityOf(document) === identity);
    const present = this.documents[index];
    if (present === undefined) {
      this.add(change, patch.name);
      return;
    }
    const context = { identity, kind: kindOf(change), patch };
    this.refuseUnmergeable([], context);
    const { kept, lost } = erase(present, change, this.how.talos);
    for (const path of lost) {
      this.note(path, context, lostInMerge(identity, valueAt(present, path)));
      this.replace(undefined, path, context);
    }
    this.documents[index] = this.maps(kept, change, [], this.how.schemaOfKind(kindOf(change)), context);
  }

  private note(path: Path, { patch, identity }: Context, problem: Problem): void {
    this.refuse(patch, identity, path, problem);
  }

  private refuseUnmergeable(path: Path, context: Context): void {
    if (!isUnmergeable(context.kind, path, this.how.talos)) return;
    this.note(path, context, mergeImpossible(context.identity));
  }

  private maps(left: Data, right: Data, path: Path, schema: Schema, context: Context): Data {
    const result: Record<string, unknown> = { ...left };
    for (const [key, value] of Object.entries(right)) {
      const merged = this.values(own(left, key), value, [...path, key], schemaOf(schema, key), context, schema);
      Object.defineProperty(result, key, { value: merged, enumerable: true, configurable: true, writable: true });
    }
    return result;
  }

  private values(left: unknown, right: unknown, path: Path, schema: Schema, context: Context, within: Schema): unknown {
    if (right === undefined) return left;
    if (left === undefined && Array.isArray(right) && isKeyed(context.kind, path)) {
      return this.lists([], right, path, schema, context);
    }
    if (left === undefined || left === null) return this.replace(right, path, context);
    if (right === null) return left;
    this.refuseUnmergeable(path, context);
    const isKept = isEmpty(right) && !isEmptied(context.kind, path);
    if (isReplaced(context.kind, path) && !isKept) return this.replace(right, path, context);
    if (isMap(left) && isMap(right)) return this.maps(left, right, path, schema, context);
    if (Array.isArray(left) && Array.isArray(right)) return this.lists(left, right, path, schema, context);
    if (typeof left !== typeof right || isMap(left) !== isMap(right) || Array.isArray(left) !== Array.isArray(right)) {
      // Where a field's type is not fixed, both sides must still have the same one.
      if (isFree(schema) && !hasFields(within)) {
        const shown = (value: unknown) => this.how.showable(context.kind, path, value);
        this.note(path, context, mergeMismatch(context.identity, shown(left), shown(right)));
      }
      return this.replace(right, path, context);
    }
    const isNothing = isEmptyChange(context.kind, path, right, this.how.talos) || isNoTime(schema, right);
    if (isNothing || this.isBesideSize(left, right, path, context)) {
      const present = this.how.showable(context.kind, path, left);
      if (left !== right) this.note(path, context, changeWithoutEffect(context.identity, right, present));
      return left;
    }
    if (typeof left === "string" && typeof right === "string" && isUrl(context.kind, path)) {
      const merged = mergeUrls(left, right);
      const [given, result] = [right, merged].map((one) => this.how.showable(context.kind, path, one));
      if (merged !== right) this.note(path, context, urlMergedByParts(context.identity, given, result));
      return this.replace(merged, path, context);
    }
    return this.replace(right, path, context);
  }

  /** A percentage that is merged into a size. */
  private isBesideSize(left: unknown, right: unknown, path: Path, { kind }: Context): boolean {
    const [wasPercentage, isPercentage] = [left, right].map((size) => plainText(size).endsWith("%"));
    return isPercentage === true && wasPercentage === false && keepsSize(kind, path, this.how.talos);
  }

  private lists(
    left: readonly unknown[],
    right: readonly unknown[],
    path: Path,
    schema: Schema,
    context: Context,
  ): readonly unknown[] {
    const result = [...left];
    for (const item of right) {
      const key = isMap(item) ? itemKey(context.kind, path, item) : undefined;
      const index =
        key === undefined ? -1 : result.findIndex((one) => isMap(one) && itemKey(context.kind, path, one) === key);
      const place = [...path, index === -1 ? result.length : index];
      const merged = this.values(result[index], item, place, schemaOf(schema, 0), context, undefined);
      if (index === -1) result.push(merged);
      else result[index] = merged;
    }
    return result;
  }

  private replace(value: unknown, path: Path, context: Context): unknown {
    this.writersOf(context.identity).write(path, value, context.patch.name);
    return value;
  }

  private delete(patch: Patch, { identity, apiVersion }: Header, deletion: Deletion): void {
    const index = this.documents.findIndex((one) => identityOf(one) === identity && one.apiVersion === apiVersion);
    const document = this.documents[index];
    const refuse = (problem: Problem) => this.refuse(patch, identity, deletion.path, problem);
    if (deletion.insideList) refuse(deleteInsideList(identity));
    else if (document === undefined) {
      if (!isAtLeast(this.how.talos, "1.14")) refuse(documentAbsent(identity, identity));
    } else if (deletion.path.length === 0) {
      if (kindOf(document) === ROOT_KIND) refuse(deleteRoot(identity));
      else {
        this.documents.splice(index, 1);
        this.writers.delete(identity);
      }
    } else {
      const copy = structuredClone(document);
      const removed = remove(copy, deletion, this.how.schemaOfKind(kindOf(document)));
      if (removed === undefined) refuse(nothingToDelete(identity));
      else if (typeof removed === "number") this.writersOf(identity).removeItem(deletion.path.slice(0, -1), removed);
      else this.writersOf(identity).write(deletion.path, undefined, patch.name);
      this.documents[index] = copy;
    }
  }

  private refuse(patch: Patch, identity: string, path: Path, problem: Problem): void {
    this.problems.push({ problem, patch: patch.name, identity, path });
  }

  private writersOf(identity: string): Writers {
    const writers = this.writers.get(identity) ?? new Writers();
    this.writers.set(identity, writers);
    return writers;
  }
}

type Schema = z.core.$ZodType | undefined;
type Data = Readonly<Record<string, unknown>>;

/** What a deletion finds its document by. */
interface Header {
  readonly identity: string;
  readonly apiVersion: string | undefined;
}

interface Context {
  readonly identity: string;
  readonly kind: string;
  readonly patch: Patch;
}

/** A document without the expressions and sizes that a change of it does not repeat: merging empties them. */
function erase(
  document: TalosDocument,
  change: TalosDocument,
  talos: string,
): { readonly kept: TalosDocument; readonly lost: readonly (readonly string[])[] } {
  const isLost = (path: readonly string[]) => !valueAt(change, path) && valueAt(document, path) !== undefined;
  const lost = erasedFields(kindOf(document), talos).filter(isLost);
  if (lost.length === 0) return { kept: document, lost };
  const kept = structuredClone(document);
  for (const path of lost) {
    const parent = valueAt(kept, path.slice(0, -1));
    const key = path.at(-1);
    if (isWritable(parent) && key !== undefined) delete parent[key];
  }
  return { kept, lost };
}

/** Takes out what a deletion names, a key or an item of a list, and says which; nothing when it is not there. */
function remove(document: TalosDocument, { path, item }: Deletion, schema: Schema): string | number | undefined {
  let parent: unknown = document;
  let inner = schema;
  for (const [index, key] of path.entries()) {
    const last = index === path.length - 1;
    if (Array.isArray(parent)) {
      // Items without fields of their own are never found.
      if (!last || item === undefined || !hasFields(schemaOf(inner, 0))) return undefined;
      const found = parent.findIndex((one) => isMap(one) && own(one, item.key) === item.value);
      if (found === -1) return undefined;
      parent.splice(found, 1);
      return found;
    }
    if (!isWritable(parent)) return undefined;
    if (last) {
      // A field is there even when nothing is in it; a key of a map is not.
      const there = hasFields(inner) ? schemaOf(inner, key) !== undefined : Object.hasOwn(parent, key);
      delete parent[key];
      return there ? String(key) : undefined;
    }
    parent = own(parent, key);
    inner = schemaOf(inner, key);
  }
  return undefined;
}

function isRoot({ identity }: { readonly identity: string }): boolean {
  return identity === ROOT_KIND;
}

function isEmpty(value: unknown): boolean {
  return value === "" || (isMap(value) && Object.keys(value).length === 0);
}

/** A duration that is nothing. */
function isNoTime(schema: Schema, value: unknown): boolean {
  return isDuration(schema) && typeof value === "string" && secondsOf(value) === 0;
}

function isWritable(value: unknown): value is Record<string | number, unknown> {
  return isMap(value);
}
