/** Everything that is wrong with the documents of one machine: each by itself, for the machine, and together. */
import {
  controlPlaneOnly,
  fieldMissing,
  fieldTooNew,
  kindOfNewerContract,
  kindTooNew,
  kindUnknown,
  type Problem,
  sectionReplaced,
} from "../errors";
import { adviceOn } from "./advice";
import { isPerhapsMeant, type Severity, type Tier, tierOf } from "./advice/tiers";
import { isDeletion, takeDeletions } from "./deletions";
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
import { generatedDocuments } from "./generated";
import { type DocumentKind, showable } from "./kind";
import { type Place, Places, placeText } from "./places";
import { pathsMatching, valueAt } from "./plain-data";
import { contracts, isAtLeast, minorOf } from "./releases";
import { namesakes, shapeConflicts } from "./rules/conflicts";
import { containerProblems, kubeSpanAlone } from "./rules/container";
import { isDuration } from "./rules/durations";
import { pathOf, schemaProblems } from "./schema";
import { schemaAt } from "./shape";

const kinds: ReadonlyMap<string, DocumentKind> = new Map(documentKinds.map((kind) => [kind.kind, kind]));

const controlPlaneKinds: ReadonlySet<string> = new Set(
  documentKinds.filter((one) => one.controlPlaneOnly).map(({ kind }) => kind),
);

/** What is known about a document's kind; nothing when Talos does not have it. */
export function kindDefinition(document: TalosDocument): DocumentKind | undefined {
  return kinds.get(kindOf(document));
}

/**
 * All problems of the documents that one machine gets on top of what the generator writes for its contract. Documents
 * need not be complete: what is left out stays as generated.
 */
export function documentProblems(machine: MachineTarget, documents: readonly TalosDocument[]): readonly Problem[] {
  const root = documents.find((document) => kindOf(document) === ROOT_KIND);
  const problems = [
    ...documents.flatMap((document) => problemsOfOne(machine, document)),
    ...(root === undefined ? [] : replacedSections(machine, root, documents)),
  ];
  const places = new Set(problems.map(({ where }) => where));
  const others = [...together(machine, documents), ...refusedLater(machine, documents)];
  return [...problems, ...others.filter(({ where }) => !places.has(where))];
}

function problemsOfOne(machine: MachineTarget, document: TalosDocument): readonly Problem[] {
  const name = kindOf(document);
  const at = placesIn(machine, identityOf(document));
  const kind = kinds.get(name);
  if (kind === undefined) return [kindUnknown(at(), name, [...kinds.keys()])];

  const minor = minorOf(machine.talos);
  const problems: Problem[] = [];
  // A version that is malformed is reported once, by `versionProblems`.
  if (minor !== undefined && !isAtLeast(minor, kind.since))
    problems.push(kindTooNew(at(), name, kind.since, machine.talos));
  if ((kind.controlPlaneOnly || kind.replaces) && !isAtLeast(machine.contract, kind.since)) {
    problems.push(kindOfNewerContract(at(), name, kind.since, machine.contract));
  }
  if (kind.controlPlaneOnly && machine.role === "worker") problems.push(controlPlaneOnly(at(), name));
  const { rest } = takeDeletions(document);
  if (rest === undefined) return problems;
  return [
    ...problems,
    ...(minor === undefined ? [] : tooNewFields(kind, rest, at, minor, machine.talos)),
    ...kind.documentProblems(rest, at, { talos: minor, isUnknown: machine.isUnknown }),
  ];
}

