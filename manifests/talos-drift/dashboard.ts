/** What there is of Talos machines, at one glance. */
import type { DashboardRow } from "../dashboard";

/** Of the machines of a cluster. */
export function talosRow(cluster: string): DashboardRow {
  const of = (metric: string, labels = "") => `talos_drift_${metric}{cluster="${cluster}"${labels}}`;
  const inState = (state: string) => `count(${of("state", `,state="${state}"`)} == 1) or vector(0)`;
  return {
    title: `Machines of ${cluster}`,
    panels: [
      { kind: "stat", title: "Drifted", expr: inState("drift"), from: { orange: 1 } },
      { kind: "stat", title: "Not measured", expr: inState("not_measured"), from: { orange: 1 } },
      { kind: "stat", title: "Machines", expr: `count(${of("last_measured_timestamp_seconds")})` },
      { kind: "stat", title: "Last run", expr: `time() - ${of("run_last_completed_timestamp_seconds")}`, unit: "s" },
      {
        kind: "table",
        title: "Machines that differ, or were not measured",
        by: "machine",
        columns: [
          {
            title: "differs for",
            expr: `max by (machine) (time() - (${of("since_timestamp_seconds")} > 0))`,
            unit: "s",
          },
          {
            title: "not measured for",
            expr:
              `max by (machine) (time() - ${of("last_measured_timestamp_seconds")}` +
              ` and on (machine) ${of("state", ',state="not_measured"')} == 1)`,
            unit: "s",
          },
        ],
      },
    ],
  };
}
