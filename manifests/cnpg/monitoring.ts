/** What Prometheus asks PostgreSQL, and when somebody is called. */
import type { KubernetesObject } from "../object";
import type { AlertRule } from "../prometheus-rule";
import type { BackupForm } from "./cluster";

/** A PodMonitor; every metric has the cluster in its label `cnpg_io_cluster`. */
export function postgresMonitor(
  name: string,
  namespace: string,
  labels: Readonly<Record<string, string>> = { release: "kube-prometheus-stack" },
): KubernetesObject {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PodMonitor",
    metadata: { name, namespace, labels },
    spec: {
      selector: { matchLabels: { "cnpg.io/cluster": name } },
      podTargetLabels: ["cnpg.io/cluster"],
      podMetricsEndpoints: [{ port: "metrics" }],
    },
  };
}

export interface PostgresAlertOptions {
  readonly name: string;
  readonly namespace: string;
  readonly backups: BackupForm;
  /** Longest time between two base backups, in seconds. @default - there are no backups */
  readonly backupSeconds?: number;
}

/** Whether the cluster is there, and could be restored if it were lost now. */
export function postgresAlerts(options: PostgresAlertOptions): readonly AlertRule[] {
  const { name, namespace, backupSeconds } = options;
  const up = metric(options, "cnpg_collector_up");
  return [
    ...(backupSeconds === undefined ? [] : backupAlerts(options, backupSeconds)),
    {
      alert: "PostgresMetricsAbsent",
      expr: `${newest(up)} == 0 or absent(${up})`,
      for: "10m",
      severity: "critical",
      summary: `${namespace}/${name} tells nothing about itself`,
      description: "No instance is up, or nobody asks them. None of the other alerts would come.",
    },
  ];
}

function backupAlerts(options: PostgresAlertOptions, backupSeconds: number): readonly AlertRule[] {
  const { name, namespace, backups } = options;
  // The operator's own metrics stay at 0 when the plugin makes the backups.
  const prefix = backups === "plugin" ? "barman_cloud_cloudnative_pg_io" : "cnpg_collector";
  const available = metric(options, `${prefix}_last_available_backup_timestamp`);
  const failed = metric(options, `${prefix}_last_failed_backup_timestamp`);
  const archived = metric(options, "cnpg_pg_stat_archiver_last_archived_time");
  const notArchived = metric(options, "cnpg_pg_stat_archiver_last_failed_time");
  const waiting = metric(options, "cnpg_collector_pg_wal_archive_status", ',value="ready"');
  const cluster = `${namespace}/${name}`;
  return [
    {
      alert: "PostgresBackupStale",
      expr: `time() - ${newest(available)} > ${Math.round(backupSeconds * 1.5)} or absent(${available})`,
      for: "30m",
      severity: "critical",
      summary: `The last base backup of ${cluster} is too old`,
      description: "A restore would begin at an old base backup, or there is none at all. It takes longer every day.",
    },
    {
      alert: "PostgresBackupFailed",
      expr: `${newest(failed)} > ${newest(available)}`,
      for: "15m",
      severity: "warning",
      summary: `A base backup of ${cluster} failed`,
      description: "None has succeeded since. The ones before it are still there.",
    },
    {
      alert: "PostgresWalArchiveFailing",
      expr: `${newest(notArchived)} > ${newest(archived)}`,
      for: "10m",
      severity: "critical",
      summary: `${cluster} cannot archive its WAL`,
      description: "What is written now could not be restored, and the volume fills up until PostgreSQL stops.",
    },
    {
      alert: "PostgresWalArchiveBacklog",
      expr: `${newest(waiting)} > 10`,
      for: "15m",
      severity: "warning",
      summary: `WAL of ${cluster} waits to be archived`,
      description: "More is written than is archived: a restore would lack what waits.",
    },
  ];
}

/** Of all instances; with the labels by which one cluster's alert is not taken for another's. */
function newest(of: string): string {
  return `max by (namespace, cnpg_io_cluster) (${of})`;
}

function metric({ name, namespace }: PostgresAlertOptions, metricName: string, also = ""): string {
  return `${metricName}{namespace="${namespace}",cnpg_io_cluster="${name}"${also}}`;
}
