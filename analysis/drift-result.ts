import * as z from "zod";
import { malformedDriftResult, ProblemsError } from "../errors";
import {
  classOf,
  type DriftClass,
  type DriftFinding,
  driftActions,
  driftClasses,
  findingKinds,
  type PlanFindings,
} from "./drift-classes";
import { applyRules, type DriftRules, expiredRules, type Ignored, noRules } from "./drift-rules";

/** What a run found: what is written, drawn and pushed. Holds addresses and names of attributes, and never a value. */
export interface DriftResult {
  readonly formatVersion: 1;
  /** ISO 8601, UTC; as all times here. */
  readonly started: string;
  readonly ended: string;
  /** The commit on which suspects were planned last. @default - it is no checkout */
  readonly commit?: string | undefined;
  /** Which part of the stacks this is. @default - all of them */
  readonly shard?: Shard | undefined;
  /** What the shards of one run have in common. @default - nobody named it */
  readonly run?: string | undefined;
  /** Names of all stacks of the site, those of other shards among them. */
  readonly all: readonly string[];
  readonly stacks: readonly StackResult[];
  /** Stacks that a rule leaves out. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  /** The run that this one is compared with. @default - none */
  readonly previous?: { readonly ended: string; readonly commit?: string | undefined } | undefined;
  /** Stacks of the earlier run that are no more. */
  readonly removed: readonly string[];
  /** Rules that no longer hold. */
  readonly expired: readonly { readonly address: string; readonly reason: string; readonly until: string }[];
}

export interface Shard {
  /** From 0. */
  readonly index: number;
  readonly count: number;
}

export interface StackResult {
  readonly name: string;
  readonly class: DriftClass;
  /** Since when it has been of this class, as far as runs tell. */
  readonly since: string;
  /** Of the earlier run. @default - it was not in it */
  readonly before?: DriftClass | undefined;
  /** When it was measured last. @default - never */
  readonly measured?: string | undefined;
  /** How long the last plan took. @default - there was none */
  readonly seconds?: number | undefined;
  /** Why it could not be planned, or was not measured. */
  readonly reason?: string | undefined;
  /** What there is; of a stack that was not measured now, what was last known. */
  readonly findings: readonly AgedFinding[];
  readonly outputs: readonly string[];
  /** What rules keep out of the findings, with the age that it has when they no longer do. */
  readonly ignored: readonly AgedIgnored[];
  /** Addresses of the earlier run about which there is nothing to say any more. */
  readonly gone: readonly string[];
  /** Whether it was planned a second time before it was said to be other than clean. */
  readonly confirmed: boolean;
}

export interface AgedFinding extends DriftFinding {
  readonly firstSeen: string;
}

export interface AgedIgnored extends Ignored {
  readonly firstSeen: string;
}

/** What came of one stack in a run. */
export interface Measurement {
  readonly name: string;
  readonly seconds?: number | undefined;
  readonly confirmed: boolean;
  readonly outcome:
    | { readonly kind: "planned"; readonly plan: PlanFindings }
    | { readonly kind: "error" | "not measured"; readonly reason: string };
}

/** What goes around the stacks. */
export interface RunFacts {
  readonly started: Date;
  readonly ended: Date;
  readonly commit?: string | undefined;
  readonly shard?: Shard | undefined;
  readonly run?: string | undefined;
  readonly all: readonly string[];
  readonly skipped: DriftResult["skipped"];
}

/** The result of a run: its measurements by the rules, with the age of each finding from the run before. */
export function resultOf(
  facts: RunFacts,
  measurements: readonly Measurement[],
  rules: DriftRules,
  previous?: DriftResult,
): DriftResult {
  const now = facts.ended;
  const before = new Map(previous?.stacks.map((stack) => [stack.name, stack]));
  const expected = new Set([...facts.all, ...facts.skipped.map(({ name }) => name)]);
  return {
    formatVersion: 1,
    ...facts,
    started: facts.started.toISOString(),
    ended: now.toISOString(),
    stacks: measurements.map((one) => stackResult(one, rules, now, before.get(one.name))).sort(byName),
    previous: previous === undefined ? undefined : { ended: previous.ended, commit: previous.commit },
    removed: [...before.keys()].filter((name) => !expected.has(name)),
    expired: expiredRules(rules, now).map(({ address, reason, until }) => ({ address, reason, until })),
  };
}

function stackResult(one: Measurement, rules: DriftRules, now: Date, before?: StackResult): StackResult {
  const { name, seconds, confirmed, outcome } = one;
  const time = now.toISOString();
  const planned = outcome.kind === "planned";
  const { findings, ignored } = planned
    ? applyRules(name, outcome.plan.findings, rules, now)
    : { findings: before?.findings ?? [], ignored: before?.ignored ?? [] };
  const outputs = planned ? outcome.plan.outputs : [];
  const ofClass = planned ? classOf({ findings, outputs }) : outcome.kind;
  const aged = <One extends AgeKey>(one: One) => ({ ...one, firstSeen: seenBefore(one, before) ?? time });
  const addresses = new Set(findings.map(({ address }) => address));
  return {
    name,
    class: ofClass,
    since: before?.class === ofClass ? before.since : time,
    before: before?.class,
    measured: planned ? time : before?.measured,
    seconds,
    reason: planned ? undefined : outcome.reason,
    findings: findings.map(aged),
    outputs,
    ignored: ignored.map(aged),
    gone: [...new Set(before?.findings.map(({ address }) => address))].filter((address) => !addresses.has(address)),
    confirmed,
  };
}

/**
 * The results of all shards of a run as one. A stack that none of them tells about was not measured; what was known of it
 * stays.
 */
