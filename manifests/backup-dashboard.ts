/** What there is of backups, of the drills that prove them, and of the stores that they go to, at one glance. */
import { type DashboardColor, type DashboardRow, dashboard } from "./dashboard";
import type { KubernetesObject } from "./object";

const hour = 3600;

/** Snapshots of Vault and etcd, whose limits are those of their alerts. */
const snapshotRow: DashboardRow = {
  title: "Snapshots",
  panels: [
    { kind: "stat", title: "Backups", expr: "count(backup_last_run_timestamp_seconds)" },
    { kind: "stat", title: "Last run failed", expr: "count(backup_success == 0) or vector(0)", from: { red: 1 } },
    {
      kind: "stat",
      title: "Stalest share",
      expr: `max(${sinceNewest("folder")})`,
      unit: "s",
      from: { orange: 24 * hour, red: 26 * hour },
    },
    {
      kind: "stat",
      title: "Stalest bucket",
      expr: `max(${sinceNewest("s3")})`,
      unit: "s",
      from: { orange: 24 * hour, red: 30 * hour },
    },
    {
      kind: "table",
      title: "Newest snapshots",
      by: "backup",
      columns: [
        { title: "on the share", expr: `max by (backup) (${sinceNewest("folder")})`, unit: "s" },
        { title: "of 24 h", expr: `max by (backup) (${sinceNewest("folder")}) / ${24 * hour}`, unit: "percentunit" },
        { title: "in the bucket", expr: `max by (backup) (${sinceNewest("s3")})`, unit: "s" },
        { title: "of 30 h", expr: `max by (backup) (${sinceNewest("s3")}) / ${30 * hour}`, unit: "percentunit" },
        { title: "kept", expr: "min by (backup) (backup_kept)" },
        { title: "size", expr: "max by (backup) (backup_size_bytes)", unit: "bytes" },
        { title: "room on the share", expr: "min by (backup) (backup_free_bytes)", unit: "bytes" },
        { title: "took", expr: "max by (backup) (backup_duration_seconds)", unit: "s" },
        { title: "last run", expr: "min by (backup) (backup_success)", values: outcomes("went well", "failed") },
      ],
    },
    {
      kind: "graph",
      title: "Size of the last snapshot",
      expr: "max by (backup) (backup_size_bytes)",
      legend: "{{backup}}",
      unit: "bytes",
    },
    {
      kind: "graph",
      title: "Age of the newest snapshot",
      expr: "max by (backup, destination) (time() - backup_newest_timestamp_seconds)",
      legend: "{{backup}} {{destination}}",
      unit: "s",
    },
  ],
};

const proven = "max by (drill) (backup_restore_drill_last_success_timestamp_seconds)";
const countsFor = "max by (drill) (backup_restore_drill_max_age_seconds)";

const drillRow: DashboardRow = {
  title: "Restore drills",
  panels: [
    { kind: "stat", title: "Drills", expr: "count(backup_restore_drill_last_run_timestamp_seconds)" },
    { kind: "stat", title: "Failed", expr: "count(backup_restore_drill_success == 0) or vector(0)", from: { red: 1 } },
    {
      kind: "stat",
      title: "Not proven for too long",
      // One that never succeeded has no time of it.
      expr: `count(${countsFor} unless time() - ${proven} <= ${countsFor}) or vector(0)`,
      from: { red: 1 },
    },
    {
      kind: "table",
      title: "Last proven restores",
      by: "drill",
      columns: [
        { title: "proven", expr: `time() - ${proven}`, unit: "s" },
        { title: "of what counts", expr: `(time() - ${proven}) / ${countsFor}`, unit: "percentunit" },
        { title: "data was older by", expr: "max by (drill) (backup_restore_drill_lag_seconds)", unit: "s" },
        { title: "objects", expr: "max by (drill) (backup_restore_drill_objects)" },
        { title: "took", expr: "sum by (drill) (backup_restore_drill_duration_seconds)", unit: "s" },
        {
          title: "last drill",
          expr: "min by (drill) (backup_restore_drill_success)",
          values: outcomes("proven", "failed"),
        },
      ],
    },
    {
      kind: "graph",
      title: "How long the steps took",
      expr: "max by (drill, step) (backup_restore_drill_duration_seconds)",
      legend: "{{drill}} {{step}}",
      unit: "s",
    },
  ],
};

const cluster = "namespace, cnpg_io_cluster";

