/** What Talos' own validator said, recorded from its releases 1.13.9 (contract 1.13) and 1.14.0-rc.1 (contract 1.14). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Contract, MachineRole } from "../../machine-configs";

/** Patches as people write them, and `ok` or the stage at which Talos refused them. */
export interface MeasuredCase {
  readonly case: string;
  readonly patches: readonly string[];
  readonly verdict: Readonly<Record<Contract, Readonly<Record<MachineRole, string>>>>;
}

export const measuredCases: readonly MeasuredCase[] = read("parity-cases.json");

/** Every field that occurs in an accepted patch or in what the generator writes; `[]` stands for the items of a list. */
export const acceptedForms: Readonly<Record<Contract, readonly string[]>> = read("accepted-forms.json");

function read<T>(file: string): T {
  return JSON.parse(readFileSync(join(__dirname, file), "utf8"));
}
