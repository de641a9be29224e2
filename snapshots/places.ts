/** Where snapshots are kept, and for how long: plain data. */
import type { ObjectStore, StoreCredentials } from "../object-storage";

/** A folder of a bucket. */
export interface SnapshotBucket<Bucket extends string = string, Identity extends string = string> {
  readonly store: ObjectStore<Bucket, Identity>;

  readonly bucket: NoInfer<Bucket>;

  /** Who may write the bucket, and the Secret with the key in the namespace of the snapshots. */
  readonly credentials: StoreCredentials<NoInfer<Identity>>;

  /** @default - the construct's id */
  readonly folder?: string;
}

/** A folder that an NFS server shares. The user 65532 has to be able to write it. */
export interface SnapshotShare {
  /** Name or address. */
  readonly server: string;

  /** Such as `/srv/nfs/vault-backup`. */
  readonly path: string;
}

/** One place at least. Each gets every snapshot, and one that fails keeps nothing from the other. */
export type SnapshotPlaces<Bucket extends string = string, Identity extends string = string> =
  | { readonly bucket: SnapshotBucket<Bucket, Identity>; readonly share?: SnapshotShare }
  | { readonly share: SnapshotShare; readonly bucket?: never };

/** What stays in each place. A snapshot is deleted when it is older than the days, and not among the newest. */
export interface SnapshotRetention {
  /** How many of the newest are never deleted: seven or more. */
  readonly newest: number;

  readonly days: number;
}
