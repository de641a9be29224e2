/** What Talos' own validator accepts, recorded from its releases 1.13.9 (contract 1.13) and 1.14.0-rc.1 (1.14). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Contract } from "../../machine-configs";

/** Every field that occurs in an accepted patch or in what the generator writes; `[]` stands for the items of a list. */
export const acceptedForms: Readonly<Record<Contract, readonly string[]>> = read("accepted-forms.json");

function read<T>(file: string): T {
  return JSON.parse(readFileSync(join(__dirname, file), "utf8"));
}
