import type { StoreCredentials } from "../object-storage";
import type { PostgresMonitoring } from "./postgres-cluster";

/** Who is told how a drill went. */
export interface DrillMonitoring extends PostgresMonitoring {
  /** Where the results are pushed to: `http://<service>.<namespace>.svc:9091`, or an address (MON-1). */
  readonly pushgateway: string;
}

/** What drills of PostgreSQL, Vault and etcd have in common. */
export interface RestoreDrillProps {
  /** When, five fields, in UTC: `0 4 * * 0`. */
  readonly schedule: string;

  /** For how many days a proven restore counts; after that, somebody is called. */
  readonly maxAgeDays: number;

  /** Addresses of the S3 server in CIDR notation, which the copy may reach: `10.0.20.10/32`. */
  readonly s3: readonly string[];

  /**
   * Addresses of the control planes in CIDR notation, as they are behind the Service of the API server. Where Cilium is
   * the network, the word, since for it they are no addresses. A network plugin that does not know policies isolates
   * nothing.
   */
  readonly apiServer: readonly string[] | "cilium";

  /** How long the copy may take until it is ready. @default 60 */
  readonly restoreMinutes?: number;

  /** Pushgateway and alerts; needs the Prometheus operator. @default - the log and the history say how it went */
  readonly monitoring?: DrillMonitoring;

  /** Image of Node 20 or later, with its digest. @default - 24.18.0 */
  readonly nodeImage?: string;
}

/** What drills of snapshots have beside that. They are fetched from their bucket, whatever other places there are. */
export interface SnapshotRestoreDrillProps<Identity extends string = string> extends RestoreDrillProps {
  /** Who may read the bucket and nothing else, and the Secret with the key in the namespace of the drill. */
  readonly credentials: StoreCredentials<Identity>;

  /** How old the newest snapshot may be (VLT-3). @default 30 */
  readonly maxSnapshotAgeHours?: number;

  /** Memory of the throwaway server, such as `2Gi`. @default "1Gi" */
  readonly memory?: string;
}
