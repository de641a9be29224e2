/** Whatever is in a text or a configuration, what is wrong with it comes back as problems: at a place, and in bounds. */
import { lintJson, lintSarif, lintText } from "../../../cli/lint-report";
import { composeConfiguration } from "../../../machine-configs";
import { isComplete } from "../../../machine-configs/generated";
import { type Judgement, judge } from "../../../machine-configs/judge";
import { isInside, isWhole, sizeOf } from "./checks";
import { type Configuration, configurations } from "./configurations";
import { mutated } from "./mutations";
import { forAll, tried } from "./settings";
import { SIGNS_OF_SECRETS } from "./values";

describe.each(tried)("contract $contract on Talos $talos, $role", (machine) => {
  const { contract, role } = machine;
  const talos = `${machine.talos}.0`;

  test("a configuration or patch with something wrong has problems", () => {
    forAll(machine, mutated(configurations(machine)), ({ configuration, isPatch, text, keepsFields }) => {
      const { base, extra } = configuration;
      const own = { name: "text", text };
      const judgement = isPatch
        ? judge({ name: "base", text: base }, [own], { talos, role })
        : judge(own, [], { talos });
      expectProblems(judgement, { base, text });
      if (keepsFields) expectNoSecrets(judgement);
      expectReports(judgement);
      expectBounds(judgement, configuration, text);
      expect(typeof isComplete(text)).toBe("boolean");
      const { documents } = judgement;
      const intents = [extra, documents].map((given) => ({ name: "own", documents: () => given }));
      const composed = composeConfiguration({ name: "a", role, contract, talos }, intents);
      expect(composed.documents.length).toBeLessThanOrEqual(2 * (extra.length + documents.length));
      expect(composed.problems.filter((problem) => !isWhole(problem))).toEqual([]);
    });
  });
});

/** Aliases may repeat what is in the text as often as Talos lets them; nothing else makes more of it. */
function expectBounds({ documents, problems }: Judgement, { generated }: Configuration, text: string): void {
  expect(sizeOf(documents)).toBeLessThanOrEqual(1000 + sizeOf(generated) + 100 * text.length);
  expect(problems.length).toBeLessThanOrEqual(100 + text.length);
}

function expectProblems({ problems, explain }: Judgement, texts: Readonly<Record<string, string>>): void {
  expect(problems.filter((problem) => !isWhole(problem))).toEqual([]);
  const outside = problems.filter(
    ({ text = "", position }) => position !== undefined && !isInside(texts[text] ?? "", position),
  );
  expect(outside).toEqual([]);
  for (const { identity, path } of problems) expect(explain(identity, path).length).toBeLessThanOrEqual(2);
}

function expectNoSecrets({ problems }: Judgement): void {
  const said = problems.map(({ where, message, remedy }) => [where, message, remedy].join("\n"));
  expect(said.filter((text) => SIGNS_OF_SECRETS.some((sign) => text.includes(sign)))).toEqual([]);
}

function expectReports({ problems }: Judgement): void {
  const placed = problems.map(({ where, position, ...problem }) => ({
    ...problem,
    path: where,
    line: 1,
    column: 1,
    ...position,
  }));
  const files = [{ file: "patches/a.yaml", ok: false, problems: placed }];
  expect(lintText(files).length).toBeGreaterThan(0);
  expect(JSON.parse(lintJson(files))).toHaveLength(1);
  expect(JSON.parse(lintSarif(files)).runs[0].results).toHaveLength(problems.length);
}
