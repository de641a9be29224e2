/** When a drill, or that there was none, is to be noticed. */
import type { AlertRule } from "../prometheus-rule";

/** Whether the last drill went well, and whether the last that did is not too long ago. */
export function drillAlerts(drill: string, maxAgeDays: number): readonly AlertRule[] {
  const of = (metric: string) => `backup_restore_drill_${metric}{drill="${drill}"}`;
  const proven = of("last_success_timestamp_seconds");
  return [
    {
      alert: "RestoreDrillFailed",
      expr: `max by (drill) (${of("success")}) == 0`,
      for: "0m",
      severity: "warning",
      summary: `The last restore drill ${drill} failed`,
      description: "The restore is not proven, or its copy is still there. The history of the drill says why.",
    },
    {
      alert: "RestoreNotProven",
      expr: `time() - max by (drill) (${proven}) > ${maxAgeDays * 86_400} or absent(${proven})`,
      for: "1h",
      severity: "critical",
      summary: `No restore by ${drill} was proven for ${maxAgeDays} days`,
      description: "Nobody knows any more whether the backups bring anything back.",
    },
  ];
}
