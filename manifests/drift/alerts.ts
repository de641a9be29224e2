/** What is to be told of drift, and of the watch over it. */
import type { AlertRule } from "../prometheus-rule";

export interface DriftAlertOptions {
  /** How many pods a run has. */
  readonly shards: number;
  /** For how many stacks it was computed. */
  readonly stacks: number;
  /** Hours after which drift is to be told. */
  readonly toleratedHours: number;
  /** Seconds within which each shard says something as long as runs take place. */
  readonly silenceSeconds: number;
}

/**
 * One alert for each class of a stack but `clean` and `output only`, and one for each way not to know what there is
 * (DRF-4, MON-2, MON-3): what a Pushgateway has stays as it was when nobody looks any more.
 */
export function driftAlerts({
  shards,
  stacks,
  toleratedHours,
  silenceSeconds,
}: DriftAlertOptions): readonly AlertRule[] {
  const stack = "{{ $labels.stack }}";
  const lasting = (status: number, hours: number) =>
    `tf_drift_status == ${status} and time() - tf_drift_status_since_timestamp_seconds > ${hours * 3600}`;
  const last = "tf_drift_run_last_completed_timestamp_seconds";
  const many = Math.max(3, Math.ceil(stacks / 10));
  return [
    {
      alert: "DriftUnaddressed",
      expr: `tf_drift_first_seen_timestamp_seconds > 0 and time() - tf_drift_first_seen_timestamp_seconds > ${toleratedHours * 3600}`,
      for: "5m",
      severity: "warning",
      summary: `The stack ${stack} has drifted for more than ${toleratedHours} h.`,
      description: "Somebody changed what the code says otherwise, and the next apply changes it back or destroys it.",
    },
    {
      alert: "DriftMany",
      expr: `count(tf_drift_status == 1) > ${many}`,
      for: "5m",
      severity: "critical",
      summary: "{{ $value }} stacks have drifted at once.",
      description:
        "That is one cause and not so many changes: an upgrade, a new default, or somebody at work. Apply nothing before it is known.",
    },
    {
      alert: "DriftSilent",
      expr: lasting(4, 7 * 24),
      for: "5m",
      severity: "info",
      summary: `Reality is other than the state of ${stack} for more than a week.`,
      description: "An apply would leave it alone. Take it into the state, or into the code.",
    },
    {
      alert: "DriftPendingApply",
      expr: lasting(5, 3 * 24),
      for: "5m",
      severity: "info",
      summary: `What is merged for ${stack} has not been applied for three days.`,
      description: "Whoever applies next applies it as well, and may not expect it.",
    },
    {
      alert: "DriftStackErrored",
      expr: lasting(2, 24),
      for: "1h",
      severity: "warning",
      summary: `The stack ${stack} cannot be planned.`,
      description: "Nobody knows what else is wrong there, and it cannot be applied either.",
    },
    {
      alert: "DriftRunIncomplete",
      expr: 'tf_drift_run_stacks{class="not measured"} > 0',
      for: "15m",
      severity: "warning",
      summary: "{{ $value }} stacks of shard {{ $labels.shard }} were not measured.",
      description:
        "The time was over, or states or providers were out of reach. What is shown of them is what was last known.",
    },
    {
      alert: "DriftNotCovered",
      expr: `time() - tf_drift_last_checked_timestamp_seconds > ${3 * silenceSeconds} unless tf_drift_status == 2`,
      for: "15m",
      severity: "warning",
      summary: `The stack ${stack} was not measured in the last three runs.`,
      description: "Nothing that happens to it is seen.",
    },
    {
      alert: "DriftStacksGrown",
      expr: `sum(tf_drift_run_stacks_expected) > ${stacks}`,
      for: "15m",
      severity: "warning",
      summary: `There are {{ $value }} stacks, and shards and deadline were computed for ${stacks}.`,
      description: "Sooner or later a run does not end in time. Say the new number in the code.",
    },
    {
      alert: "DriftRulesExpired",
      expr: "max(tf_drift_run_rules_expired) > 0",
      for: "15m",
      severity: "info",
      summary: "{{ $value }} rules no longer hold.",
      description: "What they let pass is told again.",
    },
    {
      alert: "DriftRunStale",
      expr: `time() - ${last} > ${silenceSeconds}`,
      for: "5m",
      severity: "warning",
      summary: "Shard {{ $labels.shard }} has not looked for drift for {{ $value | humanizeDuration }}.",
      description:
        "Its Job does not start, fails before it looks, or cannot push. All that is shown of its stacks is old.",
    },
    {
      alert: "DriftRunAbsent",
      expr: Array.from({ length: shards }, (_, index) => `absent(${last}{shard="${index}"})`).join(" or "),
      for: `${Math.ceil(silenceSeconds / 60)}m`,
      severity: "warning",
      summary: "Nothing is known of shard {{ $labels.shard }}.",
      description: "It never ran, or the Pushgateway has forgotten what it said.",
    },
  ];
}
