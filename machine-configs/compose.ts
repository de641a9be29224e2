/** Makes one configuration out of many intents. */
import { documentDeleted, intentsDisagree, type Problem } from "../errors";
import { isDeletion } from "./deletions";
import { type At, identityOf, kindOf, type MachineTarget, type Path, placesIn, type TalosDocument } from "./document";
import { documentKinds } from "./documents";
import type { Intent } from "./intent";
import { type DocumentKind, type KeyedList, showable } from "./kind";
import { isContainer, isMap, isSame } from "./plain-data";
import { documentProblems, kindDefinition } from "./validate";

/** The documents of one machine, and all that is wrong with them. */
export interface Configuration {
  /**
   * Each document once, in a fixed order, and before it the deletion of the generated one where it is replaced. To be
   * used only when there are no problems.
   */
  readonly documents: readonly TalosDocument[];
  readonly problems: readonly Problem[];
  /**
   * The names of the intents that gave a field, or what is in it.
   *
   * @param identity of the document: `LinkConfig/eth0`, or `v1alpha1`
   * @param path of the field, with indexes of lists as they are in `documents`
   */
  explain(identity: string, path: Path): readonly string[];
}

/**
 * Merges what the intents need for one machine into one configuration: what several of them say about one document
 * becomes one document, and two of them that give one field different values are a problem. Their order has no effect.
 *
 * Never throws: every problem is in the result, each with its place, `<machine> <document or intent>.<field>`.
 */
export function composeConfiguration(machine: MachineTarget, intents: readonly Intent[]): Configuration {
  const drafts = new Map<string, Draft>();
  const problems: Problem[] = [];
  for (const intent of intents) {
    // What an intent says against a value shows the value.
    problems.push(...(intent.problems?.(machine) ?? []).filter(({ message }) => !machine.isUnknown?.(message)));
    for (const document of intent.documents(machine)) {
      const identity = identityOf(document);
      const draft = drafts.get(identity) ?? new Draft(placesIn(machine, identity), kindDefinition(document));
      drafts.set(identity, draft);
      draft.add(document, intent.name);
    }
  }
  const documents = [...drafts.values()].flatMap((draft) => draft.documents()).sort(byKindAndName);
  const conflicts = [...drafts.values()].flatMap((draft) => draft.problems());
  return {
    documents,
    problems: [...problems, ...conflicts, ...documentProblems(machine, documents)],
    explain: (identity, path) => drafts.get(identity)?.writersOf(path) ?? [],
  };
}

/** One document while intents add to it, delete the generated one, or do both to replace it. */
class Draft {
  private readonly conflicts: Problem[] = [];
  private readonly root: Branch = { entries: new Map(), shape: "map" };
  private readonly writers = new Set<string>();
  private readonly deleters = new Set<string>();
  private deletion: TalosDocument | undefined;

  constructor(
    private readonly at: At,
    private readonly kind: DocumentKind | undefined,
  ) {}

  add(document: TalosDocument, intent: string): void {
    if (isDeletion(document)) {
      this.deletion = document;
      this.deleters.add(intent);
    } else {
      this.addAll(this.root, Object.entries(document), [], intent);
      this.writers.add(intent);
    }
  }

  documents(): readonly TalosDocument[] {
    const deletion = this.deletion === undefined ? [] : [this.deletion];
    if (this.writers.size === 0) return deletion;
    return [...deletion, Object.fromEntries([...this.root.entries].map(([key, node]) => [key, plain(node)]))];
  }

  problems(): readonly Problem[] {
    const [deleter] = this.deleters;
    if (deleter === undefined) return this.conflicts;
    const others = [...this.writers].filter((writer) => !this.deleters.has(writer));
    return [...this.conflicts, ...others.map((writer) => documentDeleted(this.at(), deleter, writer))];
  }

  writersOf(path: Path): readonly string[] {
    const node = path.reduce<Node | undefined>(childOf, this.root);
    return node === undefined ? [] : [...new Set(writersIn(node))];
  }

  private addAll(branch: Branch, entries: Iterable<readonly [string, unknown]>, path: Path, intent: string): void {
    for (const [key, value] of entries) {
      if (value !== undefined) this.addOne(branch, key, value, [...path, key], intent);
    }
  }

