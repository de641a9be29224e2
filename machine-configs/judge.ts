/** From texts to a verdict: reads a configuration and patches, merges them, and says everything that is wrong. */
import { noDocument, type Problem, patchIsJson6902, roleDiffers } from "../errors";
import { isNoChange } from "./deletions";
import { identityOf, kindOf, type MachineRole, ROOT_KIND, type TalosDocument } from "./document";
import { loadSource, type Position, type Source } from "./load";
import { applyPatches, type Patched } from "./patch";
import { placeText } from "./places";
import { valueAt } from "./plain-data";
import { isAtLeast, minorOf } from "./releases";
import {
  type ConfigurationProblem,
  configurationProblems,
  placedProblem,
  schemaOfKind,
  shapeProblems,
  showableIn,
} from "./validate";

/** A text with a name, such as that of a file. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** A problem and the place in the text that brought it; nothing when it is in none of them. */
export interface JudgedProblem extends ConfigurationProblem {
  readonly text?: string;
  readonly position?: Position;
}

/** What the machine would get, and what is wrong with it. */
export interface Judgement {
  readonly documents: readonly TalosDocument[];
  readonly problems: readonly JudgedProblem[];
  /** Which text set what is at a path of a document. */
  readonly explain: Patched["explain"];
}

/** What a configuration is judged for. */
export interface JudgeTarget {
  /** The Talos release, such as `1.14.4`. */
  readonly talos: string;
  /** What the machine is meant to be. @default - what the configuration says */
  readonly role?: MachineRole;
}

/** Judges a configuration with patches applied to it, as the Talos release does. Never throws. */
export function judge(base: NamedText, patches: readonly NamedText[], { talos, role }: JudgeTarget): Judgement {
  const minor = minorOf(talos) ?? talos;
  const sources = new Map([
    [base.name, loadBase(base.text, minor)],
    ...patches.map(({ name, text }) => [name, loadSource(text, { talos: minor, schemaOfKind })] as const),
  ]);
  const found: JudgedProblem[] = [...sources].flatMap(([name, source]) => sourceProblems(name, source, minor));
  const patched = applyPatches(
    documentsOf(sources.get(base.name)),
    patches.map(({ name }) => ({ name, documents: documentsOf(sources.get(name)) })),
    { talos: minor, schemaOfKind, showable: showableIn },
  );
  for (const { name } of patches) {
    const documents = documentsOf(sources.get(name));
    const changes = documents.filter((document) => !isNoChange(document));
    if (documents.length > 0 && changes.length === 0) {
      found.push({ ...nowhere(noDocument()), text: name, position: START });
    }
    for (const problem of changes.flatMap(shapeProblems)) {
      found.push(located(sources, name, problem));
    }
  }
  for (const { problem, patch, identity, path } of patched.problems) {
    found.push(located(sources, patch, placedProblem(problem, { identity, path })));
  }
  for (const problem of [...configurationProblems(patched.documents, { talos }), ...roleProblems(patched, role)]) {
    const writers = patched.explain(problem.identity, problem.path);
    const writer = writers.at(-1) ?? [...sources.keys()].findLast((name) => has(sources.get(name), problem.identity));
    found.push(writer === undefined ? problem : located(sources, writer === "base" ? base.name : writer, problem));
  }
  return { documents: patched.documents, problems: distinct(found), explain: patched.explain.bind(patched) };
}

/** The last configuration that was read: many patches have one base. */
let lastBase: { readonly text: string; readonly talos: string; readonly source: Source } | undefined;

function loadBase(text: string, talos: string): Source {
  if (lastBase?.text !== text || lastBase.talos !== talos) {
    lastBase = { text, talos, source: loadSource(text, { talos, schemaOfKind }) };
  }
  return lastBase.source;
}

function roleProblems({ documents }: Patched, role: MachineRole | undefined): readonly ConfigurationProblem[] {
  const place = { identity: ROOT_KIND, path: ["machine", "type"] };
  const type = valueAt(
    documents.find((document) => kindOf(document) === ROOT_KIND),
    place.path,
  );
  const is = type === "init" ? "controlplane" : type;
  if (role === undefined || typeof type !== "string" || is === role) return [];
  return [placedProblem(roleDiffers(ROOT_KIND, type, role), place)];
}

function documentsOf(source: Source | undefined): readonly TalosDocument[] {
  return source?.documents.map(({ document }) => document) ?? [];
}

function has(source: Source | undefined, identity: string): boolean {
  return documentsOf(source).some((document) => identityOf(document) === identity);
}

function sourceProblems(name: string, source: Source, talos: string): readonly JudgedProblem[] {
  const own = source.problems.map(({ problem, position, at }) => ({
    ...placedProblem(problem, at ?? { identity: "", path: [] }),
    text: name,
    position,
  }));
  if (source.operations === undefined) return own;
  const tier = isAtLeast(talos, "1.12") || !source.operations.every(isOperation) ? "talos" : "advice";
  return [...own, { ...nowhere(patchIsJson6902()), tier, text: name, position: START }];
}

const START: Position = { line: 1, column: 1 };

/** A problem of a text as a whole. */
function nowhere(problem: Problem): ConfigurationProblem {
  return placedProblem(problem, { identity: "", path: [] });
}

function isOperation(value: unknown): boolean {
  const op = typeof value === "object" && value !== null && "op" in value ? value.op : undefined;
  return typeof op === "string" && ["add", "remove", "replace", "move", "copy", "test"].includes(op);
}

function located(sources: ReadonlyMap<string, Source>, text: string, problem: ConfigurationProblem): JudgedProblem {
  const document = sources.get(text)?.documents.find((one) => identityOf(one.document) === problem.identity);
  return document === undefined
    ? { ...problem, text }
    : { ...problem, text, position: document.position(problem.path) };
}

function distinct(problems: readonly JudgedProblem[]): readonly JudgedProblem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const key = `${problem.code} ${placeText(problem)} ${problem.message}`;
    return seen.has(key) ? false : seen.add(key);
  });
}
