import { type Contract, composeConfiguration, identityOf, type TalosDocument } from "../../../machine-configs";
import { isDeletion } from "../../../machine-configs/deletions";
import { ROOT_KIND } from "../../../machine-configs/document";
import { isMap } from "../../../machine-configs/plain-data";
import { hasFields, schemaOf } from "../../../machine-configs/shape";
import { schemaOfKind } from "../../../machine-configs/validate";
import { contracts, controlPlane, worker } from "../machines";
import type { Example } from "./example";
import { kubernetes } from "./kubernetes";
import { machine } from "./machine";
import { network } from "./network";
import { storage } from "./storage";

export type { Example } from "./example";

/** Every example of an intent. */
export const examples: readonly Example[] = [...machine, ...storage, ...network, ...kubernetes];

/** The machine that an example is for. */
export function machineOf({ role }: Example, contract: Contract) {
  return role === "worker" ? worker(contract) : controlPlane(contract);
}

/** The table of needs, the intents for them, and the form that each contract gives them. */
export function needTable(): string {
  const rows = examples.flatMap((example) =>
    example.need === undefined
      ? []
      : [`| ${example.need} | \`${example.intent("1.14").name}\` | ${formsOf(example).join("; ")} |`],
  );
  return ["| need | intent | form |", "| --- | --- | --- |", ...rows].join("\n");
}

/** The forms of an example, each with the contracts that have it unless all do. */
function formsOf(example: Example): readonly string[] {
  const forms = contracts.map((contract) => formOf(example, contract));
  const starts = contracts.flatMap((_, index) => (forms[index] === forms[index - 1] ? [] : [index]));
  return starts.map((start, index) => {
    const next = starts[index + 1] ?? contracts.length;
    const first = contracts[start];
    const last = contracts[next - 1];
    if (starts.length === 1) return forms[start] ?? "";
    return `${first === last ? first : next === contracts.length ? `from ${first}` : `${first} to ${last}`}: ${forms[start]}`;
  });
}

function formOf(example: Example, contract: Contract): string {
  if (!(example.contracts ?? contracts).includes(contract)) return "refused";
  const { documents } = composeConfiguration(machineOf(example, contract), [example.intent(contract)]);
  const given = documents.filter((document) => !isDeletion(document));
  const deleted = documents.filter((document) => !given.some((other) => identityOf(other) === identityOf(document)));
  return [
    ...deleted.map((document) => `no \`${identityOf(document)}\``),
    ...[...new Set(given.flatMap(namesOf))].map((name) => `\`${name}\``),
  ].join(", ");
}

/** The kind of a document; of the v1alpha1 document its sections. */
function namesOf({ kind, ...fields }: TalosDocument): readonly string[] {
  return kind !== undefined ? [kind] : sectionsOf(fields, schemaOfKind(ROOT_KIND), []);
}

function sectionsOf(
  value: unknown,
  schema: Parameters<typeof schemaOf>[0],
  path: readonly string[],
): readonly string[] {
  if (path.length === 3 || !isMap(value) || !hasFields(schema)) return [path.join(".")];
  return Object.entries(value).flatMap(([key, inner]) => sectionsOf(inner, schemaOf(schema, key), [...path, key]));
}
