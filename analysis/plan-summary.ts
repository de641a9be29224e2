import * as z from "zod";
import { ProblemsError, unknownPlanFormat } from "../errors";

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
  const { resource_changes, resource_drift, output_changes, checks } = parse(plan, where);
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

type Action = z.infer<typeof action>;
type Kind = Action | "replace";

// A new action is refused rather than ignored: it might destroy something.
const action = z.enum(["no-op", "read", "create", "update", "delete", "forget", "open"]);

const resourceChange = z.object({
  address: z.string(),
  previous_address: z.string().optional(),
  change: z.object({ actions: z.array(action), importing: z.object({}).optional() }),
});

const check = z.object({
  instances: z.array(z.object({ problems: z.array(z.object({ message: z.string() })).default([]) })).default([]),
});

const planJson = z.object({
  format_version: z.string().regex(/^1\./, "is not 1.x"),
  resource_changes: z.array(resourceChange).default([]),
  resource_drift: z.array(resourceChange).default([]),
  output_changes: z.record(z.string(), z.object({ actions: z.array(action) })).default({}),
  checks: z.array(check).default([]),
});

function parse(plan: unknown, where: string): z.infer<typeof planJson> {
  const parsed = planJson.safeParse(plan);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ProblemsError([unknownPlanFormat(where, `${issue?.path.join(".") || "plan"}: ${issue?.message}`)]);
  }
  return parsed.data;
}

function kindsOf(actions: readonly Action[]): readonly Kind[] {
  return actions.includes("create") && actions.includes("delete") ? ["replace"] : actions;
}

function addresses(changes: readonly { readonly address: string }[]): string[] {
  return changes.map(({ address }) => address);
}
