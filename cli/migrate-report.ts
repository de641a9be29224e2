import type { MovedSection } from "../machine-configs/migrate";
import { type LintedProblem, plural, problemText } from "./lint-report";

/** A section that somebody has to look at, and why. */
export interface RemarkedSection {
  /** Such as `machine.kubelet.extraMounts`. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly code: string;
  readonly reason: string;
  readonly remedy: string;
}

/** What became of one file. Places are those of the file as it was; those of problems are in the new form. */
export interface MigratedFile {
  readonly file: string;
  readonly moved: readonly MovedSection[];
  readonly left: readonly RemarkedSection[];
  readonly notes: readonly RemarkedSection[];
  readonly problems: readonly LintedProblem[];
  readonly yaml: string;
  readonly readable: boolean;
  /** Whether nothing is left to do. */
  readonly done: boolean;
}

/** For people: what moved where, what is left and why. */
export function migratedText(files: readonly MigratedFile[]): string {
  const moved = files.flatMap((one) => one.moved).length;
  const left = files.flatMap((one) => one.left).length;
  const errors = files.flatMap(({ problems }) => problems.filter(({ severity }) => severity === "error")).length;
  const summary = `${plural(files.length, "file")}: ${plural(moved, "section")} moved, ${left} left, ${plural(errors, "error")}`;
  return [...files.flatMap(partsOf), summary].join("\n\n");
}

function partsOf({ file, moved, left, notes, problems }: MigratedFile): readonly string[] {
  const lines = moved.map(({ from, to, line, column }) => `${file}:${line}:${column}: ${from} → ${to}`);
  return [
    ...(lines.length === 0 ? [] : [lines.join("\n")]),
    ...left.map((one) => remarkText(file, "left", one)),
    ...notes.map((one) => remarkText(file, "note", one)),
    ...problems.map((problem) => problemText(file, problem)),
  ];
}

function remarkText(file: string, word: string, { path, line, column, code, reason, remedy }: RemarkedSection): string {
  return `${file}:${line}:${column}: ${word}: ${code} ${path}\n  ${reason}\n  Remedy: ${remedy}`;
}

/** For programs: an array with one entry per file. */
export function migratedJson(files: readonly MigratedFile[]): string {
  const entries = files.map(({ readable: _, done: __, ...entry }) => entry);
  return JSON.stringify(entries, undefined, 2);
}

/** The new form of all files; a comment says where each of several begins. */
export function migratedYaml(files: readonly MigratedFile[]): string {
  if (files.length === 1) return files.map(({ yaml }) => yaml).join("");
  return files.map(({ file, yaml }) => `# ${file}\n${yaml.replace(/^---\r?\n/, "")}`).join("---\n");
}
