import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import * as path from "node:path";
import { setTimeout } from "node:timers/promises";
import { classOf, findingsOf } from "../analysis/drift-classes";
import { type Attempt, backendOutage } from "../analysis/drift-outage";
import { type DriftResult, isMeasured, type Measurement, resultOf, type Shard } from "../analysis/drift-result";
import { applyRules, type DriftRules } from "../analysis/drift-rules";
import { ofShard } from "../analysis/drift-shards";
import { matches } from "../analysis/matches";
import { terraformErrors } from "../analysis/terraform-errors";
import { driftUpdateFailed, formatProblem, ProblemsError, unknownPlanFormat } from "../errors";
import { ProviderMirror } from "./drift-providers";
import { type DriftStack, findStacks } from "./drift-stacks";
import { limit } from "./limit";
import { Progress } from "./progress";
import { type FailedCommand, type RunCommand, showPlan } from "./show-plan";
import { Terraform } from "./terraform";

/** How a run goes. Times are in seconds. */
export interface DriftRun {
  readonly root: string;
  readonly rules: DriftRules;
  readonly previous?: DriftResult | undefined;
  readonly parallelism: number;
  /** The folder with the providers of all stacks. */
  readonly providers: string;
  /** A folder for what Terraform keeps while it plans. */
  readonly temporary: string;
  /** For one stack. */
  readonly timeout: number;
  readonly stagger: number;
  readonly shard?: Shard | undefined;
  /** What the shards of one run have in common. @default - nobody named it */
  readonly run?: string | undefined;
  /** A command for the shell that brings the newest commit. @default - none */
  readonly update?: string | undefined;
  /** Whether suspects are planned again. */
  readonly confirm: boolean;
  /** Ends the run; its reason says why. What is not measured then, is told as that. */
  readonly stop: AbortSignal;
  /** Gets all that a failed command said, which may quote values. @default - nobody does */
  readonly onError?: ((stack: string, text: string) => Promise<void>) | undefined;
}

/** Plans all stacks, those that look other than clean a second time, and says what is found. */
export async function runDrift(run: DriftRun): Promise<DriftResult> {
  const started = new Date();
  const found = await findStacks(run.root);
  const { chosen, skipped } = withoutSkipped(found, run.rules);
  const names = chosen.map(({ name }) => name);
  const mine = run.shard === undefined ? names : ofShard(names, run.shard.index, run.shard.count);
  const stacks = slowestFirst(
    chosen.filter(({ name }) => mine.includes(name)),
    run.previous,
  );
  const planner = new Planner(run);
  await Promise.all(stacks.map(({ tool }) => planner.terraformFor(tool)));
  await setTimeout(1000 * run.stagger * (run.shard?.index ?? 0), undefined, { signal: run.stop }).catch(
    () => undefined,
  );
  const first = await planner.plan(stacks);
  const { measurements, gone } = await confirmed(first, stacks, run, planner);
  return resultOf(
    {
      started,
      ended: new Date(),
      commit: await commitOf(run.root),
      shard: run.shard,
      run: run.run,
      all: names.filter((name) => !gone.includes(name)),
      skipped,
    },
    withoutOutage(measurements, planner.passes),
    run.rules,
    run.previous,
  );
}

/** What was planned once and looks other than clean is planned again, on the newest commit. */
async function confirmed(
  first: readonly Measurement[],
  stacks: readonly DriftStack[],
  run: DriftRun,
  planner: Planner,
): Promise<{ readonly measurements: readonly Measurement[]; readonly gone: readonly string[] }> {
  const suspects = first.filter((one) => isSuspect(one, run.rules)).map(({ name }) => name);
  if (suspects.length === 0 || !run.confirm || run.stop.aborted) {
    return { measurements: first, gone: [] };
  }
  const there = run.update === undefined ? stacks : await updated(run.update, stacks, run);
  console.error(suspects.length === 1 ? "Planning 1 suspect again." : `Planning ${suspects.length} suspects again.`);
  const second = await planner.plan(there.filter(({ name }) => suspects.includes(name)));
  const again = new Map(second.map((one) => [one.name, one]));
  const gone = suspects.filter((name) => !again.has(name));
  const measurements = first
    .filter(({ name }) => !gone.includes(name))
    .map((one) => {
      const later = again.get(one.name);
      // A finding that could not be looked at again stands, unconfirmed; an error stands as well.
      const counts = later?.outcome.kind === "planned" || later?.outcome.kind === one.outcome.kind;
      return later !== undefined && counts ? { ...later, confirmed: true } : one;
    });
  return { measurements, gone };
}

