/** What there is of drift and of files, at one glance. */
import type { DashboardRow } from "../dashboard";

/** Of the stacks. */
export const driftRow: DashboardRow = {
  title: "Stacks",
  panels: [
    { kind: "stat", title: "Drifted", expr: "count(tf_drift_status == 1) or vector(0)", from: { orange: 1, red: 4 } },
    { kind: "stat", title: "Not plannable", expr: "count(tf_drift_status == 2) or vector(0)", from: { red: 1 } },
    { kind: "stat", title: "Not measured", expr: "count(tf_drift_status == 3) or vector(0)", from: { orange: 1 } },
    { kind: "stat", title: "To be applied", expr: "count(tf_drift_status == 5) or vector(0)", from: { orange: 1 } },
    { kind: "stat", title: "Stacks", expr: "sum(tf_drift_run_stacks_expected)" },
    {
      kind: "stat",
      title: "Last run",
      expr: "time() - min(tf_drift_run_last_completed_timestamp_seconds)",
      unit: "s",
      from: { red: 27 * 3600 },
    },
    {
      kind: "graph",
      title: "Stacks by class",
      expr: 'sum by (class) (tf_drift_run_stacks{class!="clean"})',
      legend: "{{class}}",
    },
    {
      kind: "graph",
      title: "How long a shard took",
      expr: "tf_drift_run_duration_seconds",
      legend: "shard {{shard}}",
      unit: "s",
    },
    {
      kind: "table",
      title: "Stacks that are not clean",
      by: "stack",
      columns: [
        {
          title: "class",
          expr: "max by (stack) (tf_drift_status) > 0",
          values: {
            1: { text: "drift", color: "red" },
            2: { text: "error", color: "red" },
            3: { text: "not measured", color: "orange" },
            4: { text: "silent drift", color: "yellow" },
            5: { text: "pending apply", color: "blue" },
            6: { text: "output only", color: "text" },
          },
        },
        {
          title: "for",
          expr: ofUnclean("time() - max by (stack) (tf_drift_status_since_timestamp_seconds)"),
          unit: "s",
        },
        { title: "objects", expr: ofUnclean("sum by (stack) (tf_drift_resources)") },
        { title: "plan took", expr: ofUnclean("max by (stack) (tf_drift_plan_duration_seconds)"), unit: "s" },
      ],
    },
  ],
};

/** Of the files of nodes. */
export const fileIntegrityRow: DashboardRow = {
  title: "Files of nodes",
  panels: [
    {
      kind: "stat",
      title: "Drifted",
      expr: 'count(aide_state{state="drift"} == 1) or vector(0)',
      from: { orange: 1 },
    },
    {
      kind: "stat",
      title: "Without a baseline",
      expr: 'count(aide_state{state=~"baseline_.*"} == 1) or vector(0)',
      from: { orange: 1 },
    },
    { kind: "stat", title: "Errors", expr: 'count(aide_state{state="error"} == 1) or vector(0)', from: { red: 1 } },
    { kind: "stat", title: "Nodes", expr: "count(aide_heartbeat_timestamp_seconds)" },
    {
      kind: "stat",
      title: "Longest silence",
      expr: "time() - min(aide_heartbeat_timestamp_seconds)",
      unit: "s",
      from: { red: 1800 },
    },
    {
      kind: "stat",
      title: "Last check",
      expr: "time() - min(aide_last_check_timestamp_seconds)",
      unit: "s",
      from: { orange: 27 * 3600 },
    },
    {
      kind: "graph",
      title: "Findings",
      expr: "sum by (node) (aide_findings)",
      legend: "{{node}}",
    },
    { kind: "graph", title: "Entries", expr: "max by (node) (aide_entries)", legend: "{{node}}" },
  ],
};

function ofUnclean(expr: string): string {
  return `${expr} and on (stack) (tf_drift_status > 0)`;
}
