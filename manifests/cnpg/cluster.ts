/** A PostgreSQL cluster of CloudNativePG, and what makes its backups. */
import type { KubernetesObject } from "../object";
import {
  type ArchiveSettings,
  barmanConfiguration,
  barmanPlugin,
  objectStore,
  type PostgresArchive,
  s3Environment,
} from "./archive";

/** Who makes the backups: the plugin, or, before 1.31, the operator by itself. */
export type BackupForm = "plugin" | "in-tree";

/** A volume of each instance. */
export interface PostgresVolume {
  /** It can grow, and never shrink. */
  readonly sizeGiB: number;
  /** @default - the cluster's default */
  readonly storageClass?: string;
}

/** A database that begins empty. */
export interface NewDatabase {
  /** @default "app" */
  readonly database?: string;
  /** Role that owns it. @default - the name of the database */
  readonly owner?: string;
  /** Secret with `username` and `password` of the owner. @default - one that the operator makes, `<cluster>-app` */
  readonly secret?: string;
}

/** A database as it was, out of an archive. */
export interface PostgresRecovery extends NewDatabase {
  readonly from: PostgresArchive;
  /** The moment that is wanted. @default - the latest that the archive has */
  readonly target?: RecoveryTarget;
}

/** A moment of the past. Whatever was committed until then is there, and nothing else. */
export type RecoveryTarget =
  /** Of a clock, with its offset from UTC: `2026-11-20T08:30:00+01:00`. A transaction must have followed it. */
  | { readonly time: string; readonly lsn?: never; readonly name?: never; readonly backupId?: string }
  /** A position in the WAL: `0/3000060`. */
  | { readonly lsn: string; readonly time?: never; readonly name?: never; readonly backupId?: string }
  /** A restore point that `pg_create_restore_point` made, with the base backup to begin at: `20261120T021500`. */
  | { readonly name: string; readonly time?: never; readonly lsn?: never; readonly backupId: string };

/** A cluster that follows another one through its archive, and takes no writes. */
export interface PostgresReplica {
  readonly from: PostgresArchive;
  /** Whether it is a cluster of its own by now, for which there is no way back. @default false */
  readonly promoted?: boolean;
}

/** What a cluster begins with. Nothing but `promoted` has an effect later. */
export type PostgresBootstrap =
  | { readonly initdb: NewDatabase; readonly recovery?: never; readonly replica?: never }
  | { readonly recovery: PostgresRecovery; readonly initdb?: never; readonly replica?: never }
  | { readonly replica: PostgresReplica; readonly initdb?: never; readonly recovery?: never };

export interface ClusterBackup extends ArchiveSettings {
  readonly archive: PostgresArchive;
  /** Six fields, seconds first, in UTC. */
  readonly schedule: string;
  /** How far back one can be restored to. */
  readonly retention: string;
}