/** @param shown what a message says that the machine runs. */
function tooNewFields(
  kind: DocumentKind,
  document: TalosDocument,
  at: At,
  minor: string,
  shown: string,
): readonly Problem[] {
  return (kind.later ?? [])
    .filter(({ since }) => !isAtLeast(minor, since))
    .flatMap(({ since, path }) =>
      pathsMatching(document, path).map((place) => fieldTooNew(at(...place), since, shown)),
    );
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

/** What excludes each other, whatever the generated documents say. */
function together(machine: MachineTarget, documents: readonly TalosDocument[]): readonly Problem[] {
  const given = documents.filter((document) => !isDeletion(document));
  const found = [
    ...shapeConflicts([...given, ...leftOfGenerated(machine, documents)], minorOf(machine.talos) ?? machine.talos),
    ...namesakes(given, machine.contract),
    ...kubeSpanAlone(documents),
  ];
  return found.map(({ problem, identity, path }) => ({
    ...problem,
    where: placesIn(machine, identity)(...path),
  }));
}

/** The documents that the generator writes and nobody deletes, but for the one with the sections. */
function leftOfGenerated({ contract, role }: MachineTarget, documents: readonly TalosDocument[]) {
  // A contract that nobody knows is reported once, by `versionProblems`.
  const generated = contracts.includes(contract) ? generatedDocuments(contract, role) : [];
  const deleted = documents.filter(isDeletion).map(identityOf);
  return generated.filter((one) => kindOf(one) !== ROOT_KIND && !deleted.includes(identityOf(one)));
}

/** What Talos' validator lets pass, and the machine refuses later or nothing can use. */
function refusedLater(machine: MachineTarget, documents: readonly TalosDocument[]): readonly Problem[] {
  const { talos, systemDiskGiB } = machine;
  const systemDisk = systemDiskGiB === undefined ? undefined : systemDiskGiB * 2 ** 30;
  const given = documents.filter((document) => !isDeletion(document));
  return adviceOn(given, minorOf(talos) ?? talos, systemDisk)
    .filter(({ problem, identity, path }) => {
      const document = given.find((one) => identityOf(one) === identity);
      const texts = [problem.message, valueAt(document, path)];
      const isKnown = texts.every((text) => typeof text !== "string" || !machine.isUnknown?.(text));
      return isKnown && !isPerhapsMeant(problem);
    })
    .map(({ problem, identity, path }) => ({ ...problem, where: placesIn(machine, identity)(...path) }));
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
    ...containerProblems(documents, minor, controlPlaneKinds),
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
  if (kind === undefined) return [kindUnknown(at("kind"), name, [...kinds.keys()])];
  if (!isAtLeast(talos, kind.since)) return [kindTooNew(at("kind"), name, kind.since, talos)];
  return [
    ...tooNewFields(kind, document, at, talos, talos),
    ...kind.documentProblems(document, at, { talos: release, complete: true }),
  ];
}

/** The schema of the fields of a kind; nothing when Talos does not have it. */
export function schemaOfKind(kind: string): DocumentKind["schema"] | undefined {
  return kinds.get(kind)?.schema;
}

/** A value of a document of some kind, as a message may show it. */
export function showableIn(kind: string, path: Path, value: unknown): unknown {
  return showable(kinds.get(kind), path, value);
}

/**
 * What no configuration could make right about a patch's document: a header that does not say what it is, keys that the
 * kind does not have, and values of another type, even where merging would hide them.
 */
export function shapeProblems(document: TalosDocument): readonly ConfigurationProblem[] {
  const { rest } = takeDeletions(document);
  const schema = rest === undefined ? undefined : schemaOfKind(kindOf(rest));
  if (rest === undefined || schema === undefined) return [];
  const identity = identityOf(rest);
  const { apiVersion: _, kind: __, ...fields } = rest;
  const hidden = schema.safeParse(fields).error?.issues.filter((issue) => {
    const { code } = issue;
    const value = valueAt(fields, pathOf(issue));
    if (code === "unrecognized_keys" || isDuration(schemaAt(schema, pathOf(issue)))) return true;
    return (code === "invalid_type" && value !== undefined) || (code === "invalid_value" && Object(value) === value);
  });
  const places = new Places();
  const at = places.at(identity);
  const show = (path: Path, value: unknown) => showableIn(kindOf(rest), path, value);
  return [...headerProblems(rest, at), ...schemaProblems(schema, fields, hidden ?? [], at, show)].map((problem) =>
    placedProblem(problem, places.of(problem, identity)),
  );
}

/** Talos reads the header before it knows which document of the configuration is meant. */
function headerProblems({ kind, apiVersion }: TalosDocument, at: At): readonly Problem[] {
  return kind !== undefined && apiVersion === undefined ? [fieldMissing(at("apiVersion"), '"v1alpha1"')] : [];
}
