import { type GuardedPlan, readPlan } from "../analysis/plan-objects";
import { type PlanSummary, summarizePlan } from "../analysis/plan-summary";
import { formatProblem, type Problem, ProblemsError, stackNotApplied, unknownPlanFormat } from "../errors";
import type { Limit } from "./limit";
import type { Stack } from "./manifest";
import { type FailedCommand, initArguments, type RunCommand, showPlan } from "./show-plan";
import type { Terraform } from "./terraform";

/** What came of planning a stack. */
export type StackPlan = Planned | Failed | NotPlanned;

export interface Planned {
  readonly name: string;
  readonly status: "no changes" | "changes" | "outputs only";
  readonly summary: PlanSummary;
  /** For the guard. It holds values: print none of it. */
  readonly plan: GuardedPlan;
}

export interface Failed {
  readonly name: string;
  readonly status: "error";
  /** The stacks to apply first. */
  readonly needs: readonly string[];
  /** All that there is to say about it. */
  readonly text: string;
}

export interface NotPlanned {
  readonly name: string;
  readonly status: "not planned";
  /** The stacks whose error is in the way. */
  readonly needs: readonly string[];
}

export interface PlanOptions {
  /** Whether the real objects are read first. */
  readonly refresh: boolean;
  /** Providers are installed in turn: a plugin cache does not bear two installations at a time. */
  readonly installing: Limit;
}

/** Plans one stack, and reads what that says. */
export async function planStack(terraform: Terraform, stack: Stack, options: PlanOptions): Promise<Planned | Failed> {
  const run: RunCommand = (...args) => terraform.run(args, { folder: stack.folder });
  const init = await options.installing(() => run("init", ...initArguments));
  if (init.code !== 0) {
    return failed(terraform, stack, { command: "init", ended: init });
  }
  const shown = await showPlan(run, ["-detailed-exitcode", ...(options.refresh ? [] : ["-refresh=false"])]);
  return "json" in shown ? planned(stack, shown.changes, shown.json) : failed(terraform, stack, shown);
}

function planned(stack: Stack, changes: boolean, json: string): Planned | Failed {
  try {
    const parsed = parseJson(stack, json);
    const summary = summarizePlan(parsed, stack.name);
    const { outputs, warnings: _, drifted: __, ...resources } = summary;
    const outputsOnly = outputs.length > 0 && Object.values(resources).every((addresses) => addresses.length === 0);
    const status = changes ? (outputsOnly ? "outputs only" : "changes") : "no changes";
    return { name: stack.name, status, summary, plan: readPlan(parsed, stack.name) };
  } catch (error) {
    if (!ProblemsError.is(error)) {
      throw error;
    }
    return { name: stack.name, status: "error", needs: [], text: error.problems.map(formatProblem).join("\n\n") };
  }
}

/** The error of `JSON.parse` is not shown: it quotes the text. */
function parseJson(stack: Stack, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new ProblemsError([unknownPlanFormat(stack.name, "it is no JSON")]);
  }
}

function failed(terraform: Terraform, stack: Stack, { command, ended: { code, stderr } }: FailedCommand): Failed {
  const needs = unappliedDependencies(stack, stderr);
  const said = `${stack.name}: ${terraform.binary} ${command} failed (exit code ${code ?? "none"})\n\n${stderr.trim()}`;
  const problems: Problem[] = needs.length === 0 ? [] : [stackNotApplied(stack.name, needs)];
  return { name: stack.name, status: "error", needs, text: [said, ...problems.map(formatProblem)].join("\n\n") };
}

/**
 * The dependencies without a state, or whose state lacks an output that the stack reads. cdktf names the data source
 * after the stack, without the signs that a logical id does not take.
 */
function unappliedDependencies(stack: Stack, stderr: string): string[] {
  const labels = stderr
    .split(/^Error: /m)
    .filter((error) => error.startsWith("Unable to find remote state") || error.startsWith("Unsupported attribute"))
    .flatMap((error) =>
      [...error.matchAll(/data\.terraform_remote_state\.([\w-]+)/g)].map(([, label]) => letters(label)),
    );
  const longestFirst = [...stack.dependencies].sort((a, b) => b.length - a.length);
  const missing = labels.map((label) => longestFirst.find((name) => label.includes(`input${letters(name)}`)));
  return stack.dependencies.filter((name) => missing.includes(name));
}

function letters(text = ""): string {
  return text.replace(/[^A-Za-z0-9]/g, "");
}
