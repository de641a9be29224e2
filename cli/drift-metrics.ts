import { type DriftClass, findingKinds } from "../analysis/drift-classes";
import { countsOf, type DriftResult, firstSeen, isMeasured, type StackResult } from "../analysis/drift-result";
import { metric, pushText, type Sample } from "./metrics";

/** What `tf_drift_status` says of each class; the first four are what rules for one number usually know. */
export const statusOf: Readonly<Record<DriftClass, number>> = {
  clean: 0,
  drift: 1,
  error: 2,
  "not measured": 3,
  "silent drift": 4,
  "pending apply": 5,
  "output only": 6,
};

/**
 * A run in the text format of Prometheus (MON-1). All series of all stacks each time, so that one that is gone goes, and
 * without timestamps, which neither the textfile collector nor a Pushgateway takes.
 */
export function metricsText(result: DriftResult): string {
  const { stacks, skipped, commit, shard, expired } = result;
  const run = shard === undefined ? {} : { shard: String(shard.index) };
  const ofStack = (value: (stack: StackResult) => number | undefined): Sample[] =>
    stacks.flatMap((stack) => {
      const number = value(stack);
      return number === undefined ? [] : [[{ stack: stack.name }, number]];
    });
  return [
    metric(
      "tf_drift_status",
      "0 clean, 1 drift, 2 error, 3 not measured, 4 silent drift, 5 pending apply, 6 output only",
      ofStack((stack) => statusOf[stack.class]),
    ),
    metric(
      "tf_drift_status_since_timestamp_seconds",
      "Since when the stack has had its status.",
      ofStack(({ since }) => secondsOf(since)),
    ),
    metric(
      "tf_drift_first_seen_timestamp_seconds",
      "Since when the oldest drift that is left has been there; 0 without drift. Of a stack that was not measured, as last known.",
      ofStack((stack) => secondsOf(firstSeen(stack, "drift"))),
    ),
    metric(
      "tf_drift_resources",
      "Objects with something to say about, by kind.",
      stacks.flatMap((stack) =>
        findingKinds.map((kind): Sample => [{ stack: stack.name, kind }, addressesOf(stack, kind).size]),
      ),
    ),
    metric(
      "tf_drift_ignored_resources",
      "Objects that a rule lets pass.",
      ofStack(({ ignored }) => new Set(ignored.map(({ address }) => address)).size),
    ),
    metric(
      "tf_drift_last_checked_timestamp_seconds",
      "When the stack was measured last; 0 if never.",
      ofStack(({ measured }) => secondsOf(measured)),
    ),
    metric(
      "tf_drift_plan_duration_seconds",
      "How long its last plan took.",
      ofStack(({ seconds }) => seconds),
    ),
    metric("tf_drift_run_stacks_expected", "Stacks that this run was to measure.", [[run, stacks.length]]),
    metric("tf_drift_run_stacks_measured", "Stacks that it measured.", [[run, stacks.filter(isMeasured).length]]),
    metric("tf_drift_run_stacks_skipped", "Stacks that a rule leaves out.", [[run, skipped.length]]),
    metric(
      "tf_drift_run_stacks",
      "Stacks by class.",
      countsOf(result).map(([ofClass, count]): Sample => [{ ...run, class: ofClass }, count]),
    ),
    metric("tf_drift_run_rules_expired", "Rules that no longer hold.", [[run, expired.length]]),
    metric("tf_drift_run_last_completed_timestamp_seconds", "When the run ended.", [[run, secondsOf(result.ended)]]),
    metric("tf_drift_run_duration_seconds", "How long it took.", [
      [run, secondsOf(result.ended) - secondsOf(result.started)],
    ]),
    ...(commit === undefined
      ? []
      : [metric("tf_drift_run_commit_info", "The commit that was measured.", [[{ ...run, commit }, 1]])]),
  ].join("");
}

/** Replaces what a Pushgateway has of this run, or of this shard of it (T-25). Throws if it does not take it. */
export async function pushMetrics(gateway: string, result: DriftResult): Promise<void> {
  const group = result.shard === undefined ? "" : `/shard/${result.shard.index}`;
  await pushText(gateway, `tf-drift${group}`, metricsText(result));
}

function addressesOf({ findings }: StackResult, kind: DriftClass): ReadonlySet<string> {
  return new Set(findings.filter((finding) => finding.kind === kind).map(({ address }) => address));
}

function secondsOf(time: string | undefined): number {
  return time === undefined ? 0 : Date.parse(time) / 1000;
}