export function mergeResults(results: readonly DriftResult[], known?: DriftResult): DriftResult {
  const [first, ...others] = [...results].sort((one, other) => (one.ended < other.ended ? -1 : 1));
  if (first === undefined) {
    throw new RangeError("There is nothing to merge.");
  }
  const last = others.at(-1);
  if (last === undefined && first.shard === undefined) {
    return first;
  }
  // Of a stack that two of them tell about, the later one counts.
  const stacks = new Map([first, ...others].flatMap((one) => one.stacks.map((stack) => [stack.name, stack])));
  const { shard: _, ...newest } = last ?? first;
  const all = union(results.map((one) => one.all));
  const skipped = new Map(results.flatMap((one) => one.skipped.map((stack) => [stack.name, stack])));
  const missing = all.filter((name) => !stacks.has(name));
  const before = new Map(known?.stacks.map((stack) => [stack.name, stack]));
  return {
    ...newest,
    started: results.map(({ started }) => started).sort()[0] ?? first.started,
    all,
    stacks: [...stacks.values(), ...missing.map((name) => unreported(name, newest.ended, before.get(name)))].sort(
      byName,
    ),
    skipped: [...skipped.values()].sort(byName),
    removed: newest.removed.filter((name) => !all.includes(name)),
  };
}

function unreported(name: string, time: string, before?: StackResult): StackResult {
  const outcome = { kind: "not measured", reason: "no shard told about it" } as const;
  return stackResult({ name, confirmed: false, outcome }, noRules, new Date(time), before);
}

/** Since when the oldest finding of a class has been there. */
export function firstSeen({ findings }: StackResult, kind: DriftClass): string | undefined {
  return findings
    .filter((finding) => finding.kind === kind)
    .map((finding) => finding.firstSeen)
    .sort()[0];
}

/** Whether the stack was planned in this run. */
export function isMeasured(stack: StackResult): boolean {
  return stack.class !== "error" && stack.class !== "not measured";
}

/** How many stacks there are of each class, from the worst. */
export function countsOf({ stacks }: DriftResult): readonly (readonly [DriftClass, number])[] {
  return driftClasses.map((one) => [one, stacks.filter((stack) => stack.class === one).length]);
}

/** Addresses by type: one alone as it is, several as `type × n`. */
export function collapsed(addresses: readonly string[]): string[] {
  const types = new Map<string, string[]>();
  for (const address of new Set(addresses)) {
    const type = typeOf(address);
    types.set(type, [...(types.get(type) ?? []), address]);
  }
  return [...types].map(([type, of]) => (of.length === 1 ? (of[0] ?? type) : `${type} × ${of.length}`));
}

/** The type in an address: `a_type` of `module.b["c.d"].a_type.e[0]`. */
function typeOf(address: string): string {
  const parts = address.replace(/\["(?:[^"\\]|\\.)*"\]|\[\d+\]/g, "").split(".");
  const inner = parts.findIndex((part, index) => index % 2 === 0 && part !== "module");
  const [type = address, name] = parts.slice(inner);
  return type === "data" || type === "check" ? `${type}.${name}` : type;
}

/** Reads what a run wrote. Throws a {@link ProblemsError} about anything else. */
export function readResult(result: unknown, where: string): DriftResult {
  const parsed = resultJson.safeParse(result);
  if (!parsed.success) {
    throw new ProblemsError([malformedDriftResult(where, z.prettifyError(parsed.error))]);
  }
  return parsed.data;
}

type AgeKey = Pick<DriftFinding, "kind" | "address" | "attributes">;

/** Since when it is known. What a rule let pass counts for the same attributes, and not for others of its object. */
function seenBefore({ kind, address, attributes }: AgeKey, before: StackResult | undefined): string | undefined {
  const isSame = (other: AgeKey) => other.kind === kind && other.address === address;
  const isWhole = attributes.length === 0;
  const isOfSame = (other: AgeKey) =>
    isWhole ? other.attributes.length === 0 : other.attributes.some((path) => attributes.includes(path));
  const known = before?.findings.find(isSame);
  return (known ?? before?.ignored.find((one) => isSame(one) && isOfSame(one)))?.firstSeen;
}

function union(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())].sort();
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : 1;
}

const time = z.iso.datetime();
const texts = z.array(z.string());

const stackJson = z.object({
  name: z.string(),
  class: z.enum(driftClasses),
  since: time,
  before: z.enum(driftClasses).optional(),
  measured: time.optional(),
  seconds: z.number().optional(),
  reason: z.string().optional(),
  findings: z.array(
    z.object({
      kind: z.enum(findingKinds),
      address: z.string(),
      action: z.enum(driftActions),
      attributes: texts,
      firstSeen: time,
    }),
  ),
  outputs: texts,
  ignored: z.array(
    z.object({
      kind: z.enum(findingKinds),
      address: z.string(),
      attributes: texts,
      reason: z.string(),
      until: z.string(),
      firstSeen: time,
    }),
  ),
  gone: texts,
  confirmed: z.boolean(),
});

const resultJson = z.object({
  formatVersion: z.literal(1),
  started: time,
  ended: time,
  commit: z.string().optional(),
  shard: z.object({ index: z.number(), count: z.number() }).optional(),
  run: z.string().optional(),
  all: texts,
  stacks: z.array(stackJson),
  skipped: z.array(z.object({ name: z.string(), reason: z.string() })),
  previous: z.object({ ended: time, commit: z.string().optional() }).optional(),
  removed: texts,
  expired: z.array(z.object({ address: z.string(), reason: z.string(), until: z.string() })),
});
