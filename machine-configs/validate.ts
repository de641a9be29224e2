/** Everything that is wrong with the documents of one machine: each by itself, for the machine, and together. */
import {
  controlPlaneOnly,
  documentTwice,
  fieldTooNew,
  kindOfNewerContract,
  kindTooNew,
  kindUnknown,
  type Problem,
  sectionReplaced,
} from "../errors";
import { adviceOn } from "./advice";
import { type Severity, type Tier, tierOf } from "./advice/tiers";
import { takeDeletions } from "./deletions";
import {
  type At,
  identityOf,
  kindOf,
  type MachineTarget,
  type Path,
  placesIn,
  ROOT_KIND,
  type TalosDocument,
} from "./document";
import { documentKinds } from "./documents";
import { unmodelledKinds } from "./documents/unmodelled";
import { type DocumentKind, isSecret } from "./kind";
import { type Place, Places, placeText } from "./places";
import { isAtLeast, minorOf } from "./releases";
import { namesakes, shapeConflicts } from "./rules/conflicts";
import { containerProblems } from "./rules/container";
import { schemaProblems, valueAt } from "./schema";

const kinds: ReadonlyMap<string, DocumentKind> = new Map(documentKinds.map((kind) => [kind.kind, kind]));

const unmodelledSince: ReadonlyMap<string, string> = new Map(
  Object.entries(unmodelledKinds).flatMap(([since, names]) => names.map((name) => [name, since] as const)),
);

/** What is known about a document's kind; nothing when its fields are not modelled. */
export function kindDefinition(document: TalosDocument): DocumentKind | undefined {
  return kinds.get(kindOf(document));
}

/**
 * All problems of the documents that one machine gets on top of what the generator writes for its contract. Documents
 * need not be complete: what is left out stays as generated.
 */
export function documentProblems(machine: MachineTarget, documents: readonly TalosDocument[]): readonly Problem[] {
  const root = documents.find((document) => kindOf(document) === ROOT_KIND);
  return [
    ...documents.flatMap((document) => problemsOfOne(machine, document)),
    ...duplicates(machine, documents),
    ...(root === undefined ? [] : replacedSections(machine, root, documents)),
  ];
}

function problemsOfOne(machine: MachineTarget, document: TalosDocument): readonly Problem[] {
  const name = kindOf(document);
  const at = placesIn(machine, identityOf(document));
  const kind = kinds.get(name);
  const since = kind?.since ?? unmodelledSince.get(name);
  if (since === undefined) return [kindUnknown(at(), name, [...kinds.keys(), ...unmodelledSince.keys()])];

  const problems: Problem[] = [];
  if (!runs(machine, since)) problems.push(kindTooNew(at(), name, since, machine.talos));
  if (kind === undefined) return problems;
  if ((kind.controlPlaneOnly || kind.replaces) && !isAtLeast(machine.contract, since)) {
    problems.push(kindOfNewerContract(at(), name, since, machine.contract));
  }
  if (kind.controlPlaneOnly && machine.role === "worker") problems.push(controlPlaneOnly(at(), name));
  for (const field of kind.later ?? []) {
    if (runs(machine, field.since)) continue;
    for (const path of pathsMatching(document, field.path)) {
      problems.push(fieldTooNew(at(...path), field.since, machine.talos));
    }
  }
  return [...problems, ...kind.documentProblems(document, at, { talos: minorOf(machine.talos) })];
}

/** A version that is malformed is reported once, by `versionProblems`. */
function runs(machine: MachineTarget, since: string): boolean {
  const minor = minorOf(machine.talos);
  return minor === undefined || isAtLeast(minor, since);
}

function duplicates(machine: MachineTarget, documents: readonly TalosDocument[]): readonly Problem[] {
  const identities = documents.map(identityOf);
  const twice = new Set(identities.filter((identity, index) => identities.indexOf(identity) !== index));
  return [...twice].map((identity) => documentTwice(placesIn(machine, identity)(), identity));
}

/** Sections of the v1alpha1 document that exclude a document which is given, or which the generator writes anyway. */
function replacedSections(
  machine: MachineTarget,
  root: TalosDocument,
  documents: readonly TalosDocument[],
): readonly Problem[] {
  const at = placesIn(machine, ROOT_KIND);
  return documentKinds.flatMap((kind) => {
    const generated = isAtLeast(machine.contract, kind.since) && !(kind.controlPlaneOnly && machine.role === "worker");
    const present = generated || documents.some((document) => kindOf(document) === kind.kind);
    if (!present) return [];
    return (kind.replaces ?? [])
      .filter((path) => valueAt(root, path) !== undefined)
      .map((path) => sectionReplaced(at(...path), kind.kind, machine.contract));
  });
}

