import { Command, Option } from "commander";
import { type GuardOptions, judgePlans } from "../analysis/plan-guard";
import { type GuardedPlan, readPlan } from "../analysis/plan-objects";
import { formatProblem, notAPlan, type Problem, ProblemsError } from "../errors";
import { readJsonOr } from "./files";
import { addGuardOptions } from "./guard-options";
import { guardJson, guardText } from "./guard-report";

/** `guard <plan…>`: refuses plans that would take a cluster down. */
export function guardCommand(): Command {
  const command = new Command("guard")
    .description("Judge plans of one site together, before they are applied: what they take down at the same time.")
    .argument("<plan...>", 'what "terraform show -json <plan>" prints, as files; - for standard input')
    .addOption(new Option("--format <format>", "how to print the verdict").choices(formats).default("text"));
  const judging = addGuardOptions(command, 2);
  return command
    .addHelpText(
      "after",
      `
Exit codes:
  0  safe, or everything refused is allowed
  1  refused
  2  the command was used wrongly, or a plan could not be read`,
    )
    .action((files: readonly string[], { format }: Options) => guard(files, format, judging()));
}

const formats = ["text", "json"] as const;

interface Options {
  readonly format: (typeof formats)[number];
}

async function guard(files: readonly string[], format: Options["format"], options: GuardOptions): Promise<void> {
  const read = await Promise.all([...new Set(files)].map(readFrom));
  const problems = read.flatMap((one) => ("problems" in one ? one.problems : []));
  if (problems.length > 0) {
    console.error(problems.map(formatProblem).join("\n\n"));
    process.exitCode = 2;
    return;
  }
  const plans = read.flatMap((one) => ("plan" in one ? [one.plan] : []));
  const verdict = judgePlans(plans, options);
  console.log(format === "json" ? guardJson(verdict) : guardText(verdict));
  process.exitCode = verdict.safe ? 0 : 1;
}

type Read = { readonly plan: GuardedPlan } | { readonly problems: readonly Problem[] };

async function readFrom(file: string): Promise<Read> {
  try {
    return { plan: readPlan(await readJsonOr(file, notAPlan), file) };
  } catch (error) {
    if (!ProblemsError.is(error)) throw error;
    return { problems: error.problems };
  }
}
