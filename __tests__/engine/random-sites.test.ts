/**
 * Random sites: each is synthesized or refused, whole, and what is synthesized is valid for Terraform. RANDOM_SITES is how
 * many; RANDOM_SEED repeats a run that was printed, or makes another one.
 */
import fc from "fast-check";
import { mistakes } from "../random-sites/mistakes";
import { type Outcome, outcomeOf } from "../random-sites/outcome";
import { type RandomSite, randomSites } from "../random-sites/sites";
import { Workspace } from "./support/terraform";

const numRuns = Number(process.env["RANDOM_SITES"] ?? 200);
const seed = Number(process.env["RANDOM_SEED"] ?? 20261121);

/** What the sites came to, in their order. */
const outcomes: (readonly [RandomSite, Outcome])[] = [];

test("each is synthesized or refused, and refused for what is wrong with it", () => {
  fc.assert(
    fc.property(randomSites, (site) => {
      const outcome = outcomeOf(site.spec);
      outcomes.push([site, outcome]);
      const codes = outcome.problems?.map(({ code }) => code) ?? [];
      expect(codes.length > 0).toBe(site.wrong.length > 0);
      if (site.wrong.length === 1) expect(codes).toEqual(expect.arrayContaining([...site.wrong]));
    }),
    { seed, numRuns, endOnFailure: true },
  );
});

test("Terraform finds nothing wrong with what is synthesized, and warns of nothing", async () => {
  // What is the same but for the site's name is looked at once.
  const stacks = new Set(
    outcomes.flatMap(([, { stacks: written = {} }]) => Object.values(written).map(withoutBackend)),
  );
  const waiting = [...stacks];
  const wrong: unknown[] = [];
  await Promise.all([validateAll(), validateAll()]);
  process.stderr.write(`${stacks.size} stacks were given to Terraform\n`);
  expect(wrong).toEqual([]);

  /** One folder with the providers serves all: only they are what `validate` needs of an `init`. */
  async function validateAll(): Promise<void> {
    const workspace = Workspace.from({ terraform: terraformOf(waiting[0] ?? "") });
    await workspace.init();
    for (let stack = waiting.pop(); stack !== undefined; stack = waiting.pop()) {
      workspace.write(JSON.parse(stack));
      wrong.push(...(await workspace.validate()));
    }
    workspace.remove();
  }
});

test("both outcomes are met often, and most of what can be wrong", () => {
  const met = new Map<string, number>();
  for (const { code } of outcomes.flatMap(([, { problems = [] }]) => problems)) met.set(code, (met.get(code) ?? 0) + 1);
  const refused = outcomes.filter(([, { problems }]) => problems !== undefined).length;
  const sorted = [...met].sort(([, one], [, other]) => other - one);
  process.stderr.write(
    `${numRuns} sites, seed ${seed}: ${numRuns - refused} synthesized, ${refused} refused with ${met.size} codes\n` +
      `${sorted.map(([code, count]) => `${String(count).padStart(5)} ${code}`).join("\n")}\n`,
  );
  expect(Math.min(refused, numRuns - refused)).toBeGreaterThan(numRuns / 4);
  const possible = new Set(mistakes.map(([code]) => code));
  // Some mistakes need a site that is seldom made.
  expect([...possible].filter((code) => met.has(code)).length).toBeGreaterThan(
    possible.size * Math.min(0.6, numRuns / 300),
  );
});

function withoutBackend(stack: string): string {
  const { terraform, ...others } = JSON.parse(stack);
  delete terraform.backend;
  return JSON.stringify({ terraform, ...others });
}

function terraformOf(stack: string): object {
  return JSON.parse(stack).terraform;
}