/** The places that exist for a path in which `*` stands for every item or key. */
function pathsMatching(value: unknown, pattern: readonly string[]): readonly Path[] {
  const [key, ...rest] = pattern;
  if (value === undefined) return [];
  if (key === undefined) return [[]];
  if (key !== "*") return pathsMatching(valueAt(value, [key]), rest).map((path) => [key, ...path]);
  if (Array.isArray(value)) return value.flatMap((item, index) => under(index, pathsMatching(item, rest)));
  return Object.entries(value ?? {}).flatMap(([name, item]) => under(name, pathsMatching(item, rest)));
}

function under(key: string | number, paths: readonly Path[]): readonly Path[] {
  return paths.map((path) => [key, ...path]);
}

/** A problem of a whole configuration: who refuses it, and which field it is about. */
export interface ConfigurationProblem extends Problem, Place {
  readonly tier: Tier;
  readonly severity: Severity;
}

/** What a configuration is judged for. Its role and contract are in the configuration itself. */
export interface ValidationTarget {
  /** The Talos release, such as `1.14.4`. */
  readonly talos: string;
}

/**
 * All problems of a configuration that is complete, as the machine gets it: of tier `talos` exactly what Talos' own
 * validator refuses, of tier `node` what the machine refuses or ignores later, of tier `advice` the rest.
 */
export function configurationProblems(
  documents: readonly TalosDocument[],
  { talos }: ValidationTarget,
): readonly ConfigurationProblem[] {
  const minor = minorOf(talos) ?? talos;
  const own = documents.flatMap((document) => ownProblems(document, talos));
  const together = [
    ...shapeConflicts(documents, minor),
    ...namesakes(documents, minor),
    ...containerProblems(documents, minor),
    ...adviceOn(documents, minor),
  ];
  return [...own, ...together.map(({ problem, identity, path }) => placedProblem(problem, { identity, path }))];
}

/** What was found in a document for the last release that it was judged for: many patches have one base. */
const judged = new WeakMap<
  TalosDocument,
  { readonly talos: string; readonly found: readonly ConfigurationProblem[] }
>();

function ownProblems(document: TalosDocument, talos: string): readonly ConfigurationProblem[] {
  const last = judged.get(document);
  if (last?.talos === talos) return last.found;
  const identity = identityOf(document);
  const places = new Places();
  const found = completeDocumentProblems(document, talos, places.at(identity)).map((problem) =>
    placedProblem(problem, places.of(problem, identity)),
  );
  judged.set(document, { talos, found });
  return found;
}

/** A problem with its tier, at a field. */
export function placedProblem(problem: Problem, { identity, path }: Place): ConfigurationProblem {
  return { ...problem, where: placeText({ identity, path }), identity, path, ...tierOf(problem) };
}

/** What is wrong with one document of a complete configuration. */
function completeDocumentProblems(document: TalosDocument, release: string, at: At): readonly Problem[] {
  const talos = minorOf(release) ?? release;
  const name = kindOf(document);
  const kind = kinds.get(name);
  const since = kind?.since ?? unmodelledSince.get(name);
  if (since === undefined) return [kindUnknown(at("kind"), name, [...kinds.keys(), ...unmodelledSince.keys()])];
  if (!isAtLeast(talos, since)) return [kindTooNew(at("kind"), name, since, talos)];
  if (kind === undefined) return [];
  const later = (kind.later ?? [])
    .filter((field) => !isAtLeast(talos, field.since))
    .flatMap((field) =>
      pathsMatching(document, field.path).map((path) => fieldTooNew(at(...path), field.since, talos)),
    );
  return [...later, ...kind.documentProblems(document, at, { talos: release, complete: true })];
}

/** The schema of the fields of a kind; nothing when it is not modelled. */
export function schemaOfKind(kind: string): DocumentKind["schema"] | undefined {
  return kinds.get(kind)?.schema;
}

/**
 * What no configuration could make right about a patch's document: keys that the kind does not have, and values of
 * another type, even where merging would hide them.
 */
export function shapeProblems(document: TalosDocument): readonly ConfigurationProblem[] {
  const { rest } = takeDeletions(document);
  const schema = rest === undefined ? undefined : schemaOfKind(kindOf(rest));
  if (rest === undefined || schema === undefined) return [];
  const identity = identityOf(rest);
  const { apiVersion: _, kind: __, ...fields } = rest;
  const hidden = schema.safeParse(fields).error?.issues.filter(({ code, path }) => {
    const value = valueAt(fields, pathOf(path));
    if (code === "unrecognized_keys") return true;
    return (code === "invalid_type" && value !== undefined) || (code === "invalid_value" && Object(value) === value);
  });
  const places = new Places();
  const secret = (path: Path) => isSecret(kinds.get(kindOf(rest)) ?? {}, path);
  return schemaProblems(schema, fields, hidden ?? [], places.at(identity), secret).map((problem) =>
    placedProblem(problem, places.of(problem, identity)),
  );
}

function pathOf(path: readonly PropertyKey[]): Path {
  return path.map((key) => (typeof key === "number" ? key : String(key)));
}
