import type { JudgedProblem } from "../machine-configs/judge";

/** A problem at its place in a file. */
export interface LintedProblem
  extends Readonly<Pick<JudgedProblem, "code" | "tier" | "severity" | "message" | "remedy">> {
  /** The field, such as `KubeletConfig.extraArgs.max-pods`. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** What was found in one file. */
export interface LintedFile {
  readonly file: string;
  /** Whether there are no errors. */
  readonly ok: boolean;
  readonly problems: readonly LintedProblem[];
}

/** For people: each problem with its place, as editors and terminals make links of. */
export function lintText(files: readonly LintedFile[]): string {
  const problems = files.flatMap(({ file, problems }) => problems.map((problem) => problemText(file, problem)));
  const errors = files.reduce((sum, file) => sum + count(file, "error"), 0);
  const warnings = files.reduce((sum, file) => sum + count(file, "warning"), 0);
  const summary = `${plural(files.length, "file")}: ${plural(errors, "error")}, ${plural(warnings, "warning")}`;
  return [...problems, summary].join("\n\n");
}

/** A problem with its place, and what to do. */
export function problemText(file: string, problem: LintedProblem): string {
  const { line, column, severity, code, tier, path, message, remedy } = problem;
  const place = path === "" ? "" : ` ${path}`;
  return `${file}:${line}:${column}: ${severity}: ${code} (${tier})${place}\n  ${message}\n  Remedy: ${remedy}`;
}

/** For programs: an array with one entry per file. */
export function lintJson(files: readonly LintedFile[]): string {
  return JSON.stringify(files, undefined, 2);
}

/** For code scanning: SARIF 2.1.0. */
export function lintSarif(files: readonly LintedFile[]): string {
  const codes = [...new Set(files.flatMap(({ problems }) => problems.map(({ code }) => code)))].sort();
  const results = files.flatMap(({ file, problems }) => problems.map((problem) => result(file, problem)));
  const driver = { name: "cdktf-proxmox-talos", rules: codes.map((id) => ({ id })) };
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver }, results }],
  };
  return JSON.stringify(log, undefined, 2);
}

function result(file: string, { code, severity, tier, path, line, column, message, remedy }: LintedProblem) {
  const region = { startLine: line, startColumn: column };
  const uri = file.split("\\").join("/");
  return {
    ruleId: code,
    level: severity,
    message: { text: `${message} ${remedy}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri }, region },
        logicalLocations: [{ fullyQualifiedName: path }],
      },
    ],
    properties: { tier },
  };
}

function count({ problems }: LintedFile, wanted: LintedProblem["severity"]): number {
  return problems.filter(({ severity }) => severity === wanted).length;
}

/** `1 file`, `2 files`. */
export function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
