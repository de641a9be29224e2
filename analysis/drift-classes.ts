import * as z from "zod";
import { changedPaths } from "./changed-paths";
import { followersOf } from "./drift-followers";
import { isReplacement, type PlanAction, planAction, planVersion, readPlanJson } from "./plan-json";
import { arrayOf, isValues } from "./values";

/**
 * What a stack is found to be, from the worst to the best:
 *
 * - `error`: it could not be planned
 * - `not measured`: nobody looked: the time was over, or the backend was gone
 * - `drift`: reality is other than the configuration, and an apply would change it back, or what is computed from it
 * - `pending apply`: the configuration is other than what was applied last
 * - `silent drift`: reality is other than the state in what an apply would leave alone
 * - `output only`: outputs would change, and no object
 * - `clean`: nothing of all this
 */
export const driftClasses = [
  "error",
  "not measured",
  "drift",
  "pending apply",
  "silent drift",
  "output only",
  "clean",
] as const;

export type DriftClass = (typeof driftClasses)[number];

/** The classes of a single object. */
export const findingKinds = ["drift", "pending apply", "silent drift"] as const;

export type FindingKind = (typeof findingKinds)[number];

/** Something about one object. Holds addresses and names of attributes, and never a value. */
export interface DriftFinding {
  readonly kind: FindingKind;
  readonly address: string;
  /** What an apply would do to it; of silent drift, what has happened to it. */
  readonly action: DriftAction;
  /** Dotted and without indexes; of an object that comes or goes, none. */
  readonly attributes: readonly string[];
}

export const driftActions = ["create", "update", "replace", "delete", "move", "import", "forget", "check"] as const;

export type DriftAction = (typeof driftActions)[number];

/** What a plan says about a stack. */
export interface PlanFindings {
  readonly findings: readonly DriftFinding[];
  /** Names of the outputs that would change. */
  readonly outputs: readonly string[];
}

/**
 * Tells drift from a configuration that was not applied (DRF-4, T-27). The exit code of a plan cannot: it is 2 for both,
 * and for outputs. What refresh found, in `resource_drift`, is what somebody else changed; what is planned without it,
 * comes from the configuration. Throws a {@link ProblemsError} about any other format, without values of the plan.
 */
export function findingsOf(plan: unknown, where: string): PlanFindings {
  const { resource_changes, resource_drift, output_changes, checks, configuration } = readPlanJson(
    planJson,
    plan,
    where,
  );
  const drifted = new Map(resource_drift.map((one) => [one.address, changeOf(one)]));
  const planned = resource_changes.map(changeOf);
  const follows = followersOf([...drifted.values()], configuration);
  const found = planned
    .flatMap((one) => plannedFindings(one, drifted.get(one.address)))
    .flatMap((one) => divided(one, (path) => follows(one.address, path)));
  // What is only known at apply follows from another change, so it is of that one's kind.
  const kindOfFollowing = found.some(({ kind }) => kind === "drift") ? "drift" : "pending apply";
  const told = new Set(found.map(({ address }) => address));
  const left = [...drifted.values()].filter(({ address }) => !told.has(address));
  return {
    findings: [
      ...found.map(({ kind, ...rest }) => ({ kind: kind === "follows" ? kindOfFollowing : kind, ...rest })),
      ...left.flatMap((one) => silentFindings(one, one.attributes)),
      ...checks.flatMap(failedChecks),
    ],
    outputs: Object.entries(output_changes).flatMap(([name, { actions }]) => (actions.includes("no-op") ? [] : [name])),
  };
}

/** The class of a stack that was planned. */
export function classOf({ findings, outputs }: PlanFindings): DriftClass {
  const worst = findingKinds.find((wanted) => findings.some(({ kind }) => kind === wanted));
  return worst ?? (outputs.length > 0 ? "output only" : "clean");
}

interface ObjectChange {
  readonly address: string;
  readonly action: DriftAction | undefined;
  readonly attributes: readonly string[];
  /** Whether it differs only in what is known at apply. */
  readonly follows: boolean;
  /** Whether it is replaced whatever its attributes are. */
  readonly isForced: boolean;
}

type Found = Omit<DriftFinding, "kind"> & { readonly kind: FindingKind | "follows" };

/** A plan that changes an attribute which drifted changes it back; the rest of both is something else. */
function plannedFindings(planned: ObjectChange, drift: ObjectChange | undefined): Found[] {
  const { address, action, attributes, follows } = planned;
  if (action === undefined) {
    return [];
  }
  // What no attribute is the reason of, no rule for attributes lets pass.
  const whole: Found[] = planned.isForced && !follows ? [{ kind: "follows", address, action, attributes: [] }] : [];
  if (drift === undefined) {
    return [{ kind: follows ? "follows" : "pending apply", address, action, attributes }, ...whole];
  }
  if (drift.action === "delete" && action === "create") {
    return [{ kind: "drift", address, action, attributes: [] }];
  }
  const back = attributes.filter((path) => drift.attributes.some((other) => overlaps(path, other)));
  if (back.length === 0) {
    return [
      { kind: "pending apply", address, action, attributes },
      ...whole,
      ...silentFindings(drift, drift.attributes),
    ];
  }
  const ahead = attributes.filter((path) => !back.includes(path));
  const aside = drift.attributes.filter((path) => !back.some((other) => overlaps(path, other)));
  return [
    { kind: "drift", address, action, attributes: back },
    ...(ahead.length === 0 ? [] : [{ kind: "pending apply" as const, address, action, attributes: ahead }]),
    ...whole,
    ...silentFindings(drift, aside),
  ];
}

