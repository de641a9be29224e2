import type { Contract, MachineRole } from "../../../machine-configs";
import { identityOf } from "../../../machine-configs/document";
import { loadSource } from "../../../machine-configs/load";
import { placeText } from "../../../machine-configs/places";
import { isContainer } from "../../../machine-configs/plain-data";
import { schemaOfKind } from "../../../machine-configs/validate";
import { contracts } from "../machines";
import { baseOf, releases } from "../verdicts";

/** From each contract to the next one. */
export const steps = contracts.flatMap((from, index) =>
  contracts.slice(index + 1, index + 2).map((to) => ({ from, to })),
);

/** What the generator of a contract wrote. */
export function baseFor(contract: Contract, role: MachineRole): string {
  return baseOf(releaseOf(contract), role);
}

/** The release of a contract that was measured. */
export function releaseOf(contract: Contract): (typeof releases)[number] {
  const release = releases.find((one) => one.startsWith(`${contract}.`));
  if (release === undefined) throw new Error(`There is no base for ${contract}.`);
  return release;
}

/** All fields of all documents of a text in alphabetical order, without the values that each cluster has for itself. */
export function linesOf(text: string, talos: string): readonly string[] {
  return loadSource(text, { talos, schemaOfKind })
    .documents.flatMap(({ document }) => fieldsOf(identityOf(document), document, []))
    .sort();
}

function fieldsOf(identity: string, value: unknown, path: readonly (string | number)[]): readonly string[] {
  if (isContainer(value) && Object.keys(value).length > 0) {
    const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
    return keys.flatMap((key) => fieldsOf(identity, value[key], [...path, key]));
  }
  const text = JSON.stringify(value);
  return [`${placeText({ identity, path })} = ${/^"(?:-----BEGIN|[\w+/]{43}="$)/.test(text) ? "(secret)" : text}`];
}

/** The lines that are only in one of two lists, with a sign that says in which. */
export function differences(left: readonly string[], right: readonly string[]): readonly string[] {
  const only = (sign: string, some: readonly string[], others: readonly string[]) => {
    const known = new Set(others);
    return some.filter((line) => !known.has(line)).map((line) => `${sign} ${line}`);
  };
  return [...only("-", left, right), ...only("+", right, left)];
}
