/** What somebody has to know of snapshots. */
import type { AlertRule } from "../manifests";
import type { SnapshotPlaces } from "./places";

export interface AlertOptions {
  /** Of the CronJob, and in metrics. */
  readonly name: string;
  readonly namespace: string;
  /** Whose snapshots they are, in CamelCase: `Vault`. */
  readonly subject: string;
  readonly places: SnapshotPlaces;
  /** Whether there are metrics beside those that Kubernetes has of Jobs. */
  readonly isPushed: boolean;
}

/** A schedule of once a day lets snapshots become as old as that, and a moment older. */
const sharedHours = 24;
/** How old the copy at another place may become. */
const bucketHours = 30;

/**
 * That there is no new snapshot is asked where it is made and where it is kept: a run that goes well and a place that loses
 * what it is given look the same from the other end.
 */
export function snapshotAlerts(options: AlertOptions): readonly AlertRule[] {
  return [...jobAlerts(options), ...(options.isPushed ? placeAlerts(options) : [])];
}

function jobAlerts({ name, namespace, subject }: AlertOptions): readonly AlertRule[] {
  const lastSuccess = `kube_cronjob_status_last_successful_time{namespace="${namespace}",cronjob="${name}"}`;
  const known = `kube_cronjob_info{namespace="${namespace}",cronjob="${name}"}`;
  return [
    {
      alert: `${subject}SnapshotJobStale`,
      expr: `time() - ${lastSuccess} > ${sharedHours} * 3600`,
      for: "2h",
      severity: "critical",
      summary: `No Job of ${namespace}/${name} has succeeded for a day.`,
      description: `There is no new snapshot of ${subject}. The log of the last Job says at which step it failed.`,
    },
    {
      // Kubernetes says nothing of a last success before there is one.
      alert: `${subject}SnapshotJobNeverSucceeded`,
      expr: `${known} unless on (namespace, cronjob) ${lastSuccess}`,
      for: "26h",
      severity: "critical",
      summary: `No Job of ${namespace}/${name} has ever succeeded.`,
      description: `There is no snapshot of ${subject} at all. The log of the last Job says at which step it failed.`,
    },
    {
      alert: `${subject}SnapshotJobAbsent`,
      expr: `absent(${known})`,
      for: "1h",
      severity: "warning",
      summary: `Prometheus knows of no CronJob ${namespace}/${name}.`,
      description: "It is gone, or kube-state-metrics is, without which the other alerts cannot fire.",
    },
  ];
}

function placeAlerts({ name, subject, places }: AlertOptions): readonly AlertRule[] {
  const of = (metric: string, more = "") => `backup_${metric}{backup="${name}"${more}}`;
  const at = (destination: string) => of("newest_timestamp_seconds", `,destination="${destination}"`);
  return [
    {
      alert: `${subject}SnapshotFailed`,
      expr: `${of("success")} == 0`,
      for: "10m",
      severity: "warning",
      summary: `The last run of ${name} did not put a snapshot into each place.`,
      description: "What is there is still there. The log of the last Job says what went wrong where.",
    },
    ...(places.share === undefined ? [] : freshness(subject, "Share", at("folder"), sharedHours, "2h")),
    ...(places.bucket === undefined ? [] : freshness(subject, "Bucket", at("s3"), bucketHours, "15m")),
    ...(places.share === undefined
      ? []
      : [
          {
            alert: `${subject}SnapshotShareFull`,
            expr: `${of("free_bytes")} < on (backup) group_left () 10 * ${of("size_bytes")}`,
            for: "1h",
            severity: "warning" as const,
            summary: `The share of ${name} has room for less than ten more snapshots.`,
            description: "Once it is full, there are no new ones. Make room, or keep fewer.",
          },
        ]),
    {
      alert: `${subject}SnapshotShrank`,
      expr: `${of("size_bytes")} < 0.5 * max_over_time(${of("size_bytes")}[7d])`,
      for: "1h",
      severity: "warning",
      summary: `The last snapshot of ${name} is less than half as large as one of this week.`,
      description: `It is whole, so that much has been deleted from ${subject}, or it is another one. Keep an older snapshot aside until it is clear.`,
    },
  ];
}

/** As the place itself says it, however the snapshots get there. */
function freshness(subject: string, place: string, newest: string, hours: number, lasting: string): AlertRule[] {
  return [
    {
      alert: `${subject}Snapshot${place}Stale`,
      expr: `time() - ${newest} > ${hours} * 3600`,
      for: lasting,
      severity: "critical",
      summary: `The newest snapshot of ${subject} in the ${place.toLowerCase()} is older than ${hours} hours.`,
      description: "What happened since then would be lost with what is there now.",
    },
    {
      alert: `${subject}Snapshot${place}Absent`,
      expr: `absent(${newest})`,
      for: "26h",
      severity: "critical",
      summary: `Nothing is known of snapshots of ${subject} in the ${place.toLowerCase()}.`,
      description: "None ever got there, or the Pushgateway has forgotten what the last run said.",
    },
  ];
}
