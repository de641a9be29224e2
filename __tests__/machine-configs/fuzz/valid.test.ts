/** Valid configurations are accepted, as data and as text. */
import { isDeepStrictEqual } from "node:util";
import { renderDocuments, type TalosDocument } from "../../../machine-configs";
import { type JudgedProblem, judge } from "../../../machine-configs/judge";
import { contracts } from "../machines";
import { isInside } from "./checks";
import { configurations } from "./configurations";
import { Reach } from "./reach";
import { forAll, many, tried } from "./settings";

const reach = new Reach();

describe.each(tried)("contract $contract on Talos $talos, $role", (machine) => {
  const target = { talos: `${machine.talos}.0` };

  test("a valid configuration is accepted, and read and judged as it was rendered", () => {
    forAll(machine, configurations(machine), ({ documents, extra }) => {
      reach.add(machine, extra);
      const text = renderDocuments(documents);
      const judgement = judge({ name: "text", text }, [], target);
      expect(judgement.problems.filter(({ tier }) => tier === "talos")).toEqual([]);
      expectSame(judgement.documents, documents);
      expect(renderDocuments(judgement.documents)).toBe(text);
      expect(judgement.problems.filter((problem) => !isAt(text, problem))).toEqual([]);
    });
  });
});

/** What the machine is stays as it was generated, and these two Talos refuses on any bond. */
const LEFT = [
  ...["type", "ca", "ca.crt", "ca.key"].map((field) => `v1alpha1.machine.${field}`),
  ...["arpIPTarget.*", "adActorSystem"].map((field) => `v1alpha1.machine.network.interfaces.*.bond.${field}`),
];

if (many > 0) {
  test.each(contracts)("every kind and section that contract %s may have was in configurations of it", (contract) => {
    const counts = reach.of(contract);
    const rarest = counts.slice(0, 3).map(([part, count]) => `${part} ${count} times`);
    process.stderr.write(`contract ${contract}: ${counts.length} kinds and sections, at least ${rarest.join(", ")}\n`);
    expect(counts.filter(([, count]) => count < many)).toEqual([]);
  });

  test("every field of the model was in a configuration", () => {
    expect(reach.missed).toEqual(LEFT);
  });
}

function isAt(text: string, { position }: JudgedProblem): boolean {
  return position !== undefined && isInside(text, position);
}

/** A matcher says what differs, and takes its time. */
function expectSame(found: readonly TalosDocument[], expected: readonly TalosDocument[]): void {
  if (!isDeepStrictEqual(found, expected)) expect(found).toEqual(expected);
}
