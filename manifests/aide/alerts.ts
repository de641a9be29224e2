/** What is to be told of the watch over files. */
import type { AlertRule } from "../prometheus-rule";
import { longestHoldOffMinutes } from "./times";

export interface IntegrityAlertOptions {
  /** Namespace and name of the DaemonSet. */
  readonly namespace: string;
  readonly name: string;
  /** The most minutes between two checks of a node. */
  readonly longestSilenceMinutes: number;
}

/** Minutes after which a watcher that says nothing is taken for stopped; it says something every five. */
export const stoppedAfterMinutes = 30;

/**
 * One alert for each state that is not clean, and one for each way not to know the state (AIDE-13, MON-3, T-25): a watch
 * that stands still keeps its last metrics, which look healthy.
 */
export function integrityAlerts(options: IntegrityAlertOptions): readonly AlertRule[] {
  const { namespace, name, longestSilenceMinutes } = options;
  const node = "{{ $labels.node }}";
  const state = (value: string) => `aide_state{state="${value}"} == 1`;
  return [
    {
      alert: "FileIntegrityDrift",
      expr: state("drift"),
      for: "1h",
      severity: "warning",
      summary: `Files of ${node} differ from its baseline.`,
      description: "Somebody or something changed what is watched. The log of the watcher has a line for each path.",
    },
    {
      alert: "FileIntegrityError",
      expr: state("error"),
      // A failed check is made again after an hour.
      for: "90m",
      severity: "warning",
      summary: `The files of ${node} could not be checked.`,
      description: "What is there now is not known. The log of the watcher says why.",
    },
    {
      alert: "FileIntegrityBaselineMissing",
      expr: state("baseline_missing"),
      for: "1h",
      severity: "warning",
      summary: `${node} has no approved baseline.`,
      description: "It is new, or its baseline was deleted. Nothing is compared until somebody approves one.",
    },
    {
      alert: "FileIntegrityBaselineForeign",
      expr: state("baseline_foreign"),
      for: "5m",
      severity: "critical",
      summary: `The baseline of ${node} is not the one that was approved for what is watched now.`,
      description:
        "Somebody replaced it, or the configuration or AIDE is another one since. The log of the watcher says which.",
    },
    {
      alert: "FileIntegrityHeldOff",
      expr: state("held_off"),
      for: `${longestHoldOffMinutes + 60}m`,
      severity: "warning",
      summary: `${node} is held off for longer than checks may be.`,
      description: "Somebody holds it off again and again, its clock is wrong, or its watcher does not go on.",
    },
    {
      alert: "FileIntegrityUnreadable",
      expr: "aide_read_warnings > 0",
      for: "30m",
      severity: "warning",
      summary: `{{ $value }} paths of ${node} could not be read.`,
      description: "They are not compared, whatever the state says, and no baseline can be approved meanwhile.",
    },
    {
      alert: "FileIntegrityEntriesDropped",
      expr: "aide_entries < 0.8 * (aide_entries offset 1d)",
      for: "15m",
      severity: "warning",
      summary: `Much less of ${node} is watched than a day ago.`,
      description: "A directory is empty or not mounted, and what was in it is not watched.",
    },
    {
      alert: "FileIntegrityOverdue",
      // A node that is held off has an alert of its own.
      expr: `time() - aide_last_check_timestamp_seconds > ${longestSilenceMinutes * 60} unless on (node) ${state("held_off")}`,
      for: "15m",
      severity: "warning",
      summary: `The files of ${node} were last checked {{ $value | humanizeDuration }} ago.`,
      description: "The state that is shown is an old one.",
    },
    {
      alert: "FileIntegrityStopped",
      expr: `time() - aide_heartbeat_timestamp_seconds > ${stoppedAfterMinutes * 60}`,
      for: "5m",
      severity: "warning",
      summary: `The watcher of ${node} stopped {{ $value | humanizeDuration }} ago.`,
      description: "Its metrics stay as they were when it stopped.",
    },
    {
      alert: "FileIntegrityNotCovered",
      expr:
        `kube_pod_info{namespace="${namespace}",created_by_kind="DaemonSet",created_by_name="${name}"} ` +
        "unless on (node) (aide_state == 1)",
      for: "30m",
      severity: "warning",
      summary: `Nothing is known of the files of ${node}.`,
      description: "It has a watcher whose metrics do not arrive: the pod does not start, or nobody collects them.",
    },
    {
      alert: "FileIntegrityAbsent",
      expr: "absent(aide_heartbeat_timestamp_seconds)",
      for: "30m",
      severity: "critical",
      summary: "No node says anything about its files.",
      description: "The watchers are gone, or nobody collects their metrics.",
    },
  ];
}
