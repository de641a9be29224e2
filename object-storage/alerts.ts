/** What somebody has to know of a store. */
import type { AlertRule } from "../manifests";

/** Of the probe: what its clients see. It runs every quarter of an hour, so that two in a row have failed. */
export function probeAlerts({ bucket, endpoint }: { bucket: string; endpoint: string }): readonly AlertRule[] {
  const of = (metric: string) => `${metric}{bucket="${bucket}",endpoint="${endpoint}"}`;
  const lastRun = of("object_store_probe_last_run_timestamp_seconds");
  return [
    {
      alert: "ObjectStoreProbeFailed",
      expr: `${of("object_store_probe_success")} == 0`,
      for: "20m",
      severity: "critical",
      summary: `The bucket ${bucket} cannot be written and read.`,
      description: "Backups that go there do not arrive. The log of the probe's last Job says at which step it failed.",
    },
    {
      alert: "ObjectStoreProbeStale",
      expr: `time() - ${lastRun} > 3600`,
      for: "5m",
      severity: "warning",
      summary: `The bucket ${bucket} has not been probed for an hour.`,
      description:
        "Whether backups arrive is not known: the CronJob does not run, or the Pushgateway does not answer it.",
    },
    {
      alert: "ObjectStoreProbeAbsent",
      expr: `absent(${lastRun})`,
      for: "1h",
      severity: "warning",
      summary: `Nothing is known of the bucket ${bucket}.`,
      description: "The probe never ran, or the Pushgateway has forgotten what it said.",
    },
    {
      alert: "ObjectStoreCertificateEnds",
      expr: `${of("object_store_certificate_not_after_timestamp_seconds")} - time() < 14 * 86400`,
      for: "1h",
      severity: "warning",
      summary: `The certificate in front of the bucket ${bucket} ends within two weeks.`,
      description: "Once it has ended, every client refuses the store. Whatever renews it has not done so.",
    },
  ];
}

/** Of SeaweedFS itself. */
export const serverAlerts: readonly AlertRule[] = [
  {
    alert: "SeaweedFsDiskFull",
    expr: 'sum by (instance) (SeaweedFS_volumeServer_read_only_volumes{type="isDiskSpaceLow"}) > 0',
    for: "5m",
    severity: "critical",
    summary: "SeaweedFS on {{ $labels.instance }} takes no more objects: its disk is full.",
    description: "At 1 % of free space all volumes are read-only, and every backup fails until there is room.",
  },
  {
    alert: "SeaweedFsWithoutLeader",
    expr: "sum(SeaweedFS_master_is_leader) < 1",
    for: "5m",
    severity: "critical",
    summary: "No master of SeaweedFS leads.",
    description: "Nothing can be written, since nobody says where to. Look at the masters' logs.",
  },
  {
    alert: "SeaweedFsAbsent",
    expr: "absent(SeaweedFS_master_is_leader)",
    for: "15m",
    severity: "warning",
    summary: "Prometheus does not reach SeaweedFS.",
    description: "It is down, or its metrics cannot be scraped, so that the other alerts cannot fire.",
  },
];
