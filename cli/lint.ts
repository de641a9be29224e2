import { type Command as AnyCommand, Command, InvalidArgumentError, Option } from "commander";
import { type Contract, contracts, type MachineRole } from "../machine-configs";
import { generatedConfiguration, isComplete } from "../machine-configs/generated";
import { type JudgedProblem, judge, type NamedText } from "../machine-configs/judge";
import { contractProblems, minorOf } from "../machine-configs/releases";
import { readTexts } from "./files";
import { type LintedFile, type LintedProblem, lintJson, lintSarif, lintText } from "./lint-report";

/** `lint <file…>`: what Talos, the machine or experience says against configurations and patches. */
export function lintCommand(): Command {
  return new Command("lint")
    .description("Check machine configurations and patches as Talos does, and for what it only notices later.")
    .argument("<file...>", "configurations or patches, each judged alone")
    .requiredOption("--talos <version>", "the Talos release of the machine, such as 1.14.4", talosVersion)
    .addOption(
      new Option("--contract <minor>", "the contract of the configuration").choices(contracts).makeOptionMandatory(),
    )
    .addOption(new Option("--role <role>", "what the machine is").choices(roles).makeOptionMandatory())
    .option("--base <file>", "merge each file onto this configuration, and judge the result")
    .addOption(new Option("--format <format>", "how to print the result").choices(formats).default("text"))
    .addHelpText(
      "after",
      `
Without --base, a file that is no whole configuration is merged onto what Talos generates for the contract and role.

Exit codes:
  0  no errors
  1  errors in at least one file
  2  the command was used wrongly, or a file could not be read`,
    )
    .action(lint);
}

/** What a machine can be. */
export const roles: readonly MachineRole[] = ["controlplane", "worker"];
const formats = ["text", "json", "sarif"] as const;

interface Options {
  readonly talos: string;
  readonly contract: Contract;
  readonly role: MachineRole;
  readonly base?: string;
  readonly format: (typeof formats)[number];
}

async function lint(files: readonly string[], options: Options, command: AnyCommand): Promise<void> {
  const [unreadable] = contractProblems("--contract", options.talos, options.contract);
  if (unreadable !== undefined) command.error(`error: ${unreadable.message} ${unreadable.remedy}`);
  const [base] = options.base === undefined ? [] : await readTexts([options.base], command);
  const texts = await readTexts(files, command);
  const linted = texts.map((text) => lintFile(text, base, options));
  console.log({ text: lintText, json: lintJson, sarif: lintSarif }[options.format](linted));
  process.exitCode = linted.every(({ ok }) => ok) ? 0 : 1;
}

function lintFile(file: NamedText, base: NamedText | undefined, options: Options): LintedFile {
  const whole = base === undefined && isComplete(file.text);
  const under = base ?? { name: "", text: whole ? file.text : generatedConfiguration(options.contract, options.role) };
  const { problems } = whole ? judge(file, [], options) : judge(under, [file], options);
  const own = problems.map((problem) => linted(problem, file.name));
  return { file: file.name, ok: own.every(({ severity }) => severity !== "error"), problems: own };
}

/** A problem that no line of the file brought is shown at its beginning. */
export function linted(problem: JudgedProblem, file: string): LintedProblem {
  const { code, tier, severity, where: path, message, remedy, text, position } = problem;
  const { line, column } = text === file && position !== undefined ? position : { line: 1, column: 1 };
  return { code, tier, severity, path, line, column, message, remedy };
}

function talosVersion(value: string): string {
  const version = value.replace(/^v/, "");
  if (minorOf(version) === undefined) throw new InvalidArgumentError('Use all three numbers, such as "1.14.4".');
  return version;
}
