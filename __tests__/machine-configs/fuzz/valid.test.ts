/** Valid configurations are accepted, as data and as text. */
import { isDeepStrictEqual } from "node:util";
import { renderDocuments, type TalosDocument } from "../../../machine-configs";
import { type JudgedProblem, judge } from "../../../machine-configs/judge";
import { type ConfigurationProblem, configurationProblems } from "../../../machine-configs/validate";
import { isInside } from "./checks";
import { configurations } from "./configurations";
import { forAll, tried } from "./settings";

describe.each(tried)("contract $contract on Talos $talos, $role", (machine) => {
  const target = { talos: `${machine.talos}.0` };

  test("a valid configuration is accepted, and read and judged as it was rendered", () => {
    forAll(machine, configurations(machine), ({ documents }) => {
      const found = configurationProblems(documents, target);
      expect(found.filter(({ tier }) => tier === "talos")).toEqual([]);
      const text = renderDocuments(documents);
      const judgement = judge({ name: "text", text }, [], target);
      expectSame(judgement.documents, documents);
      expect(renderDocuments(judgement.documents)).toBe(text);
      expect(said(judgement.problems)).toEqual(said(found));
      expect(judgement.problems.filter((problem) => !isAt(text, problem))).toEqual([]);
    });
  });
});

/** What is said, each once, in whatever order the documents are. */
function said(problems: readonly ConfigurationProblem[]): readonly string[] {
  return [...new Set(problems.map(({ code, where, message }) => `${where}: ${code} ${message}`))].sort();
}

function isAt(text: string, { position }: JudgedProblem): boolean {
  return position !== undefined && isInside(text, position);
}

/** A matcher says what differs, and takes its time. */
function expectSame(found: readonly TalosDocument[], expected: readonly TalosDocument[]): void {
  if (!isDeepStrictEqual(found, expected)) expect(found).toEqual(expected);
}
