import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { findingsOf } from "../analysis/drift-classes";
import { type DriftResult, type Measurement, mergeResults, resultOf, type Shard } from "../analysis/drift-result";
import { type DriftRules, noRules, readRules } from "../analysis/drift-rules";
import { formatProblem, malformedDriftRules, notAPlan, ProblemsError } from "../errors";
import { driftHtml } from "./drift-html";
import { metricsText, pushMetrics } from "./drift-metrics";
import { driftExitCode, driftLines, driftText } from "./drift-report";
import { earlierResult, ResultsFolder, resultIn, resultText } from "./drift-results";
import { runDrift } from "./drift-run";
import { duration } from "./duration";
import { readJsonOr, refusalText, writeText } from "./files";
import { limit } from "./limit";
import { plansAtOnce } from "./plans-at-once";
import { wholeNumber } from "./whole-number";

/** `drift run|classify|report`: what is other than the code says, and since when. */
export function driftCommand(): Command {
  return new Command("drift")
    .description("Find what was changed behind Terraform's back, stack by stack. Changes nothing.")
    .addCommand(runCommand())
    .addCommand(classifyCommand())
    .addCommand(reportCommand());
}

function runCommand(): Command {
  const command = new Command("run")
    .description("Plan all stacks of a folder and say what each of them is.")
    .argument("[folder]", "a cdktf app, or a folder of Terraform, OpenTofu or Terragrunt stacks", ".")
    .option("--rules <file>", "JSON: what to ignore until when, and which stacks to skip, each with its reason")
    .option("--previous <file>", "the result of the run before, for ages; by default what --result has from it")
    .option("--parallelism <plans>", "plans at the same time", wholeNumber, plansAtOnce())
    .addOption(new Option("--timeout <time>", "for one stack").argParser(duration).default(600, "10m"))
    .option("--deadline <time>", "for all: then what runs is ended, and the rest not measured", duration)
    .option("--shard <index/count>", "the part of the stacks to plan, from 0; /4 takes JOB_COMPLETION_INDEX", shardOf)
    .addOption(
      new Option("--stagger <time>", "begin so much later than the shard before").argParser(duration).default(0, "0s"),
    )
    .option(
      "--results <folder>",
      "where all shards keep what they found; together it is drift.json and drift.html there",
    )
    .option("--run <name>", "tells the shards of this run in --results from those of earlier ones")
    .option("--update <command>", 'brings the newest commit before suspects are planned again: "git pull --ff-only"')
    .option("--no-confirm", "do not plan suspects a second time")
    .option("--providers <folder>", "keep the providers of all stacks here; by default in a temporary folder")
    .option("--error-log <folder>", "write here what failed commands say; it may quote values of the configuration");
  return addOutputs(command)
    .addHelpText(
      "after",
      `${exitCodes}

SIGTERM and the deadline end the plans that run. What is measured is reported all the same.

Environment:
  TERRAFORM_BINARY_NAME  the binary to run; "terraform" by default, else "tofu"`,
    )
    .action((folder: string, options: RunOptions) => ending(() => run(folder, options)));
}

function classifyCommand(): Command {
  const command = new Command("classify")
    .description("Say what plans are: drift, not yet applied, or nothing.")
    .argument("<plan...>", 'what "terraform show -json <plan>" prints, as files')
    .option("--rules <file>", "JSON: what to ignore until when, each with its reason");
  return addOutputs(command)
    .addHelpText("after", exitCodes)
    .action((files: readonly string[], options: RuleOptions) => ending(() => classify(files, options)));
}

function reportCommand(): Command {
  const command = new Command("report")
    .description("Show results again, and those of all shards as one.")
    .argument("<result...>", "what `drift run --result` wrote");
  return addOutputs(command)
    .addHelpText("after", exitCodes)
    .action((files: readonly string[], options: OutputOptions) => ending(() => report(files, options)));
}

const exitCodes = `
Exit codes:
  0  every stack is measured, and clean but for outputs
  1  every stack is measured, and something was found: drift, silent drift or something to apply
  2  the command was used wrongly, or a file could not be read or written
  3  a stack could not be planned or was not measured, or the metrics could not be pushed`;

const formats = ["text", "json", "lines"] as const;

function addOutputs(command: Command): Command {
  return command
    .option("--result <file>", "write the result here, as JSON")
    .option("--html <file>", "write a page here that needs no network")
    .option("--metrics <file>", "write metrics here, for the textfile collector of the node exporter")
    .option("--pushgateway <url>", "push the metrics there")
    .addOption(
      new Option("--format <format>", "what to print; lines is one line of JSON per stack")
        .choices(formats)
        .default("text"),
    )
    .option("--exit-zero", "end with 0 instead of 1: in a Job a finding is no failure");
}

interface OutputOptions {
  readonly result?: string;
  readonly html?: string;
  readonly metrics?: string;
  readonly pushgateway?: string;
  readonly format: (typeof formats)[number];
  readonly exitZero?: true;
}

interface RuleOptions extends OutputOptions {
  readonly rules?: string;
}