/** What is ended in between was not measured, and taking it up again would take as long. */
function isSuspect({ name, outcome }: Measurement, rules: DriftRules): boolean {
  if (outcome.kind !== "planned") {
    return outcome.kind === "error";
  }
  const { findings } = applyRules(name, outcome.plan.findings, rules, new Date());
  return classOf({ findings, outputs: outcome.plan.outputs }) !== "clean";
}

/** What failed in an outage, and if it was planned again, in an outage again. */
function withoutOutage(measurements: readonly Measurement[], passes: readonly (readonly Attempt[])[]): Measurement[] {
  const outages = passes.map((attempts) => ({ names: attempts.map(({ name }) => name), out: backendOutage(attempts) }));
  const wasOut = (name: string) => outages.every(({ names, out }) => out.includes(name) || !names.includes(name));
  const reason = "states or providers were out of reach from some moment on";
  return measurements.map((one) =>
    one.outcome.kind === "error" && wasOut(one.name)
      ? { ...one, outcome: { kind: "not measured", reason: `${reason} (${one.outcome.reason})` } }
      : one,
  );
}

class Planner {
  readonly #passes: Attempt[][] = [];
  readonly #mirror: ProviderMirror;
  readonly #tools = new Map<DriftStack["tool"], Promise<Terraform>>();

  constructor(readonly run: DriftRun) {
    this.#mirror = new ProviderMirror(run.providers);
  }

  /** What was tried, each time that stacks were planned. */
  get passes(): readonly (readonly Attempt[])[] {
    return this.#passes;
  }

  terraformFor(tool: DriftStack["tool"]): Promise<Terraform> {
    const found = this.#tools.get(tool) ?? (tool === "terraform" ? Terraform.find() : Terraform.findTerragrunt());
    this.#tools.set(tool, found);
    return found;
  }

  async plan(stacks: readonly DriftStack[]): Promise<Measurement[]> {
    this.#passes.push([]);
    const progress = new Progress(stacks.length);
    const planning = limit(this.run.parallelism);
    return Promise.all(
      stacks.map((stack) =>
        planning(async () => {
          progress.begins(stack.name);
          const measurement = await this.#measure(stack);
          progress.ended(stack.name, statusText(measurement));
          return measurement;
        }),
      ),
    );
  }

  async #measure(stack: DriftStack): Promise<Measurement> {
    const { stop, timeout } = this.run;
    const { name } = stack;
    const began = performance.now();
    const tooLong = new AbortController();
    const timer = globalThis.setTimeout(() => tooLong.abort(`it took longer than ${timeout} s`), timeout * 1000);
    const until = AbortSignal.any([stop, tooLong.signal]);
    try {
      const outcome = until.aborted ? undefined : await this.#planned(stack, until);
      // What was ended in between says nothing about the stack.
      if (outcome === undefined || (until.aborted && outcome.kind === "error")) {
        return { name, confirmed: false, outcome: { kind: "not measured", reason: String(until.reason) } };
      }
      const seconds = Math.round((performance.now() - began) / 100) / 10;
      return { name, seconds, confirmed: false, outcome };
    } finally {
      clearTimeout(timer);
    }
  }

  /** `undefined` if it was ended between two commands. */
  async #planned(stack: DriftStack, until: AbortSignal): Promise<Measurement["outcome"] | undefined> {
    const { name, tool } = stack;
    const began = performance.now();
    const ended = (outcome: Attempt["outcome"]) =>
      this.#passes.at(-1)?.push({ name, began, ended: performance.now(), outcome });
    try {
      const failedOrShown = await this.#shown(stack, until);
      if ("json" in failedOrShown) {
        const plan = findingsOf(parsed(failedOrShown.json, name), name);
        ended("planned");
        return { kind: "planned", plan };
      }
      const { command, ended: said } = failedOrShown;
      const errors = terraformErrors(command, said.stderr);
      ended(errors.outage ? "backend error" : "other");
      await this.run.onError?.(name, said.stderr);
      const what = [errors.headings.join(", "), errors.addresses.join(", ")].filter((text) => text !== "");
      return { kind: "error", reason: [`${tool} ${command} failed`, ...what].join(": ") };
    } catch (error) {
      if (ProblemsError.is(error)) {
        ended("other");
        return { kind: "error", reason: error.problems.map(({ message }) => message).join(" ") };
      }
      if (until.aborted) {
        return undefined;
      }
      throw error;
    }
  }

  async #shown({ folder, tool }: DriftStack, until: AbortSignal) {
    const terraform = await this.terraformFor(tool);
    const data = await mkdtemp(path.join(this.run.temporary, "data-"));
    const env = tool === "terragrunt" ? quietTerragrunt : { ...quiet, ...(await apart(folder, data)) };
    const run: RunCommand = (...args) => terraform.run(args, { folder, until, env });
    try {
      const init = await this.#mirror.init((args, more) =>
        terraform.run(["init", ...args], { folder, until, env: { ...env, ...more } }),
      );
      const failed: FailedCommand = { command: "init", ended: init };
      // No lock: a lock is written, and a plan that nobody applies must not be in the way of one that somebody does.
      return init.code === 0 ? await showPlan(run, ["-refresh=true", "-lock=false"]) : failed;
    } finally {
      await rm(data, { recursive: true, force: true });
    }
  }
}

