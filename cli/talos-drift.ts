import { Command, Option } from "commander";
import {
  type Measured,
  machineVerdict,
  type SynthesizedMachine,
  synthesizedMachines,
  unknownValue,
  type WantedMachine,
  wantedMachines,
} from "../analysis/talos-machines";
import { malformedMachines, noTalosMachine, ProblemsError, unknownMachine } from "../errors";
import { contracts } from "../machine-configs";
import { compareConfiguration, type Difference } from "../machine-configs/differences";
import { readJsonOr } from "./files";
import { limit } from "./limit";
import { chooseStacks, readStacks, readSynthesized } from "./manifest";
import { type Compared, comparedJson, comparedLines, comparedText } from "./talos-drift-report";
import { pushTalosMetrics } from "./talos-metrics";
import { extensionOf, recordedTalosctl, specOf, type Talosctl, talosctl } from "./talosctl";

/** `talos-drift [outdir]`: whether Talos machines are what was synthesized. */
export function talosDriftCommand(): Command {
  return (
    new Command("talos-drift")
      .description("Compare Talos machines with what was synthesized: version, schematic and machine configuration.")
      .argument("[outdir]", "the folder that synth wrote to", "cdktf.out")
      .option("--stack <name...>", "the machines of these stacks only")
      .option("--machine <name...>", "these machines only")
      .addOption(
        new Option(
          "--machines <file>",
          "read what the machines have to be from here, as TalosDrift writes it, and not from [outdir]; it has no configuration",
        ).conflicts("stack"),
      )
      .option("--talosconfig <file>", "the talosconfig that talosctl uses")
      .option(
        "--recorded <folder>",
        "read what talosctl printed, from <machine>/{versions,extensions,machineconfig}.yaml",
      )
      .option("--without-configuration", "leave the machine configuration out, which only the role os:admin may read")
      .addOption(
        new Option("--format <format>", "how to print the result; lines is one line of JSON per machine and finding")
          .choices(formats)
          .default("text"),
      )
      // What is pushed takes the place of all that was known of a cluster.
      .addOption(new Option("--pushgateway <url>", "push the metrics there").conflicts("machine"))
      .option("--exit-zero", "end with 0 instead of 1: in a Job a finding is no failure")
      .addHelpText(
        "after",
        `
Texts of a machine are never printed: any of them can be a secret.

Exit codes:
  0  every machine is what was synthesized
  1  at least one is not, or the stacks could not be read
  2  the command was used wrongly
  3  nothing is known to differ, and something could not be measured; or the metrics could not be pushed`,
      )
      .action(talosDrift)
  );
}

const formats = ["text", "json", "lines"] as const;

interface Options {
  readonly stack?: string[];
  readonly machine?: string[];
  readonly machines?: string;
  readonly talosconfig?: string;
  readonly recorded?: string;
  readonly withoutConfiguration?: true;
  readonly format: (typeof formats)[number];
  readonly pushgateway?: string;
  readonly exitZero?: true;
}

async function talosDrift(outdir: string, options: Options): Promise<void> {
  const started = new Date();
  const machines = await chosenMachines(outdir, options);
  const run = options.recorded === undefined ? talosctl(options.talosconfig) : recordedTalosctl(options.recorded);
  const atOnce = limit(8);
  const compared = await Promise.all(
    machines.map((machine) => atOnce(() => compare(machine, run, options.withoutConfiguration !== true))),
  );
  const ended = new Date();
  const print = {
    text: () => comparedText(compared),
    json: () => comparedJson(compared),
    lines: () => comparedLines(compared, ended.toISOString()),
  };
  console.log(print[options.format]());
  const has = (verdict: Compared["verdict"]) => compared.some((one) => one.verdict === verdict);
  process.exitCode = has("drift") && !options.exitZero ? 1 : has("unmeasured") ? 3 : 0;
  if (options.pushgateway !== undefined) {
    try {
      await pushTalosMetrics(options.pushgateway, compared, { started, ended });
    } catch (error) {
      console.error(`The metrics could not be pushed: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 3;
    }
  }
}

async function chosenMachines(outdir: string, options: Options): Promise<readonly Comparable[]> {
  const { machine: names = [], machines: file } = options;
  const machines = file === undefined ? await synthesizedIn(outdir, options.stack ?? []) : await wantedIn(file);
  const known = machines.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new ProblemsError(unknown.map((name) => unknownMachine("--machine", name, known)));
  return machines.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** A machine whose configuration is known, or not. */
type Comparable = SynthesizedMachine | (WantedMachine & { readonly patches?: undefined });

async function synthesizedIn(outdir: string, stackNames: readonly string[]): Promise<readonly Comparable[]> {
  const stacks = chooseStacks(await readStacks(outdir), stackNames);
  const machines = synthesizedMachines(await readSynthesized(stacks));
  if (machines.length === 0) throw new ProblemsError([noTalosMachine(outdir)]);
  return machines;
}

async function wantedIn(file: string): Promise<readonly Comparable[]> {
  const machines = wantedMachines(await readJsonOr(file, malformedMachines));
  if (machines === undefined) throw new ProblemsError([malformedMachines(file, "it is no list of machines.")]);
  return machines;
}

async function compare(machine: Comparable, run: Talosctl, withConfiguration: boolean): Promise<Compared> {
  const talos = await measured(run(machine, "versions"), (text) => specOf(text, "version")?.replace(/^v/, ""));
  const schematic = await measured(run(machine, "extensions"), (text) => extensionOf(text, "schematic") ?? "none");
  const configuration =
    withConfiguration && machine.patches !== undefined
      ? await measured(run(machine, "machineconfig"), (text) => differencesOf(machine, text))
      : undefined;
  const is = { talos, schematic, ...(configuration === undefined ? {} : { configuration }) };
  return { machine, verdict: machineVerdict(machine, is), ...is };
}

async function measured<Value>(
  printed: Promise<Measured<string>>,
  read: (text: string) => Value | undefined,
): Promise<Measured<Value>> {
  const result = await printed;
  if ("unmeasured" in result) return result;
  const value = read(result.value);
  return value === undefined ? { unmeasured: "what talosctl printed is not understood" } : { value };
}

function differencesOf(machine: SynthesizedMachine, text: string): readonly Difference[] | undefined {
  const contract = contracts.find((one) => one === machine.contract);
  const found = specOf(text);
  if (contract === undefined || found === undefined) return undefined;
  const isUnknown = (value: string) => value.includes(unknownValue);
  const { differences, problems } = compareConfiguration({ ...machine, contract, isUnknown }, found);
  return problems.length > 0 ? undefined : differences;
}
