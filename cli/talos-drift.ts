import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { Command, Option } from "commander";
import {
  type Measured,
  type MeasuredMachine,
  machineVerdict,
  type SynthesizedMachine,
  synthesizedMachines,
  unknownValue,
} from "../analysis/talos-machines";
import { noTalosMachine, ProblemsError, unknownMachine } from "../errors";
import { contracts } from "../machine-configs";
import { compareConfiguration, type Difference } from "../machine-configs/differences";
import { placeText } from "../machine-configs/places";
import { limit } from "./limit";
import { chooseStacks, readStacks } from "./manifest";
import { table } from "./table";
import { extensionOf, recordedTalosctl, specOf, type Talosctl, talosctl } from "./talosctl";

/** `talos-drift [outdir]`: whether Talos machines are what was synthesized. */
export function talosDriftCommand(): Command {
  return new Command("talos-drift")
    .description("Compare Talos machines with what was synthesized: version, schematic and machine configuration.")
    .argument("[outdir]", "the folder that synth wrote to", "cdktf.out")
    .option("--stack <name...>", "the machines of these stacks only")
    .option("--machine <name...>", "these machines only")
    .option("--talosconfig <file>", "the talosconfig that talosctl uses")
    .option(
      "--recorded <folder>",
      "read what talosctl printed, from <machine>/{versions,extensions,machineconfig}.yaml",
    )
    .option("--without-configuration", "leave the machine configuration out, which only the role os:admin may read")
    .addOption(new Option("--format <format>", "how to print the result").choices(formats).default("text"))
    .addHelpText(
      "after",
      `
Texts of a machine are never printed: any of them can be a secret.

Exit codes:
  0  every machine is what was synthesized
  1  at least one is not, or the stacks could not be read
  2  the command was used wrongly
  3  nothing is known to differ, and something could not be measured`,
    )
    .action(talosDrift);
}

const formats = ["text", "json"] as const;

interface Options {
  readonly stack?: string[];
  readonly machine?: string[];
  readonly talosconfig?: string;
  readonly recorded?: string;
  readonly withoutConfiguration?: true;
  readonly format: (typeof formats)[number];
}

/** A machine with what was found of it. */
interface Compared extends MeasuredMachine {
  readonly machine: SynthesizedMachine;
  readonly verdict: ReturnType<typeof machineVerdict>;
  readonly configuration?: Measured<readonly Difference[]>;
}

async function talosDrift(outdir: string, options: Options): Promise<void> {
  const machines = await chosenMachines(outdir, options);
  const run = options.recorded === undefined ? talosctl(options.talosconfig) : recordedTalosctl(options.recorded);
  const atOnce = limit(8);
  const compared = await Promise.all(
    machines.map((machine) => atOnce(() => compare(machine, run, options.withoutConfiguration !== true))),
  );
  console.log(options.format === "json" ? comparedJson(compared) : comparedText(compared));
  const has = (verdict: Compared["verdict"]) => compared.some((one) => one.verdict === verdict);
  process.exitCode = has("drift") ? 1 : has("unmeasured") ? 3 : 0;
}

async function chosenMachines(outdir: string, { stack, machine: names = [] }: Options): Promise<SynthesizedMachine[]> {
  const stacks = chooseStacks(await readStacks(outdir), stack ?? []);
  const json = stacks.map(
    async ({ folder }): Promise<unknown> => JSON.parse(await readFile(path.join(folder, "cdk.tf.json"), "utf8")),
  );
  const machines = synthesizedMachines(await Promise.all(json));
  const known = machines.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new ProblemsError(unknown.map((name) => unknownMachine("--machine", name, known)));
  if (machines.length === 0) throw new ProblemsError([noTalosMachine(outdir)]);
  return machines.filter(({ name }) => names.length === 0 || names.includes(name));
}

async function compare(machine: SynthesizedMachine, run: Talosctl, withConfiguration: boolean): Promise<Compared> {
  const talos = await measured(run(machine, "versions"), (text) => specOf(text, "version")?.replace(/^v/, ""));
  const schematic = await measured(run(machine, "extensions"), (text) => extensionOf(text, "schematic") ?? "none");
  const configuration = withConfiguration
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

function comparedText(compared: readonly Compared[]): string {
  const rows = compared.map(({ machine, talos, schematic, configuration }) => [
    machine.name,
    shown(talos, (value) => (value === machine.talos ? "same" : value)),
    shown(schematic, (value) => (value === machine.schematic ? "same" : value.slice(0, 12))),
    configuration === undefined
      ? "left out"
      : shown(configuration, ({ length }) => (length === 0 ? "same" : `differs in ${length}`)),
  ]);
  const details = compared.map(detailsOf).filter((text) => text !== "");
  return [table([["machine", "version", "schematic", "configuration"], ...rows]), ...details].join("\n\n");
}

function shown<Value>(part: Measured<Value>, show: (value: Value) => string): string {
  return "value" in part ? show(part.value) : "not measured";
}

function detailsOf({ machine, talos, schematic, configuration }: Compared): string {
  const parts = { version: talos, schematic, ...(configuration === undefined ? {} : { configuration }) };
  const lines = [
    ...("value" in talos && talos.value !== machine.talos ? [`version ${talos.value}, made as ${machine.talos}`] : []),
    ...("value" in schematic && schematic.value !== machine.schematic
      ? [`schematic ${schematic.value}, made as ${machine.schematic}`]
      : []),
    ...(configuration !== undefined && "value" in configuration ? configuration.value.map(differenceText) : []),
    ...Object.entries(parts).flatMap(([part, is]) =>
      "unmeasured" in is ? [`${part} not measured: ${is.unmeasured}`] : [],
    ),
  ];
  return lines.length === 0 ? "" : [machine.name, ...lines.map((line) => `  ${line}`)].join("\n");
}

function differenceText({ identity, path: field, is, made, found }: Difference): string {
  const now = found === undefined ? "" : `, is ${found}`;
  const before = made === undefined ? "" : `, made as ${JSON.stringify(made)}`;
  return `${is} ${placeText({ identity, path: field })}${now}${before}`;
}

function comparedJson(compared: readonly Compared[]): string {
  return JSON.stringify(
    compared.map(({ machine, verdict, talos, schematic, configuration }) => ({
      machine: machine.name,
      address: machine.address,
      verdict,
      made: { talos: machine.talos, schematic: machine.schematic },
      talos,
      schematic,
      configuration,
    })),
    null,
    2,
  );
}
