/**
 * The plans on which the guard is tested are what Terraform says today. `UPDATE_GOLDEN=1` records them: Terraform
 * applies each site, and plans each scenario for it.
 */
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { judgePlans } from "../../analysis/plan-guard";
import { readPlan } from "../../analysis/plan-objects";
import { expectGolden } from "../helpers/golden";
import type { Configuration } from "./support/configuration";
import { type GuardedSite, guardedSites } from "./support/guarded-sites";
import { type PlanScenario, planScenarios } from "./support/plan-scenarios";
import { prunedPlan } from "./support/prune-plan";
import { Workspace } from "./support/terraform";
import { World } from "./support/world";

const corpus = path.join(__dirname, "../analysis/golden/plans");
const names = Object.keys(guardedSites).filter((name) => planScenarios.some(({ site }) => site === name));

describe.each(names as GuardedSite[])("the site %s", (name) => {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "corpus-")));
  const world = new World();
  const before: Record<string, Configuration> = guardedSites[name]();
  const stacks = Object.keys(before).map(
    (stack) => [stack, new Workspace(path.join(folder, stack), world.options)] as const,
  );

  beforeAll(async () => {
    write(before);
    for (const [, stack] of stacks) {
      await stack.init();
      await stack.apply();
    }
    mkdirSync(world.options.world, { recursive: true });
    cpSync(world.options.world, path.join(folder, "world"), { recursive: true });
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    world.remove();
  });

  const scenarios = planScenarios.filter(({ site }) => site === name);

  test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))("%s", async (_, scenario) => {
    const plans = await planned(scenario);
    const recorded = Object.entries(plans).map(([stack, plan]) => ({ stack, plan, text: prunedPlan(plan) }));
    // Nothing that the guard needs is left out of what is recorded.
    expect(verdictOn(recorded.map(({ stack, text }) => [stack, JSON.parse(text)]))).toEqual(
      verdictOn(Object.entries(plans)),
    );
    const unlike = recorded.flatMap(({ stack, text }) =>
      differenceFrom(path.join(corpus, scenario.name, `${stack}.json`), text),
    );
    if (unlike.length > 0) {
      throw unlike[0];
    }
  });

  async function planned({ build, edit, behind, args }: PlanScenario): Promise<Record<string, object>> {
    const after: Record<string, Configuration> = build?.() ?? guardedSites[name]();
    const [last] = Object.keys(after).slice(-1);
    const [stack, stackBefore] = [after[last ?? ""], before[last ?? ""]];
    if (stack !== undefined && stackBefore !== undefined) {
      edit?.(stack, stackBefore);
    }
    write(after);
    rmSync(world.options.world, { recursive: true });
    cpSync(path.join(folder, "world"), world.options.world, { recursive: true });
    behind?.(world);
    const plans: Record<string, object> = {};
    for (const [each, workspace] of stacks) {
      const more = stackBefore === undefined || each !== last ? [] : (args?.(stackBefore) ?? []);
      plans[each] = JSON.parse(await workspace.planJson(...more));
    }
    return plans;
  }

  function write(configurations: Record<string, Configuration>): void {
    for (const [stack, { files }] of Object.entries(configurations)) {
      for (const [file, json] of Object.entries(files)) {
        const target = path.join(folder, stack, file);
        mkdirSync(path.dirname(target), { recursive: true });
        writeFileSync(target, JSON.stringify(json));
      }
    }
  }
});

/** All plans of a scenario are recorded, not only the first one that is unlike its golden file. */
function differenceFrom(file: string, text: string): unknown[] {
  try {
    expectGolden(file, text);
    return [];
  } catch (error) {
    return [error];
  }
}

function verdictOn(plans: readonly (readonly [string, object])[]) {
  return judgePlans(
    plans.map(([stack, plan]) => readPlan(plan, stack)),
    { maxMachines: 2, allowances: [] },
  );
}
