import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { type GuardedPlan, readPlan } from "../analysis/plan-objects";
import { type PlanSummary, summarizePlan } from "../analysis/plan-summary";
import { formatProblem, type Problem, ProblemsError, stackNotApplied, unknownPlanFormat } from "../errors";
import type { Limit } from "./limit";
import type { Stack } from "./manifest";
import type { Ended, Terraform } from "./terraform";

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

/** Plans one stack. The plan, which holds secrets, is in a private folder while it is read, and then gone. */
export async function planStack(terraform: Terraform, stack: Stack, options: PlanOptions): Promise<Planned | Failed> {
  const run = (...args: readonly string[]) => terraform.run([`-chdir=${stack.folder}`, ...args]);
  const init = await options.installing(() => run("init", "-input=false", "-no-color"));
  if (init.code !== 0) {
    return failed(terraform, stack, "init", init);
  }
  const folder = await mkdtemp(path.join(tmpdir(), "cdktf-proxmox-talos-"));
  try {
    const file = path.join(folder, "plan");
    const refresh = options.refresh ? [] : ["-refresh=false"];
    const plan = await run("plan", "-input=false", "-no-color", "-detailed-exitcode", `-out=${file}`, ...refresh);
    if (plan.code !== 0 && plan.code !== 2) {
      return failed(terraform, stack, "plan", plan);
    }
    const show = await run("show", "-json", "-no-color", file);
    if (show.code !== 0) {
      return failed(terraform, stack, "show", show);
    }
    return planned(stack, plan.code === 2, show.stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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

function failed(terraform: Terraform, stack: Stack, command: string, { code, stderr }: Ended): Failed {
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