/** What waits for an apply only because something else has drifted, apart from what the configuration is newer in. */
function divided(one: Found, isFollower: (path: string) => boolean): Found[] {
  const followers = one.kind === "pending apply" ? one.attributes.filter(isFollower) : [];
  if (followers.length === 0) {
    return [one];
  }
  const rest = one.attributes.filter((path) => !followers.includes(path));
  return [
    { ...one, kind: "drift", attributes: followers },
    ...(rest.length === 0 ? [] : [{ ...one, attributes: rest }]),
  ];
}

function silentFindings({ address, action }: ObjectChange, attributes: readonly string[]): DriftFinding[] {
  // What the old SDK writes as null one day and as "" the other is no drift.
  const nothing = action === undefined || (action === "update" && attributes.length === 0);
  return nothing ? [] : [{ kind: "silent drift", address, action, attributes }];
}

/** A `check` looks at reality, and no apply does anything about it. */
function failedChecks({ address, status }: z.infer<typeof check>): DriftFinding[] {
  if (address?.kind !== "check" || status !== "fail") {
    return [];
  }
  return [{ kind: "silent drift", address: address.to_display, action: "check", attributes: [] }];
}

function overlaps(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}

const resourceChange = z.object({
  address: z.string(),
  previous_address: z.string().optional(),
  action_reason: z.string().optional(),
  change: z.object({
    actions: z.array(planAction),
    replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).default([]),
    importing: z.object({}).optional(),
    before: z.unknown().optional(),
    after: z.unknown().optional(),
    after_unknown: z.unknown().optional(),
    before_sensitive: z.unknown().optional(),
    after_sensitive: z.unknown().optional(),
  }),
});

const check = z.object({
  address: z.object({ kind: z.string(), to_display: z.string() }).optional(),
  status: z.string().optional(),
});

const planJson = z.object({
  format_version: planVersion,
  errored: z.literal(false).optional(),
  resource_changes: z.array(resourceChange).default([]),
  resource_drift: z.array(resourceChange).default([]),
  output_changes: z.record(z.string(), z.object({ actions: z.array(planAction) })).default({}),
  checks: z.array(check).default([]),
  configuration: z.unknown().optional(),
});

/** Reasons of a replacement that are no attribute. */
const forcing: readonly unknown[] = ["replace_because_tainted", "replace_by_request", "replace_by_triggers"];

function changeOf({ address, previous_address, action_reason, change }: z.infer<typeof resourceChange>): ObjectChange {
  const { actions, replace_paths, before, after, after_unknown, before_sensitive, after_sensitive } = change;
  const action =
    actionOf(actions) ??
    (previous_address !== undefined ? "move" : change.importing !== undefined ? "import" : undefined);
  if (action !== "update" && action !== "replace") {
    return { address, action, attributes: [], follows: false, isForced: false };
  }
  const all = changedPaths(before, after, after_unknown);
  const unknown = unknownPaths("", after_unknown);
  const known = all.filter((path) => !unknown.includes(path));
  // A value that is known only at apply is told where the object is replaced for it.
  const replacing = replace_paths.map((path) => path.filter((step) => typeof step === "string").join("."));
  const told = all.filter((path) => known.includes(path) || replacing.some((other) => overlaps(path, other)));
  const shown = (known.length === 0 ? all : told).map((path) => visible(path, [before_sensitive, after_sensitive]));
  return {
    address,
    action,
    attributes: [...new Set(shown)],
    follows: known.length === 0 && all.length > 0,
    isForced: forcing.includes(action_reason),
  };
}

function actionOf(actions: readonly PlanAction[]): DriftAction | undefined {
  if (isReplacement(actions)) {
    return "replace";
  }
  return (["create", "update", "delete", "forget"] as const).find((action) => actions.includes(action));
}

function unknownPaths(path: string, unknown: unknown): string[] {
  if (unknown === true) {
    return [path];
  }
  if (isValues(unknown)) {
    return Object.entries(unknown).flatMap(([name, inner]) =>
      unknownPaths(path === "" ? name : `${path}.${name}`, inner),
    );
  }
  return arrayOf(unknown).flatMap((inner) => unknownPaths(path, inner));
}

/** A path as far as it may be told: of a sensitive map not even the keys. */
function visible(path: string, sensitive: readonly unknown[]): string {
  const names = path.split(".");
  return names.slice(0, sensitiveFrom(names, sensitive)).join(".");
}

/** From which name on a path is sensitive, at the latest after its last one. The key of a map may have dots in it. */
function sensitiveFrom(names: readonly string[], mark: unknown): number {
  if (mark === true) {
    return 0;
  }
  if (!isValues(mark)) {
    return Math.min(names.length, ...arrayOf(mark).map((inner) => sensitiveFrom(names, inner)));
  }
  const depths = Object.entries(mark).map(([key, inner]) => {
    const own = key.split(".");
    const isOnPath = own.every((name, index) => name === names[index]);
    return isOnPath ? own.length + sensitiveFrom(names.slice(own.length), inner) : names.length;
  });
  return Math.min(names.length, ...depths);
}