  private addOne(branch: Branch, key: string, value: unknown, path: Path, intent: string): void {
    const present = branch.entries.get(key);
    const parts = this.partsOf(value, path);
    if (parts !== undefined && (present === undefined || "entries" in present)) {
      const next: Branch = present ?? { entries: new Map(), shape: parts.shape };
      branch.entries.set(key, next);
      this.addAll(next, parts.entries, path, intent);
    } else if (present === undefined) {
      branch.entries.set(key, { value, intent });
    } else if (!isSame(plain(present), value)) {
      const [first, second] = [plain(present), value].map((one) => showable(this.kind, path, one));
      this.conflicts.push(intentsDisagree(this.at(...path), writersIn(present)[0] ?? intent, first, intent, second));
    }
  }

  /** What others may add to: the entries of a map, or parts of a list. Nothing when a value is one whole. */
  private partsOf(value: unknown, path: Path): Parts | undefined {
    if (isMap(value)) return { shape: "map", entries: Object.entries(value) };
    if (!Array.isArray(value)) return undefined;
    const keyed = this.kind?.keyed?.find((list) => isPlaceOf(list.path, path));
    if (keyed !== undefined) return { shape: "list", entries: itemsBy(keyed.by, value) };
    return this.kind?.ordered?.some((list) => isPlaceOf(list, path))
      ? { shape: "blocks", entries: [[JSON.stringify(value), value]] }
      : undefined;
  }
}

/** A value, with the intent that gave it; or a map of them, a keyed list, or blocks of a list whose order counts. */
type Node = Leaf | Branch;

interface Parts {
  readonly shape: Branch["shape"];
  readonly entries: readonly (readonly [string, unknown])[];
}

interface Leaf {
  readonly value: unknown;
  readonly intent: string;
}

interface Branch {
  readonly entries: Map<string, Node>;
  readonly shape: "map" | "list" | "blocks";
}

/** The data of a node; items and blocks become a list again, in the order of their keys. */
function plain(node: Node): unknown {
  if (!("entries" in node)) return node.value;
  if (node.shape === "map") return Object.fromEntries([...node.entries].map(([key, inner]) => [key, plain(inner)]));
  const items = inOrder(node).map(plain);
  return node.shape === "blocks" ? items.flat() : items;
}

function inOrder({ entries }: Branch): readonly Node[] {
  return [...entries].sort(([a], [b]) => compare(a, b)).map(([, inner]) => inner);
}

/** What is at a key or an index; within a value that one intent gave as a whole, that value. */
function childOf(node: Node | undefined, key: string | number): Node | undefined {
  if (node === undefined || !("entries" in node)) return node;
  if (node.shape === "map") return node.entries.get(String(key));
  const items = inOrder(node);
  const each = node.shape === "list" ? items : items.flatMap((block) => [plain(block)].flat().map(() => block));
  return each[Number(key)];
}

/** The intents that gave something in a node. */
function writersIn(node: Node): readonly string[] {
  return "entries" in node ? [...node.entries.values()].flatMap(writersIn) : [node.intent];
}

function itemsBy(by: KeyedList["by"], items: readonly unknown[]): readonly (readonly [string, unknown])[] {
  const counts = new Map<string, number>();
  return items.map((item) => {
    const key = keyIn(item, by);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    // Within one list, what is there again is another item.
    return [count === 1 ? key : `${key} (${count})`, item];
  });
}

/** What tells an item from the others; one without such a field is told apart as a whole. */
function keyIn(item: unknown, by: KeyedList["by"] = []): string {
  const values = isMap(item) ? [by].flat().map((field) => item[field]) : [];
  const value = values.find((one) => one !== undefined);
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (!isMap(value)) return JSON.stringify(item);
  return Object.values(value)
    .map((one) => (isContainer(one) ? JSON.stringify(one) : one))
    .join(" ");
}

/** Whether a path in which `*` stands for every key or item is that of a place. */
function isPlaceOf(pattern: Path, path: Path): boolean {
  return pattern.length === path.length && pattern.every((key, index) => key === "*" || key === path[index]);
}

function byKindAndName(a: TalosDocument, b: TalosDocument): number {
  return rank(a) - rank(b) || compare(identityOf(a), identityOf(b));
}

const ranks: ReadonlyMap<string, number> = new Map(documentKinds.map(({ kind }, index) => [kind, index]));

function rank(document: TalosDocument): number {
  return ranks.get(kindOf(document)) ?? documentKinds.length;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
