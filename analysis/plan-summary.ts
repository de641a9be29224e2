import * as z from "zod";
import { isReplacement, type PlanAction, planAction, planVersion, readPlanJson } from "./plan-json";

/** The addresses that a plan would touch, by what would happen to them. Holds no values: those may be secrets. */
export interface PlanSummary {
  readonly create: readonly string[];
  readonly change: readonly string[];
  /** Destroyed and created again, in whichever order. */
  readonly replace: readonly string[];
  readonly destroy: readonly string[];
  /** Under a new address, where this is all or beside another action. */
  readonly moved: readonly string[];
  /** Taken into the state, where this is all or beside another action. */
  readonly imported: readonly string[];
  /** Dropped from the state, but not destroyed. */
  readonly forgotten: readonly string[];
  /** Found to be other than in the state; what the plan would do about it is counted above. */
  readonly drifted: readonly string[];
  /** Names of the outputs that would change. */
  readonly outputs: readonly string[];
  /** What checks that failed have to say. */
  readonly warnings: readonly string[];
}

/** What `terraform show -json <plan>` says, as addresses. Throws a {@link ProblemsError} about any other format. */
export function summarizePlan(plan: unknown, where: string): PlanSummary {
  const { resource_changes, resource_drift, output_changes, checks } = readPlanJson(planJson, plan, where);
  const doing = (kind: Kind): string[] =>
    addresses(resource_changes.filter(({ change }) => kindsOf(change.actions).includes(kind)));
  return {
    create: doing("create"),
    change: doing("update"),
    replace: doing("replace"),
    destroy: doing("delete"),
    moved: addresses(resource_changes.filter(({ previous_address }) => previous_address !== undefined)),
    imported: addresses(resource_changes.filter(({ change }) => change.importing !== undefined)),
    forgotten: doing("forget"),
    drifted: addresses(resource_drift.filter(({ change }) => !change.actions.includes("no-op"))),
    outputs: Object.entries(output_changes).flatMap(([name, { actions }]) => (actions.includes("no-op") ? [] : [name])),
    warnings: checks.flatMap(({ instances }) =>
      instances.flatMap(({ problems }) => problems.map(({ message }) => message)),
    ),
  };
}

type Kind = PlanAction | "replace";

const resourceChange = z.object({
  address: z.string(),
  previous_address: z.string().optional(),
  change: z.object({ actions: z.array(planAction), importing: z.object({}).optional() }),
});

const check = z.object({
  instances: z.array(z.object({ problems: z.array(z.object({ message: z.string() })).default([]) })).default([]),
});

const planJson = z.object({
  format_version: planVersion,
  resource_changes: z.array(resourceChange).default([]),
  resource_drift: z.array(resourceChange).default([]),
  output_changes: z.record(z.string(), z.object({ actions: z.array(planAction) })).default({}),
  checks: z.array(check).default([]),
});

function kindsOf(actions: readonly PlanAction[]): readonly Kind[] {
  return isReplacement(actions) ? ["replace"] : actions;
}

function addresses(changes: readonly { readonly address: string }[]): string[] {
  return changes.map(({ address }) => address);
}
