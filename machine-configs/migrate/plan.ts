/** Decides which sections of one file move and which stay, and makes the documents. */
import { deletionUndecided, documentInTheWay, documentRefused, type Problem, sectionInseparable } from "../../errors";
import { tierOf } from "../advice/tiers";
import { type Deletion, takeDeletions } from "../deletions";
import { type At, identityOf, kindOf, type Path, ROOT_KIND, type TalosDocument } from "../document";
import { documentKinds } from "../documents";
import { placeText } from "../places";
import { isMap, pathsMatching, valueAt } from "../plain-data";
import { isAtLeast } from "../releases";
import { sectionsBeside } from "../rules/conflicts";
import { kindDefinition } from "../validate";
import { apiServerWithoutDocuments, FLANNEL } from "./control-plane";
import { nodeOfControlPlane } from "./kubernetes";
import { becomes, becomesNothing, type Move, type Outcome, type ProblemAt, type Scope, stays } from "./move";
import { moves } from "./moves";

/** What a file says, and what it is migrated for. */
export interface Task extends Omit<Scope, "key" | "deleted"> {
  /** The v1alpha1 document as it is, with its deletions. */
  readonly raw: TalosDocument;
  readonly deletions: readonly Deletion[];
  /** The other documents of the file. */
  readonly others: readonly TalosDocument[];
}

/** A section, or fields of one, with what comes of it. */
export interface Step {
  readonly paths: readonly Path[];
  readonly outcome: Outcome;
}

/** What is done with a file. */
export interface Plan {
  readonly steps: readonly Step[];
  /** The new documents, in the order of a rendered configuration. */
  readonly documents: readonly TalosDocument[];
}

/** Where a section is, as messages write it. */
export function sectionText(path: Path): string {
  return placeText({ identity: ROOT_KIND, path });
}

/** What is done with a document, as messages write it; a deletion and what comes instead of it are two documents. */
export function documentText(document: TalosDocument): string {
  return document["$patch"] === "delete" ? `${identityOf(document)} (deleted)` : identityOf(document);
}

/** Each section moves, unless its document would be refused or could not be beside what stays. */
export function planOf(task: Task): Plan {
  let steps = firstSteps(task);
  for (;;) {
    const made = documentsOf(steps, task);
    const next = steps.map((step) => ({ ...step, outcome: made.objections.get(step) ?? step.outcome }));
    if (made.objections.size === 0) return { steps, documents: [...made.documents.values()].sort(byKind) };
    steps = next;
  }
}

function firstSteps(task: Task): readonly Step[] {
  const taken = new Set<string>();
  const steps: Step[] = [];
  for (const move of moves.filter(({ since }) => isAtLeast(task.contract, since))) {
    for (const section of pathsMatching(task.raw, move.section)) {
      const paths = pathsOf(move, section, task).filter((path) => !taken.has(keyOf(path)));
      if (paths.length === 0) continue;
      for (const path of paths) taken.add(keyOf(path));
      steps.push({ paths, outcome: outcomeOf(move, section, paths, task) });
    }
  }
  return [...steps, ...emptySections(task), ...otherDeletions(steps, task)];
}

function pathsOf({ fields }: Move, section: Path, { raw, deletions }: Task): readonly Path[] {
  if (fields === undefined || deletions.some(({ path }) => keyOf(path) === keyOf(section))) return [section];
  return fields.map((field) => [...section, field]).filter((path) => valueAt(raw, path) !== undefined);
}

function outcomeOf(move: Move, section: Path, paths: readonly Path[], task: Task): Outcome {
  const inside = task.deletions.filter(({ path }) => paths.some((one) => startsWith(path, one)));
  const ofAll = inside.find(({ path }) => keyOf(path) === keyOf(section));
  if (ofAll !== undefined) {
    const name = ofAll.item?.value ?? String(section.at(-1));
    return move.deletion === undefined ? stays(deletionUndecided) : becomes([move.deletion(name)]);
  }
  if (move.controlPlaneOnly && task.role === "worker") return becomesNothing("only control planes read it");
  const value = valueAt(task.raw, section);
  if (isEmpty(value)) return becomesNothing("it was empty");
  if (inside.length > 0 && !move.deletes) return stays(deletionUndecided);
  const scope: Scope = {
    ...task,
    key: String(section[move.section.indexOf("*")] ?? ""),
    deleted: inside.map(({ path }) => path.slice(section.length)),
  };
  return move.outcome(scope, withoutDeletedItems(section, task.deletions), value);
}

/** Where a section is once the items before it that are deletions are gone. */
function withoutDeletedItems(section: Path, deletions: readonly Deletion[]): Path {
  return section.map((step, index) => {
    if (typeof step !== "number") return step;
    const before = deletions.filter(({ path }) => {
      const at = path[index];
      return (
        path.length === index + 1 && startsWith(path, section.slice(0, index)) && typeof at === "number" && at < step
      );
    });
    return step - before.length;
  });
}

/** Sections without anything in them, which exclude documents all the same. */
function emptySections({ raw, contract }: Task): readonly Step[] {
  const parents = moves
    .filter(({ since }) => isAtLeast(contract, since))
    .flatMap(({ section, fields }) =>
      section.map((_, length) => section.slice(0, fields === undefined ? length : length + 1)),
    );
  const distinct = new Map(parents.filter((path) => path.length > 1).map((path) => [keyOf(path), path]));
  return [...distinct.values()]
    .filter((path) => isEmpty(valueAt(raw, path)))
    .map((path) => ({ paths: [path], outcome: becomesNothing("it was empty") }));
}

