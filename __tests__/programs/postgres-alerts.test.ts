/** The alerts about PostgreSQL and its drills, judged by Prometheus. */
import { postgresAlerts } from "../../manifests";
import { drillAlerts } from "../../manifests/restore-drill";
import { checked, firing, type Series } from "./support/promtool";

const day = 86_400;
const cluster = { name: "main", namespace: "databases", backupSeconds: day };
const alerts = [...postgresAlerts({ ...cluster, backups: "plugin" }), ...drillAlerts("drill-main", 15)];

/** A metric of each of two instances, the second of which knows nothing. */
function instances(metric: string, values: string, also = ""): Series {
  const of = (pod: string) => `${metric}{namespace="databases",cnpg_io_cluster="main",pod="${pod}"${also}}`;
  return { [of("main-1")]: values, [of("main-2")]: "-1000000000x90" };
}

const available = "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp";
const failed = "barman_cloud_cloudnative_pg_io_last_failed_backup_timestamp";
const archived = "cnpg_pg_stat_archiver_last_archived_time";
const notArchived = "cnpg_pg_stat_archiver_last_failed_time";
const ready = (values: string) => instances("cnpg_collector_pg_wal_archive_status", values, ',value="ready"');
const drill = (metric: string, values: string) => ({ [`backup_restore_drill_${metric}{drill="drill-main"}`]: values });
// promtool's clock begins at 0, and its series end: what is old, is from before that.
const ago = (days: number) => `${-days * day}x90`;

/** Series by minute, and whether the alert fires after so many. */
test.each<[alert: string, minutes: number, series: Series, fires: boolean]>([
  ["PostgresBackupStale", 40, instances(available, ago(2)), true],
  ["PostgresBackupStale", 40, instances(available, ago(1)), false],
  ["PostgresBackupStale", 40, { up: "1x90" }, true],
  ["PostgresBackupFailed", 30, { ...instances(available, "100x90"), ...instances(failed, "0x5 200x85") }, true],
  ["PostgresBackupFailed", 30, { ...instances(available, "100x10 300x80"), ...instances(failed, "200x90") }, false],
  ["PostgresWalArchiveFailing", 30, { ...instances(archived, "60x90"), ...instances(notArchived, "0x5 360x85") }, true],
  [
    "PostgresWalArchiveFailing",
    30,
    { ...instances(archived, "60x9 600x80"), ...instances(notArchived, "360x90") },
    false,
  ],
  ["PostgresWalArchiveBacklog", 30, ready("11x90"), true],
  ["PostgresWalArchiveBacklog", 30, ready("11x10 3x80"), false],
  ["PostgresMetricsAbsent", 20, instances("cnpg_collector_up", "0x90"), true],
  ["PostgresMetricsAbsent", 20, { up: "1x90" }, true],
  ["PostgresMetricsAbsent", 20, instances("cnpg_collector_up", "1x90"), false],
  ["RestoreDrillFailed", 20, drill("success", "1x10 0x80"), true],
  ["RestoreDrillFailed", 20, drill("success", "0x10 1x80"), false],
  ["RestoreNotProven", 80, drill("last_success_timestamp_seconds", ago(16)), true],
  ["RestoreNotProven", 80, drill("last_success_timestamp_seconds", ago(14)), false],
  ["RestoreNotProven", 80, { up: "1x90" }, true],
])("PG-4, MON-2, MON-3, FAIL-26: %s after %d minutes of %p: %p", (alert, minutes, series, fires) => {
  const rule = alerts.find((one) => one.alert === alert);
  const labels = alert.startsWith("Restore") ? ',drill="drill-main"' : ',namespace="databases",cnpg_io_cluster="main"';
  const { status, output } = firing(rule, minutes, series, fires, labels);
  expect([status, output]).toEqual([0, expect.stringContaining("SUCCESS")]);
});

test("Prometheus takes all of them, also those of an operator that makes the backups itself", () => {
  const inTree = postgresAlerts({ ...cluster, backups: "in-tree" });
  for (const rules of [alerts, inTree]) {
    expect(checked(rules)).toMatchObject({ status: 0, output: expect.stringContaining(`${rules.length} rules found`) });
  }
  expect(JSON.stringify(inTree)).toContain("cnpg_collector_last_available_backup_timestamp");
});
