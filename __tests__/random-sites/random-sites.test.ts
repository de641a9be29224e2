/** A small sample that is always the same; the engine tier gives many to Terraform. */
import fc from "fast-check";
import { outcomeOf } from "./outcome";
import { randomSites, rightSites } from "./sites";

const parameters = { seed: 20261121, numRuns: 6, endOnFailure: true };

test("a random site is synthesized or refused, and refused for what is wrong with it", () => {
  fc.assert(
    fc.property(randomSites, ({ spec, wrong }) => {
      const codes = outcomeOf(spec).problems?.map(({ code }) => code) ?? [];
      expect(codes.length > 0).toBe(wrong.length > 0);
      if (wrong.length === 1) expect(codes).toEqual(expect.arrayContaining([...wrong]));
    }),
    parameters,
  );
});

test("the order in which things are in the code changes no Terraform address of a random site", () => {
  fc.assert(
    fc.property(rightSites, (spec) => {
      expect(addressesOf(outcomeOf(spec, "reversed").stacks)).toEqual(addressesOf(outcomeOf(spec).stacks));
    }),
    { ...parameters, numRuns: 3 },
  );
});

function addressesOf(stacks: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries(stacks)
    .flatMap(([stack, json]) => {
      const { resource = {}, data = {}, output = {} } = JSON.parse(json);
      const named = Object.entries({ ...resource, ...data }).flatMap(([type, all]) =>
        Object.keys(all ?? {}).map((name) => `${stack} ${type}.${name}`),
      );
      return [...named, ...Object.keys(output).map((name) => `${stack} output.${name}`)];
    })
    .sort();
}