/** Deletions of which no section is told, because they are about several. */
function otherDeletions(steps: readonly Step[], { deletions, contract }: Task): readonly Step[] {
  const told = steps.flatMap(({ paths }) => paths);
  const sections = moves.filter(({ since }) => isAtLeast(contract, since)).map(({ section }) => section);
  return deletions
    .filter(({ path }) => !told.some((one) => startsWith(path, one)))
    .filter(({ path }) => sections.some((section) => startsWith(section, path)))
    .map(({ path }) => ({ paths: [path], outcome: stays(deletionUndecided) }));
}

interface Made {
  readonly documents: ReadonlyMap<string, TalosDocument>;
  /** Steps that cannot be made, and why. */
  readonly objections: ReadonlyMap<Step, Outcome>;
}

function documentsOf(steps: readonly Step[], task: Task): Made {
  const documents = new Map<string, TalosDocument>();
  const makers = new Map<string, readonly Step[]>();
  const objections = new Map<Step, Outcome>();
  const makersOf = (name: string) => makers.get(name) ?? [];
  const object = (those: readonly Step[], reason: ProblemAt) => {
    for (const step of those) objections.set(step, stays(reason));
  };
  const add = (document: TalosDocument, by: readonly Step[]) => {
    const name = documentText(document);
    const combined = combine(documents.get(name) ?? {}, document);
    if (combined === undefined) object(by, (where) => documentInTheWay(where, name));
    else documents.set(name, withoutUndefined(combined));
    makers.set(name, [...makersOf(name), ...by]);
  };
  for (const step of steps) {
    if ("documents" in step.outcome) for (const document of step.outcome.documents) add(document, [step]);
  }
  for (const [name, document] of task.whole ? [...documents] : []) {
    for (const more of untold(document, [...documents.keys()], task)) add(more, makersOf(name));
  }
  for (const [name, document] of documents) {
    const present = task.others.find((one) => identityOf(one) === identityOf(document));
    const refused = refusal(document, task);
    const beside = staysBeside(document, steps, task);
    const those = makersOf(name);
    if (present !== undefined && overlaps(present, document)) object(those, (at) => documentInTheWay(at, name));
    if (refused !== undefined) object(those, (at) => documentRefused(at, name, refused));
    if (beside !== undefined) object(those, (at) => sectionInseparable(at, sectionText(beside), kindOf(document)));
  }
  return { documents, objections };
}

/** What Talos does by itself as long as there is the section, and a whole configuration has to say beside documents. */
function untold(document: TalosDocument, identities: readonly string[], task: Task): readonly TalosDocument[] {
  if (task.role === "worker") return [];
  switch (kindOf(document)) {
    case "KubeNodeConfig":
      return [nodeOfControlPlane(task)];
    case "KubeAPIServerConfig":
      return apiServerWithoutDocuments(identities);
    case "KubeNetworkConfig":
      return task.root.cluster?.network?.cni === undefined
        ? [{ apiVersion: "v1alpha1", kind: "KubeFlannelCNIConfig", ...FLANNEL }]
        : [];
    default:
      return [];
  }
}

/** Whether a document of the file has a field of the new one already. */
function overlaps(present: TalosDocument, added: TalosDocument): boolean {
  return (
    [present, added].some((one) => one["$patch"] !== undefined) ||
    Object.keys(added).some((key) => !HEADER.includes(key) && Object.hasOwn(present, key))
  );
}

const HEADER = ["apiVersion", "kind", "name"];

/** Why Talos would not take a document. */
function refusal(document: TalosDocument, { contract, whole }: Task): Problem | undefined {
  const { rest } = takeDeletions(document);
  if (rest === undefined) return undefined;
  const at: At = (...path) => placeText({ identity: identityOf(document), path });
  const problems = kindDefinition(rest)?.documentProblems(rest, at, { talos: contract, complete: whole }) ?? [];
  return problems.find((problem) => tierOf(problem).tier === "talos");
}

/** A section that stays and that Talos does not take beside a document, unless the generator has written that anyway. */
function staysBeside(document: TalosDocument, steps: readonly Step[], { whole, contract }: Task): Path | undefined {
  if (!whole && kindDefinition(document)?.replaces !== undefined) return undefined;
  const excluded = sectionsBeside(kindOf(document), contract);
  return steps
    .flatMap(({ paths, outcome }) => ("stays" in outcome ? paths : []))
    .find((path) => excluded.some((section) => startsWith(path, section) || startsWith(section, path)));
}

/** Two documents as one: maps are merged and lists appended; nothing when they contradict each other. */
function combine(left: TalosDocument, right: TalosDocument): TalosDocument | undefined {
  const merged = new Map<string, unknown>(Object.entries(left));
  for (const [key, value] of Object.entries(right)) {
    const present = merged.get(key);
    if (value === undefined) continue;
    if (present === undefined) merged.set(key, value);
    else if (Array.isArray(present) && Array.isArray(value)) merged.set(key, [...present, ...value]);
    else if (isMap(present) && isMap(value)) {
      const inner = combine(present, value);
      if (inner === undefined) return undefined;
      merged.set(key, inner);
    } else if (present !== value) return undefined;
  }
  return Object.fromEntries(merged);
}

function withoutUndefined<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value));
}

const ranks: ReadonlyMap<string, number> = new Map(documentKinds.map(({ kind }, index) => [kind, index]));

function byKind(a: TalosDocument, b: TalosDocument): number {
  return (ranks.get(kindOf(a)) ?? 0) - (ranks.get(kindOf(b)) ?? 0);
}

function isEmpty(value: unknown): boolean {
  if (value === "" || value === 0 || value === null) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function startsWith(path: Path | readonly string[], start: Path | readonly string[]): boolean {
  return (
    start.length <= path.length &&
    start.every((step, index) => String(path[index]) === String(step) || path[index] === "*")
  );
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}
