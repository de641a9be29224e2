import type { GateVerdict, JudgedCriterion } from "../analysis/gates";
import { type Decision, outcomes } from "../analysis/gates/decision";
import { figures } from "../analysis/gates/figures";
import { formatProblem } from "../errors";
import { table } from "./table";

/** For people: what is met, where the rest comes from, and the verdict in the last line. */
export function gateText({ gate, site, measuredAt, passed, criteria }: GateVerdict): string {
  const open = criteria.filter(({ state }) => state !== "met");
  const rows = criteria.map(({ state, id, found }) => [state, id, found]);
  const count = `${criteria.length - open.length} of ${criteria.length} criteria met`;
  return [
    table(rows),
    ...open.map(openText),
    `Gate ${gate} of ${site}: ${passed ? "passed" : "not passed"}; ${count}, measured at ${measuredAt}`,
  ].join("\n\n");
}

function openText({ id, asks, figures: judgedBy }: JudgedCriterion): string {
  return [`${id}: ${asks}`, ...judgedBy.map((figure) => `  ${figure}: ${figures[figure]}`)].join("\n");
}

/** For people: the outcome with its rule and what would change it, or what is missing. */
export function decisionText(decision: Decision): string {
  if (!decision.decided) {
    return [...decision.refusals.map(formatProblem), "Stage C: not decided"].join("\n\n");
  }
  const { outcome, rule, because, wouldChange, days, totals } = decision;
  const { number, title, next } = outcomes[outcome];
  return [
    `${rule}: ${because}`,
    table([
      ["days of reviewed evidence", String(days)],
      ["days not measured", String(totals.unmeasuredDays)],
      ["caught", String(totals.caught)],
      ["caught, with an incident", String(totals.caughtIncidents)],
      ["not caught", String(totals.uncaught)],
      ["not caught, with an incident", String(totals.uncaughtIncidents)],
      ["SSH was missed", String(totals.sshMissed)],
    ]),
    [
      "It would be different if",
      ...wouldChange.map((change) => `  ${change.if}: ${change.outcome} (${change.rule})`),
    ].join("\n"),
    next,
    `Stage C: Outcome ${number}, ${outcome}: ${title}`,
  ].join("\n\n");
}
