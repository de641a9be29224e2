/** Valid configurations are accepted, as data and as text. */
import { isDeepStrictEqual } from "node:util";
import { renderDocuments, type TalosDocument } from "../../../machine-configs";
import { type JudgedProblem, judge } from "../../../machine-configs/judge";
import { isInside } from "./checks";
import { configurations } from "./configurations";
import { forAll, tried } from "./settings";

describe.each(tried)("contract $contract on Talos $talos, $role", (machine) => {
  const target = { talos: `${machine.talos}.0` };

  test("a valid configuration is accepted, and read and judged as it was rendered", () => {
    forAll(machine, configurations(machine), ({ documents }) => {
      const text = renderDocuments(documents);
      const judgement = judge({ name: "text", text }, [], target);
      expect(judgement.problems.filter(({ tier }) => tier === "talos")).toEqual([]);
      expectSame(judgement.documents, documents);
      expect(renderDocuments(judgement.documents)).toBe(text);
      expect(judgement.problems.filter((problem) => !isAt(text, problem))).toEqual([]);
    });
  });
});

function isAt(text: string, { position }: JudgedProblem): boolean {
  return position !== undefined && isInside(text, position);
}

/** A matcher says what differs, and takes its time. */
function expectSame(found: readonly TalosDocument[], expected: readonly TalosDocument[]): void {
  if (!isDeepStrictEqual(found, expected)) expect(found).toEqual(expected);
}
