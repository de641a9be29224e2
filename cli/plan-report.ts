import type { Verdict } from "../analysis/plan-guard";
import type { PlanSummary } from "../analysis/plan-summary";
import { guardText } from "./guard-report";
import type { StackPlan } from "./plan-stack";
import { table } from "./table";

/**
 * 0 when nothing is to do, 2 when something is, 1 when a stack could not be planned: as Terraform's detailed ones. 3 when
 * the guard refuses what is to do.
 */
export function exitCodeOf(plans: readonly StackPlan[], { safe }: Verdict): 0 | 1 | 2 | 3 {
  if (plans.some(({ status }) => status === "error" || status === "not planned")) {
    return 1;
  }
  if (!safe) {
    return 3;
  }
  return plans.some(({ status }) => status !== "no changes") ? 2 : 0;
}

/** The counts of every stack, below them what a reviewer must see, and what the guard says. */
export function reportText(plans: readonly StackPlan[], verdict: Verdict): string {
  const totals = totalsOf(plans);
  const counts = table([
    ["stack", ...counted, "status"],
    ...plans.map((plan) => [plan.name, ...counted.map((kind) => countOf(plan, kind)), statusText(plan)]),
    ["total", ...counted.map((kind) => String(totals[kind])), ""],
  ]);
  const replaced = linesText(plans, "replace", "Would be replaced");
  const destroyed = linesText(plans, "destroy", "Would be destroyed");
  const warnings = linesText(plans, "warnings", "Checks that failed");
  const unknown = plans.filter((plan) => !("summary" in plan)).length;
  return [counts, ...replaced, ...destroyed, ...warnings, guardText(verdict, unknown)].join("\n\n");
}

/** The same for programs, with all addresses. */
export function reportJson(plans: readonly StackPlan[], verdict: Verdict): string {
  const exitCode = exitCodeOf(plans, verdict);
  const report = { stacks: plans.map(stackJson), totals: totalsOf(plans), guard: verdict, exitCode };
  return JSON.stringify(report, null, 2);
}

/** The word of the status, with what the counts do not say. */
export function statusText(plan: StackPlan): string {
  if (plan.status === "not planned") {
    return `not planned (needs ${plan.needs.join(", ")})`;
  }
  if (plan.status === "error") {
    return plan.needs.length === 0 ? "error" : `error (apply ${plan.needs.join(", ")} first)`;
  }
  const more = mentioned.flatMap((kind) =>
    plan.summary[kind].length === 0 ? [] : [`${plan.summary[kind].length} ${kind}`],
  );
  return more.length === 0 ? plan.status : `${plan.status} (${more.join(", ")})`;
}

const counted = ["create", "change", "replace", "destroy"] as const;
const mentioned = ["moved", "imported", "forgotten", "drifted"] as const;

type Counts = Readonly<Record<(typeof counted)[number], number>>;

function totalsOf(plans: readonly StackPlan[]): Counts {
  const summaries = plans.flatMap((plan) => ("summary" in plan ? [plan.summary] : []));
  const total = (kind: keyof PlanSummary): number => summaries.reduce((sum, summary) => sum + summary[kind].length, 0);
  return { create: total("create"), change: total("change"), replace: total("replace"), destroy: total("destroy") };
}

/** A stack without a plan has no counts: a zero would say that nothing is to do. */
function countOf(plan: StackPlan, kind: keyof PlanSummary): string {
  return "summary" in plan ? String(plan.summary[kind].length) : "-";
}

function linesText(plans: readonly StackPlan[], kind: keyof PlanSummary, title: string): string[] {
  const rows = plans.flatMap((plan) =>
    "summary" in plan ? plan.summary[kind].map((line) => [`  ${plan.name}`, line]) : [],
  );
  return rows.length === 0 ? [] : [`${title}:\n${table(rows)}`];
}

function stackJson(plan: StackPlan): object {
  if (!("summary" in plan)) {
    return { name: plan.name, status: plan.status, needs: plan.needs };
  }
  const { outputs, warnings, ...addresses } = plan.summary;
  return { name: plan.name, status: plan.status, ...totalsOf([plan]), addresses, outputs, warnings };
}
