/** Snapshots of what a cluster cannot do without, as plain data: who takes them, where they are kept, who is told. */
export { type AlertOptions, snapshotAlerts } from "./alerts";
export { etcdBackupRole, etcdSnapshotObjects } from "./etcd";
export { type EtcdDrillOptions, etcdDrill } from "./etcd-drill";
export type { SnapshotOptions } from "./job";
export type { SnapshotBucket, SnapshotPlaces, SnapshotRetention, SnapshotShare } from "./places";
export type { SnapshotDrillOptions } from "./restore-drill";
export { vaultPolicy, vaultSnapshotObjects, vaultSnapshotSetup } from "./vault";
export { type VaultProof, vaultDrill, vaultDrillSetup } from "./vault-drill";
