/** Moves a configuration or a patch from the form of one contract to that of a later one. */
import { controlPlaneOnly, type Problem, patchIsJson6902 } from "../../errors";
import { takeDeletions } from "../deletions";
import { kindOf, type MachineRole, ROOT_KIND } from "../document";
import { v1alpha1 } from "../documents/v1alpha1";
import { generatedConfiguration, isComplete } from "../generated";
import { type JudgedProblem, judge, type NamedText } from "../judge";
import { loadSource, type Position, type Source, type SourceDocument } from "../load";
import { valueAt } from "../plain-data";
import type { Contract } from "../releases";
import { asTalosReads } from "../schema";
import { kindDefinition, schemaOfKind } from "../validate";
import { documentText, type Plan, planOf, type Step, sectionText } from "./plan";
import { rewritten } from "./rewrite";

/** What a file is migrated for. */
export interface MigrationTarget {
  readonly from: Contract;
  /** A later contract than `from`. */
  readonly to: Contract;
  /** What the machines of a patch are that does not say it by `machine.type`. @default "controlplane" */
  readonly role?: MachineRole;
}

/** A section and what it has become. */
export interface MovedSection extends Position {
  /** Such as `machine.sysctls`. */
  readonly from: string;
  /** The documents, such as `SysctlConfig`, or that it is nothing now, and why. */
  readonly to: string;
}

/** Something that a person has to look at. */
export interface Remark extends Position {
  readonly problem: Problem;
}

/** The new form of a file, and what became of the old one. */
export interface Migration {
  readonly text: string;
  readonly moved: readonly MovedSection[];
  /** What is still in the old form, and why. */
  readonly left: readonly Remark[];
  /** What somebody has to know about what has moved. */
  readonly notes: readonly Remark[];
  /** What is wrong with the new form and was not with the old one. */
  readonly problems: readonly JudgedProblem[];
  /** Whether the text could be read at all. */
  readonly readable: boolean;
}

/** Migrates one file. Never throws. */
export function migrate(file: NamedText, { from, to, role: given }: MigrationTarget): Migration {
  const source = loadSource(file.text, { talos: from, schemaOfKind });
  const role = roleIn(source) ?? given;
  const before = verdict(file, from, role);
  const newProblems = (text: string) => {
    const known = new Set(before.map(({ code }) => code));
    return verdict({ name: file.name, text }, to, role).filter(({ code }) => !known.has(code));
  };
  const unchanged = { text: file.text, moved: [], left: [], notes: [], problems: [], readable: true };
  if (source.operations !== undefined) return { ...unchanged, left: [{ problem: patchIsJson6902(), ...START }] };
  if (source.problems.length > 0) return { ...unchanged, problems: before, readable: false };
  const [root, another] = source.documents.filter(({ document }) => kindOf(document) === ROOT_KIND);
  if (root === undefined) return { ...unchanged, problems: newProblems(file.text) };
  const { deletions, rest = {} } = takeDeletions(root.document);
  const read = v1alpha1.schema.safeParse(asTalosReads(v1alpha1.schema, rest));
  if (!read.success || another !== undefined) {
    return { ...unchanged, left: before.map((problem) => ({ problem, ...(problem.position ?? START) })) };
  }
  const whole = isComplete(file.text);
  const plan = planOf({
    whole,
    role: role ?? OTHERWISE,
    contract: to,
    root: read.data,
    raw: root.document,
    deletions,
    others: source.documents.map(({ document }) => document).filter((document) => document !== root.document),
  });
  const text = rewritten(file.text, plan, from);
  return {
    text,
    moved: plan.steps.flatMap((step) => movedSection(step, root)).sort(byPosition),
    left: plan.steps.flatMap((step) => remainingSection(step, root)).sort(byPosition),
    notes: notesOn(plan, root, role !== undefined),
    problems: newProblems(text),
    readable: true,
  };
}

/** What the machines are as the file itself says; nothing when it does not. */
function roleIn({ documents }: Source): MachineRole | undefined {
  const root = documents.find(({ document }) => kindOf(document) === ROOT_KIND)?.document;
  const type = valueAt(root, ["machine", "type"]);
  if (typeof type !== "string" || type === "") return undefined;
  return type === "worker" || type === "join" ? "worker" : "controlplane";
}

const OTHERWISE: MachineRole = "controlplane";

const START: Position = { line: 1, column: 1 };

/** What is wrong with a file: as it is when it is a whole configuration, or else on top of what Talos generates. */
function verdict(file: NamedText, contract: Contract, role: MachineRole = OTHERWISE): readonly JudgedProblem[] {
  const talos = `${contract}.0`;
  if (isComplete(file.text)) return judge(file, [], { talos }).problems;
  return judge({ name: "", text: generatedConfiguration(contract, role) }, [file], { talos }).problems;
}

function movedSection({ paths, outcome }: Step, root: SourceDocument): readonly MovedSection[] {
  const [first = []] = paths;
  const from = paths.map(sectionText).join(", ");
  if ("stays" in outcome) return [];
  if ("nothing" in outcome) return [{ from, to: `nothing: ${outcome.nothing}`, ...root.position(first) }];
  const to = [...new Set(outcome.documents.map(documentText))].join(", ");
  return [{ from, to, ...root.position(first) }];
}

function remainingSection({ paths, outcome }: Step, root: SourceDocument): readonly Remark[] {
  const [first = []] = paths;
  return "stays" in outcome
    ? [{ problem: outcome.stays(paths.map(sectionText).join(", ")), ...root.position(first) }]
    : [];
}

/** Each note once, where it is first due. */
function notesOn({ steps, documents }: Plan, root: SourceDocument, knowsRole: boolean): readonly Remark[] {
  const notes = steps.flatMap(({ paths: [first = []], outcome }) =>
    "documents" in outcome
      ? outcome.notes.map((note) => ({ problem: note(sectionText(first)), ...root.position(first) }))
      : [],
  );
  const kind = documents.map(kindOf).find((one) => kindDefinition({ kind: one })?.controlPlaneOnly);
  if (kind !== undefined && !knowsRole) notes.push({ problem: controlPlaneOnly(kind, kind), ...START });
  return notes.filter(({ problem }, index) => notes.findIndex((one) => one.problem.code === problem.code) === index);
}

function byPosition(a: Position, b: Position): number {
  return a.line - b.line || a.column - b.column;
}
