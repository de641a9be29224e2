import type { Measured, MeasuredMachine, machineVerdict, WantedMachine } from "../analysis/talos-machines";
import type { Difference } from "../machine-configs/differences";
import { placeText } from "../machine-configs/places";
import { table } from "./table";
import { stateOf } from "./talos-metrics";

/** A machine with what was found of it. */
export interface Compared extends MeasuredMachine {
  readonly machine: WantedMachine;
  readonly verdict: ReturnType<typeof machineVerdict>;
  readonly configuration?: Measured<readonly Difference[]>;
}

/** A table of all machines, and below it what is to be said of each. */
export function comparedText(compared: readonly Compared[]): string {
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

function detailsOf(compared: Compared): string {
  const lines = notesOf(compared).map(({ text }) => `  ${text}`);
  return lines.length === 0 ? "" : [compared.machine.name, ...lines].join("\n");
}

/** What is to be said of a machine, finding by finding. */
interface Note {
  readonly event: "finding" | "not measured";
  readonly part: "version" | "schematic" | "configuration";
  readonly text: string;
}

function notesOf({ machine, talos, schematic, configuration }: Compared): readonly Note[] {
  const finding = (part: Note["part"], text: string): Note => ({ event: "finding", part, text });
  const parts = { version: talos, schematic, ...(configuration === undefined ? {} : { configuration }) };
  return [
    ...("value" in talos && talos.value !== machine.talos
      ? [finding("version", `version ${talos.value}, made as ${machine.talos}`)]
      : []),
    ...("value" in schematic && schematic.value !== machine.schematic
      ? [finding("schematic", `schematic ${schematic.value}, made as ${machine.schematic}`)]
      : []),
    ...(configuration !== undefined && "value" in configuration
      ? configuration.value.map((difference) => finding("configuration", differenceText(difference)))
      : []),
    ...partNames.flatMap((part): readonly Note[] => {
      const is = parts[part];
      return is !== undefined && "unmeasured" in is
        ? [{ event: "not measured", part, text: `${part} not measured: ${is.unmeasured}` }]
        : [];
    }),
  ];
}

const partNames = ["version", "schematic", "configuration"] as const;

/** A line of JSON for each machine, and one for each finding and for each part that was not measured. */
export function comparedLines(compared: readonly Compared[], time: string): string {
  return compared
    .flatMap((one) => {
      const machine = { cluster: one.machine.cluster.name, machine: one.machine.name };
      const checked = { time, event: "machine", ...machine, state: stateOf(one) };
      return [checked, ...notesOf(one).map(({ event, ...note }) => ({ time, event, ...machine, ...note }))];
    })
    .map((line) => JSON.stringify(line))
    .join("\n");
}

function differenceText({ identity, path: field, is, made, found }: Difference): string {
  const now = found === undefined ? "" : `, is ${found}`;
  const before = made === undefined ? "" : `, made as ${JSON.stringify(made)}`;
  return `${is} ${placeText({ identity, path: field })}${now}${before}`;
}

/** All of it, for programs. */
export function comparedJson(compared: readonly Compared[]): string {
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
