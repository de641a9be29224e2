import type { ITerraformDependable } from "cdktf";
import type { PinnedImage } from "../object-storage";
import type { SnapshotPlaces, SnapshotRetention } from "../snapshots";

/** What snapshots of Vault and of etcd have in common. */
export interface SnapshotProps<Bucket extends string = string, Identity extends string = string> {
  /** Namespace of the CronJob, which has to be there; pod security may be `restricted`. Changing it replaces everything. */
  readonly namespace: string;

  /** Where snapshots are kept: a bucket, an NFS share, or both. Another share gets a volume of its own. */
  readonly places: SnapshotPlaces<Bucket, Identity>;

  /** Five fields, in UTC, with a run on each day (VLT-1). @default "0 2 * * *" */
  readonly schedule?: string;

  /** @default - the newest 7, and all of 30 days */
  readonly keep?: SnapshotRetention;

  /**
   * URL of a Pushgateway, through which Prometheus learns what is in each place (VLT-3). All of a
   * cluster that push there need different construct ids.
   *
   * @default - alerts only know how the Jobs ended
   */
  readonly pushgateway?: string;

  /** Page with the runbooks: an alert's is `<runbooks>#<alert in lower case>`. */
  readonly runbooks: string;

  /** Labels by which Prometheus finds the rules. @default - { release: "kube-prometheus-stack" } */
  readonly prometheusLabels?: Readonly<Record<string, string>>;

  /** Image with Node, tar and gzip, with its digest. @default - Node 24 on Debian */
  readonly image?: PinnedImage;

  /** @default - none */
  readonly dependsOn?: readonly ITerraformDependable[];
}