const quiet = { TF_IN_AUTOMATION: "1" } as const;

/** Terragrunt would ask, and wrap what Terraform prints into lines of its log. What it keeps is in a cache of its own. */
const quietTerragrunt = {
  ...quiet,
  TG_NON_INTERACTIVE: "true",
  TG_TF_FORWARD_STDOUT: "true",
  TG_NO_COLOR: "true",
} as const;

/**
 * What `init` leaves behind is not in the stack: links to providers that are gone would break its next plan there. What
 * was said to an earlier `init` there is taken along: the workspace, and what of the backend is in no configuration.
 */
async function apart(folder: string, data: string): Promise<Readonly<Record<string, string>>> {
  const own = path.resolve(folder, process.env["TF_DATA_DIR"] ?? ".terraform");
  for (const name of ["environment", "terraform.tfstate"]) {
    if (existsSync(path.join(own, name))) {
      await copyFile(path.join(own, name), path.join(data, name));
    }
  }
  return { TF_DATA_DIR: data };
}

/** The error of `JSON.parse` is not shown: it quotes the text. */
function parsed(json: string, name: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new ProblemsError([unknownPlanFormat(name, "it is no JSON")]);
  }
}

function statusText({ outcome, seconds }: Measurement): string {
  const time = seconds === undefined ? "" : ` (${seconds.toFixed(1)} s)`;
  return `${outcome.kind === "planned" ? classOf(outcome.plan) : `${outcome.kind}: ${outcome.reason}`}${time}`;
}

function withoutSkipped(found: readonly DriftStack[], { skip }: DriftRules) {
  const ruleOf = (name: string) => skip.find((rule) => matches(rule.stack, name));
  return {
    chosen: found.filter(({ name }) => ruleOf(name) === undefined),
    skipped: found.flatMap(({ name }) => {
      const reason = ruleOf(name)?.reason;
      return reason === undefined ? [] : [{ name, reason }];
    }),
  };
}

/**
 * By the run before: a long one that begins last would be waited for alone. What was not measured comes first; a backend
 * that only some stacks cannot reach must not look like one that went away at the end.
 */
function slowestFirst(stacks: readonly DriftStack[], previous: DriftResult | undefined): DriftStack[] {
  const measured = previous?.stacks.filter(isMeasured).map(({ name, seconds }) => [name, seconds] as const);
  const seconds = new Map(measured);
  const of = ({ name }: DriftStack): number => seconds.get(name) ?? Number.MAX_VALUE;
  return [...stacks].sort((one, other) => of(other) - of(one));
}

/** The stacks of the newest commit; if that cannot be had, those that are there. */
async function updated(command: string, stacks: readonly DriftStack[], run: DriftRun): Promise<readonly DriftStack[]> {
  const reason = await failureOf(command, run);
  try {
    if (reason === undefined) {
      return await findStacks(run.root);
    }
    console.error(formatProblem(driftUpdateFailed(run.root, reason)));
  } catch (error) {
    if (!ProblemsError.is(error)) {
      throw error;
    }
    console.error(error.problems.map(formatProblem).join("\n\n"));
  }
  return stacks;
}

/** Runs a command for the shell, and says why it failed. */
function failureOf(command: string, { root, stop }: DriftRun): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, { shell: true, cwd: root, stdio: ["ignore", 2, 2], signal: stop });
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code) => resolve(code === 0 ? undefined : `exit code ${code ?? "none"}`));
  });
}

function commitOf(folder: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile("git", ["-C", folder, "rev-parse", "HEAD"], (error, stdout) =>
      resolve(error === null ? stdout.trim() : undefined),
    );
  });
}
