/** What is to be told of Talos machines, and of the watch over them. */
import type { AlertRule } from "../prometheus-rule";

export interface TalosDriftAlertOptions {
  /** Name of the cluster, which is a label of all metrics. */
  readonly cluster: string;
  /** The longest time between two runs, in seconds. */
  readonly longestGapSeconds: number;
  /** Seconds within which a run ends as long as runs take place. */
  readonly silenceSeconds: number;
}

/** How long a machine may differ: an upgrade takes minutes, and is no drift. */
const toleratedSeconds = 3600;

/** One alert for what differs, and one for each way not to know whether it does (MON-3, T-25). */
export function talosDriftAlerts(options: TalosDriftAlertOptions): readonly AlertRule[] {
  const { cluster, longestGapSeconds, silenceSeconds } = options;
  const of = (metric: string, labels = "") => `talos_drift_${metric}{cluster="${cluster}"${labels}}`;
  const machine = "{{ $labels.machine }}";
  const since = of("since_timestamp_seconds");
  const last = of("run_last_completed_timestamp_seconds");
  const minutes = (seconds: number) => `${Math.ceil(seconds / 60)}m`;
  return [
    {
      alert: "TalosDrift",
      expr: `time() - ${since} > ${toleratedSeconds} and ${since} > 0`,
      for: "5m",
      severity: "warning",
      summary: `${machine} has not been what the code says for {{ $value | humanizeDuration }}.`,
      description: "Its release or its extensions are others: somebody upgraded it by hand, or nobody has applied.",
    },
    {
      alert: "TalosDriftNotMeasured",
      expr: `${of("state", ',state="not_measured"')} == 1`,
      // What is so for longer than the time between two runs was so in both.
      for: minutes(longestGapSeconds + 900),
      severity: "warning",
      summary: `${machine} could not be measured in two runs.`,
      description:
        "It does not answer, or refuses the role of the watch. What else is shown of it is what was last known.",
    },
    {
      alert: "TalosDriftStale",
      expr: `time() - ${last} > ${silenceSeconds}`,
      for: "5m",
      severity: "warning",
      summary: `Nobody has looked at the machines of ${cluster} for {{ $value | humanizeDuration }}.`,
      description:
        "The Job does not start, fails before it looks, or cannot push. All that is shown of its machines is old.",
    },
    {
      alert: "TalosDriftAbsent",
      expr: `absent(${last})`,
      for: minutes(silenceSeconds),
      severity: "warning",
      summary: `Nothing is known of the machines of ${cluster}.`,
      description: "The watch never ran, or the Pushgateway has forgotten what it said.",
    },
  ];
}