interface RunOptions extends RuleOptions {
  readonly previous?: string;
  readonly parallelism: number;
  readonly timeout: number;
  readonly deadline?: number;
  readonly shard?: Shard;
  readonly stagger: number;
  readonly results?: string;
  readonly run?: string;
  readonly update?: string;
  readonly confirm: boolean;
  readonly providers?: string;
  readonly errorLog?: string;
}

async function run(root: string, options: RunOptions): Promise<void> {
  const rules = await rulesIn(options.rules);
  const results = options.results === undefined ? undefined : new ResultsFolder(options.results);
  const previous = await (results?.earlier() ?? previousIn(options));
  const stop = new AbortController();
  const end = (signal: NodeJS.Signals): void => stop.abort(`ended by ${signal}`);
  const { deadline } = options;
  const timer =
    deadline === undefined
      ? undefined
      : setTimeout(() => stop.abort(`the deadline of ${deadline} s was reached`), deadline * 1000);
  for (const signal of signals) {
    process.on(signal, end);
  }
  const temporary = await mkdtemp(path.join(tmpdir(), "cdktf-proxmox-talos-"));
  try {
    const result = await runDrift({
      ...options,
      root,
      rules,
      previous,
      temporary,
      providers: path.resolve(options.providers ?? path.join(temporary, "providers")),
      stop: stop.signal,
      onError: options.errorLog === undefined ? undefined : errorLog(options.errorLog),
    });
    await results?.add(result);
    await put(result, options);
  } finally {
    clearTimeout(timer);
    for (const signal of signals) {
      process.off(signal, end);
    }
    await rm(temporary, { recursive: true, force: true });
  }
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

async function classify(files: readonly string[], options: RuleOptions): Promise<void> {
  const rules = await rulesIn(options.rules);
  const started = new Date();
  const reading = limit(8);
  const names = [...new Set(files)];
  const measurements = await Promise.all(names.map((file) => reading(() => classified(file))));
  const facts = { started, ended: new Date(), all: names, skipped: [] };
  await put(resultOf(facts, measurements, rules), options);
}

async function classified(file: string): Promise<Measurement> {
  try {
    const plan = findingsOf(await readJsonOr(file, notAPlan), file);
    return { name: file, confirmed: true, outcome: { kind: "planned", plan } };
  } catch (error) {
    if (!ProblemsError.is(error)) throw error;
    const reason = error.problems.map(({ message, remedy }) => `${message} ${remedy}`).join(" ");
    return { name: file, confirmed: true, outcome: { kind: "error", reason } };
  }
}

async function report(files: readonly string[], options: OutputOptions): Promise<void> {
  await put(mergeResults(await Promise.all(files.map(resultIn))), options);
}

/** Everything that was asked for. The result is written first: all else can be made of it again. */
async function put(result: DriftResult, options: OutputOptions): Promise<void> {
  const { html, metrics, pushgateway, format, exitZero } = options;
  if (options.result !== undefined) await writeText(options.result, resultText(result));
  if (metrics !== undefined) await writeText(metrics, metricsText(result));
  if (html !== undefined) await writeText(html, driftHtml(result));
  const print = {
    text: () => driftText(result),
    json: () => JSON.stringify(result, null, 2),
    lines: () => driftLines(result),
  };
  console.log(print[format]());
  const code = driftExitCode(result);
  process.exitCode = code === 1 && exitZero ? 0 : code;
  if (pushgateway !== undefined) {
    try {
      await pushMetrics(pushgateway, result);
    } catch (error) {
      console.error(`The metrics could not be pushed: ${messageOf(error)}`);
      process.exitCode = 3;
    }
  }
}

/** Whatever goes wrong ends in 2: 1 would say that something was found. */
async function ending(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(
      ProblemsError.is(error) ? error.problems.map(formatProblem).join("\n\n") : (refusalText(error) ?? error),
    );
    process.exitCode = 2;
  }
}

async function rulesIn(file: string | undefined): Promise<DriftRules> {
  return file === undefined ? noRules : readRules(await readJsonOr(file, malformedDriftRules), file);
}

async function previousIn({ previous, result }: RunOptions): Promise<DriftResult | undefined> {
  const file = previous ?? result;
  return file === undefined ? undefined : earlierResult(file);
}

/** For those who may read the configuration only. That it cannot be written costs nothing else. */
function errorLog(folder: string): (stack: string, text: string) => Promise<void> {
  return async (stack, text) => {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(path.join(folder, `${stack.replaceAll("/", "_")}.txt`), text, { mode: 0o600 });
    } catch (error) {
      console.error(refusalText(error) ?? messageOf(error));
    }
  };
}

function shardOf(value: string): Shard {
  const [, own, all] = /^(\d*)\/([1-9]\d*)$/.exec(value) ?? [];
  const index = own === "" ? process.env["JOB_COMPLETION_INDEX"] : own;
  const shard = { index: Number(index ?? Number.NaN), count: Number(all) };
  if (!(shard.index < shard.count)) {
    throw new InvalidArgumentError('Write it as "0/4", or as "/4" where JOB_COMPLETION_INDEX is set.');
  }
  return shard;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