/** By the plugin, or by an operator that makes the backups itself; its metric stays at 0 where the plugin does. */
function baseBackup(metric: string): string {
  const byPlugin = `max by (${cluster}) (barman_cloud_cloudnative_pg_io_${metric})`;
  return `(${byPlugin} or max by (${cluster}) (cnpg_collector_${metric} > 0))`;
}

const archived = `max by (${cluster}) (cnpg_pg_stat_archiver_last_archived_time)`;
const notArchived = `max by (${cluster}) (cnpg_pg_stat_archiver_last_failed_time)`;
const waiting = `max by (${cluster}) (cnpg_collector_pg_wal_archive_status{value="ready"})`;

const postgresRow: DashboardRow = {
  title: "PostgreSQL",
  panels: [
    { kind: "stat", title: "Clusters", expr: `count(max by (${cluster}) (cnpg_collector_up))` },
    {
      kind: "stat",
      title: "Stalest base backup",
      expr: `max(time() - ${baseBackup("last_available_backup_timestamp")})`,
      unit: "s",
      from: { orange: 24 * hour, red: 36 * hour },
    },
    {
      kind: "stat",
      title: "Base backup failed",
      expr: `count(${baseBackup("last_failed_backup_timestamp")} > ${baseBackup("last_available_backup_timestamp")}) or vector(0)`,
      from: { red: 1 },
    },
    {
      kind: "stat",
      title: "WAL is not archived",
      expr: `count(${notArchived} > ${archived}) or vector(0)`,
      from: { red: 1 },
    },
    { kind: "stat", title: "WAL that waits", expr: `max(${waiting})`, from: { orange: 5, red: 10 } },
    {
      kind: "graph",
      title: "Age of the newest base backup",
      expr: `time() - ${baseBackup("last_available_backup_timestamp")}`,
      legend: "{{namespace}}/{{cnpg_io_cluster}}",
      unit: "s",
    },
    {
      kind: "graph",
      title: "WAL that waits to be archived",
      expr: waiting,
      legend: "{{namespace}}/{{cnpg_io_cluster}}",
    },
  ],
};

const ends = "min by (bucket) (object_store_certificate_not_after_timestamp_seconds)";

const storeRow: DashboardRow = {
  title: "Object stores",
  panels: [
    { kind: "stat", title: "Probes", expr: "count(object_store_probe_last_run_timestamp_seconds)" },
    { kind: "stat", title: "Failed", expr: "count(object_store_probe_success == 0) or vector(0)", from: { red: 1 } },
    {
      kind: "stat",
      title: "Longest not probed",
      expr: "time() - min(object_store_probe_last_run_timestamp_seconds)",
      unit: "s",
      from: { orange: hour / 2, red: hour },
    },
    {
      kind: "stat",
      title: "Certificates that end within 14 days",
      expr: `count(${ends} - time() < ${14 * 24 * hour}) or vector(0)`,
      from: { orange: 1 },
    },
    {
      kind: "stat",
      title: "Volumes without room",
      expr: 'sum(SeaweedFS_volumeServer_read_only_volumes{type="isDiskSpaceLow"}) or vector(0)',
      from: { red: 1 },
    },
    {
      kind: "table",
      title: "Buckets that are probed",
      by: "bucket",
      columns: [
        {
          title: "last probe",
          expr: "min by (bucket) (object_store_probe_success)",
          values: outcomes("went well", "failed"),
        },
        {
          title: "went well",
          expr: "time() - max by (bucket) (object_store_probe_last_success_timestamp_seconds)",
          unit: "s",
        },
        { title: "certificate ends in", expr: `${ends} - time()`, unit: "s" },
      ],
    },
    {
      kind: "graph",
      title: "How long the steps of a probe took",
      expr: "max by (bucket, step) (object_store_probe_step_seconds)",
      legend: "{{bucket}} {{step}}",
      unit: "s",
    },
  ],
};

/** All rows, from what would be lost to where it goes. */
export const backupRows: readonly DashboardRow[] = [snapshotRow, drillRow, postgresRow, storeRow];

/** The dashboard, for all clusters and stores whose metrics one Prometheus has. */
export function backupDashboard(name: string, namespace: string): KubernetesObject {
  return dashboard({ name, namespace, uid: "backups", title: "Backups and storage", rows: backupRows });
}

function sinceNewest(destination: "folder" | "s3"): string {
  return `time() - backup_newest_timestamp_seconds{destination="${destination}"}`;
}

function outcomes(good: string, bad: string): Readonly<Record<number, { text: string; color: DashboardColor }>> {
  return { 0: { text: bad, color: "red" }, 1: { text: good, color: "green" } };
}
