import * as z from "zod";
import { malformedDriftRules, ProblemsError } from "../errors";
import type { DriftFinding, FindingKind } from "./drift-classes";
import { matches } from "./matches";

/** What is known about the stacks of a site, and is not to be told every day. */
export interface DriftRules {
  /** What is let pass. @default - nothing */
  readonly ignore: readonly IgnoreRule[];
  /** Stacks that are not planned. @default - all are */
  readonly skip: readonly SkipRule[];
}

/** Attributes, or whole objects, that somebody else looks after for a while. */
export interface IgnoreRule {
  /** A stack's name; `*` is any part of it. @default "*" */
  readonly stack: string;
  /** An address; `*` is any part of it. */
  readonly address: string;
  /** Attributes, dotted and without indexes, with all in them. @default - all, and that it comes or goes */
  readonly attributes?: readonly string[] | undefined;
  readonly reason: string;
  /** The last day on which the rule holds, in UTC: `2027-01-31`. */
  readonly until: string;
}

export interface SkipRule {
  /** A stack's name; `*` is any part of it. */
  readonly stack: string;
  readonly reason: string;
}

/** What a rule kept out of the findings. */
export interface Ignored {
  readonly kind: FindingKind;
  readonly address: string;
  readonly attributes: readonly string[];
  readonly reason: string;
  readonly until: string;
}

export const noRules: DriftRules = { ignore: [], skip: [] };

/** Rules as JSON. Throws a {@link ProblemsError} about anything else. */
export function readRules(rules: unknown, where: string): DriftRules {
  const parsed = rulesJson.safeParse(rules);
  if (!parsed.success) {
    throw new ProblemsError([malformedDriftRules(where, z.prettifyError(parsed.error))]);
  }
  return parsed.data;
}

/** The findings without what the rules let pass on a day. */
export function applyRules(
  stack: string,
  findings: readonly DriftFinding[],
  { ignore }: DriftRules,
  now: Date,
): { readonly findings: readonly DriftFinding[]; readonly ignored: readonly Ignored[] } {
  const rules = ignore.filter((rule) => !isExpired(rule, now) && matches(rule.stack, stack));
  const ignored: Ignored[] = [];
  const kept = findings.flatMap((finding) => {
    let left: DriftFinding | undefined = finding;
    for (const rule of rules.filter(({ address }) => matches(address, finding.address))) {
      const covered: readonly string[] = left.attributes.filter((path) => covers(rule, path));
      const isAll = rule.attributes === undefined || (covered.length > 0 && covered.length === left.attributes.length);
      if (isAll || covered.length > 0) {
        const { reason, until } = rule;
        ignored.push({ kind: left.kind, address: left.address, attributes: covered, reason, until });
      }
      if (isAll) {
        return [];
      }
      left = { ...left, attributes: left.attributes.filter((path) => !covered.includes(path)) };
    }
    return [left];
  });
  return { findings: kept, ignored };
}

/** The rules that no longer hold: what they let pass is told again. */
export function expiredRules({ ignore }: DriftRules, now: Date): IgnoreRule[] {
  return ignore.filter((rule) => isExpired(rule, now));
}

function isExpired({ until }: IgnoreRule, now: Date): boolean {
  return now.toISOString().slice(0, 10) > until;
}

function covers({ attributes }: IgnoreRule, path: string): boolean {
  return attributes === undefined || attributes.some((one) => path === one || path.startsWith(`${one}.`));
}

const reason = z.string().regex(/\S/, "say why");

const rulesJson = z.strictObject({
  ignore: z
    .array(
      z.strictObject({
        stack: z.string().default("*"),
        address: z.string(),
        attributes: z.array(z.string()).min(1).optional(),
        reason,
        until: z.iso.date(),
      }),
    )
    .default([]),
  skip: z.array(z.strictObject({ stack: z.string(), reason })).default([]),
});