export interface PostgresClusterOptions {
  readonly name: string;
  readonly namespace: string;
  readonly backups: BackupForm;
  readonly instances: number;
  readonly image: string;
  readonly storage: PostgresVolume;
  readonly bootstrap: PostgresBootstrap;
  /** @default - WAL is beside the data */
  readonly walStorage?: PostgresVolume;
  /** @default - none */
  readonly resources?: { readonly cpu: string; readonly memory: string };
  /** Settings of PostgreSQL by name. @default - those of the operator */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Secret of the superuser. @default - nobody can be superuser over the network */
  readonly superuserSecret?: string;
  /** @default - none */
  readonly backup?: ClusterBackup;
  /** Fields of the spec beside ours. @default - none */
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** The cluster, the stores that it names, and the schedule of its base backups. */
export function postgresCluster(options: PostgresClusterOptions): readonly KubernetesObject[] {
  const { name, namespace, backups, bootstrap, backup } = options;
  const source = sourceOf(bootstrap);
  const stores = [
    ...(backup === undefined ? [] : [{ ...backup, name: backupStore(name), store: backup.archive.store }]),
    ...(source === undefined ? [] : [{ name: sourceStore(name), store: source.store }]),
  ];
  return [
    ...(backups === "plugin" ? stores.map((store) => objectStore({ ...store, namespace })) : []),
    clusterObject(options, source),
    ...(backup === undefined ? [] : [scheduledBackup(options, backup)]),
  ];
}

/** The archive that a cluster begins with. */
export function sourceOf({ recovery, replica }: PostgresBootstrap): PostgresArchive | undefined {
  return recovery?.from ?? replica?.from;
}

/** The moment of a recovery as the operator is told. */
export function recoveryTarget({ time, lsn, name, backupId }: RecoveryTarget): Readonly<Record<string, string>> {
  return {
    ...(time === undefined ? {} : { targetTime: time }),
    ...(lsn === undefined ? {} : { targetLSN: lsn }),
    ...(name === undefined ? {} : { targetName: name }),
    ...(backupId === undefined ? {} : { backupID: backupId }),
  };
}

const backupStore = (cluster: string) => `${cluster}-backup`;
const sourceStore = (cluster: string) => `${cluster}-source`;

function clusterObject(options: PostgresClusterOptions, source: PostgresArchive | undefined): KubernetesObject {
  const { name, namespace, instances, image, storage, walStorage, resources, parameters, superuserSecret } = options;
  const { backup, bootstrap, spec } = options;
  return {
    apiVersion: "postgresql.cnpg.io/v1",
    kind: "Cluster",
    metadata: { name, namespace },
    spec: {
      instances,
      imageName: image,
      storage: volume(storage),
      ...(walStorage === undefined ? {} : { walStorage: volume(walStorage) }),
      ...(resources === undefined ? {} : { resources: { requests: resources, limits: { memory: resources.memory } } }),
      ...(parameters === undefined ? {} : { postgresql: { parameters } }),
      enableSuperuserAccess: superuserSecret !== undefined,
      ...(superuserSecret === undefined ? {} : { superuserSecret: { name: superuserSecret } }),
      bootstrap: bootstrapOf(bootstrap),
      ...(bootstrap.replica === undefined
        ? {}
        : { replica: { enabled: bootstrap.replica.promoted !== true, source: "source" } }),
      ...(source === undefined ? {} : { externalClusters: [externalCluster(options, source)] }),
      ...(backup === undefined ? {} : archiving(options, backup)),
      ...spec,
    },
  };
}

function bootstrapOf({ initdb, recovery }: PostgresBootstrap) {
  if (initdb !== undefined) {
    // Pages have checksums, so that a copy which the storage damaged is noticed when it is read.
    return { initdb: { ...databaseOf(initdb), dataChecksums: true } };
  }
  return {
    recovery: {
      source: "source",
      ...(recovery === undefined ? {} : databaseOf(recovery)),
      ...(recovery?.target === undefined ? {} : { recoveryTarget: recoveryTarget(recovery.target) }),
    },
  };
}

function databaseOf({ database = "app", owner = database, secret }: NewDatabase) {
  return { database, owner, ...(secret === undefined ? {} : { secret: { name: secret } }) };
}

function externalCluster({ name, backups }: PostgresClusterOptions, { store, serverName }: PostgresArchive) {
  return backups === "plugin"
    ? {
        name: "source",
        plugin: { name: barmanPlugin, parameters: { barmanObjectName: sourceStore(name), serverName } },
      }
    : { name: "source", barmanObjectStore: { ...barmanConfiguration(store, {}), serverName } };
}

function archiving({ name, backups }: PostgresClusterOptions, { archive, retention, ...settings }: ClusterBackup) {
  const { store, serverName } = archive;
  return backups === "plugin"
    ? {
        plugins: [
          {
            name: barmanPlugin,
            enabled: true,
            isWALArchiver: true,
            parameters: { barmanObjectName: backupStore(name), serverName },
          },
        ],
      }
    : {
        env: s3Environment(store),
        backup: {
          retentionPolicy: retention,
          barmanObjectStore: { ...barmanConfiguration(store, settings), serverName },
        },
      };
}

function scheduledBackup({ name, namespace, backups }: PostgresClusterOptions, { schedule }: ClusterBackup) {
  return {
    apiVersion: "postgresql.cnpg.io/v1",
    kind: "ScheduledBackup",
    metadata: { name: backupStore(name), namespace },
    spec: {
      cluster: { name },
      schedule,
      // WAL without a base backup before it brings nothing back.
      immediate: true,
      backupOwnerReference: "cluster",
      ...(backups === "plugin"
        ? { method: "plugin", pluginConfiguration: { name: barmanPlugin } }
        : { method: "barmanObjectStore" }),
    },
  };
}

function volume({ sizeGiB, storageClass }: PostgresVolume) {
  return { size: `${sizeGiB}Gi`, ...(storageClass === undefined ? {} : { storageClass }) };
}
