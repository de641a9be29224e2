/** What a move from a section of the v1alpha1 document to documents is, and how the tables of moves are written. */
import { type Problem, sectionUndecided, sectionWithoutDocument } from "../../errors";
import type { MachineRole, Path, TalosDocument } from "../document";
import type { V1Alpha1Fields } from "../documents/v1alpha1";
import { isMap, valueAt } from "../plain-data";
import { type Contract, isAtLeast, type TalosMinor } from "../releases";
import { kindDefinition } from "../validate";

/** What a move may depend on. */
export interface Scope {
  /** The file is a whole configuration: nothing is generated below it, so that defaults have to be written out. */
  readonly whole: boolean;
  readonly role: MachineRole;
  /** The contract that the file is for afterwards. */
  readonly contract: Contract;
  /** The v1alpha1 document without its deletions. */
  readonly root: V1Alpha1Fields;
  /** What `*` in the section stands for, such as a registry or an index. */
  readonly key: string;
  /** What the file deletes inside of the section. */
  readonly deleted: readonly Path[];
}

/** What comes of one section. */
export type Outcome =
  | { readonly documents: readonly TalosDocument[]; readonly notes: readonly ProblemAt[] }
  | { readonly nothing: string }
  | { readonly stays: ProblemAt };

/** A problem that still has to be told where it is. */
export type ProblemAt = (where: string) => Problem;

/** The section is these documents now; the notes are what somebody has to know about it. */
export function becomes(documents: readonly TalosDocument[], ...notes: readonly ProblemAt[]): Outcome {
  return { documents, notes };
}

/** The section is not needed any more, for this reason. */
export function becomesNothing(reason: string): Outcome {
  return { nothing: reason };
}

/** The section stays, for this reason. */
export function stays(reason: ProblemAt): Outcome {
  return { stays: reason };
}

/** The section stays, because the contract has no document for it. */
export function withoutDocument(remedy: string): Outcome {
  return stays((where) => sectionWithoutDocument(where, remedy));
}

/** The section stays until somebody who knows the machines decides. */
export function undecided(remedy: string): Outcome {
  return stays((where) => sectionUndecided(where, remedy));
}

/** How one section becomes documents. */
export interface Move {
  /** The section; `*` stands for every key or item, each of which moves or stays by itself. */
  readonly section: readonly string[];
  /** The fields of the section that move together. @default - the section as it is */
  readonly fields?: readonly string[];
  /** What it becomes. */
  readonly kinds: readonly string[];
  /** The first contract that has all of it as documents. */
  readonly since: TalosMinor;
  /** Machines that are no control planes read neither the section nor the documents. */
  readonly controlPlaneOnly: boolean;
  readonly outcome: (scope: Scope, path: Path, given: unknown) => Outcome;
  /** What `$patch: delete` of the section, or of its key or item of this name, becomes. @default - it stays */
  readonly deletion?: ((name: string) => TalosDocument) | undefined;
  /** Deletions inside of the section are told by the outcome. @default - the section stays */
  readonly deletes?: true;
}

interface MoveOptions {
  readonly since?: TalosMinor;
  readonly controlPlaneOnly?: true;
  readonly deletion?: Move["deletion"];
  readonly deletes?: true;
}

/** A section that becomes documents by a function. */
export function move<Section extends string>(
  section: Section,
  kinds: readonly string[],
  outcome: (value: NonNullable<ValueOf<Section>>, scope: Scope) => Outcome,
  options: MoveOptions = {},
): Move {
  return {
    ...facts(section, kinds, options),
    outcome: (scope, path) => {
      const value = sectionAt(scope.root, section, path);
      return value === undefined || value === null ? becomesNothing("it was empty") : outcome(value, scope);
    },
  };
}

/** Fields of a section that become documents together. */
export function moveFields<Section extends string, Field extends string & keyof NonNullable<ValueOf<Section>>>(
  section: Section,
  fields: readonly Field[],
  kinds: readonly string[],
  outcome: (value: Pick<NonNullable<ValueOf<Section>>, Field>, scope: Scope) => Outcome,
  options: MoveOptions = {},
): Move {
  return { ...move(section, kinds, outcome, options), fields };
}

/** A section that becomes one field, or all fields, of a document as it is: `SysctlConfig.params`. */
export function rename<Section extends string>(
  section: ValueOf<Section> extends never ? never : Section,
  target: string,
  options: MoveOptions = {},
): Move {
  const [kind = "", ...field] = target.split(".");
  return {
    ...facts(section, [kind], options),
    deletes: true,
    outcome: (_scope, _path, given) => becomes([nested(kind, field, given)]),
  };
}

/** A section that always stays. */
export function remains<Section extends string>(
  section: ValueOf<Section> extends never ? never : Section,
  outcome: Outcome,
  options: MoveOptions & { readonly since: TalosMinor },
): Move {
  return { ...facts(section, [], options), deletes: true, outcome: () => outcome };
}

function facts(section: string, kinds: readonly string[], { since, controlPlaneOnly, ...rest }: MoveOptions) {
  const definitions = kinds.flatMap((kind) => kindDefinition({ kind }) ?? []);
  return {
    ...rest,
    section: section.split("."),
    kinds,
    since: since ?? definitions.map((one) => one.since).reduce((a, b) => (isAtLeast(a, b) ? a : b), "1.11"),
    controlPlaneOnly: controlPlaneOnly ?? (kinds.length > 0 && definitions.every((one) => one.controlPlaneOnly)),
  };
}

function nested(kind: string, path: readonly string[], value: unknown): TalosDocument {
  const inner = path.reduceRight<unknown>((below, key) => ({ [key]: below }), value);
  return { apiVersion: "v1alpha1", kind, ...(isMap(inner) ? inner : {}) };
}

/** The value of a section of the v1alpha1 document, by its path; `never` when there is no such section. */
export type ValueOf<Section extends string> = Reached<V1Alpha1Fields, Section>;

type Reached<Value, Section extends string> = Section extends `${infer Key}.${infer Rest}`
  ? Reached<Step<NonNullable<Value>, Key>, Rest>
  : Step<NonNullable<Value>, Section>;

type Step<Value, Key extends string> = Key extends "*"
  ? Value extends readonly (infer Item)[]
    ? Item
    : Value[keyof Value]
  : Key extends keyof Value
    ? Value[Key]
    : never;

function sectionAt<Section extends string>(root: V1Alpha1Fields, section: Section, path: Path): ValueOf<Section>;
function sectionAt(root: V1Alpha1Fields, _: string, path: Path): unknown {
  return valueAt(root, path);
}
