/** A drill of PostgreSQL: who writes the sentinel rows, and who restores a copy and asks it for them. */
import { type BackupForm, type PostgresArchive, type PostgresVolume, postgresCluster, type S3Store } from "../cnpg";
import { cronJob } from "../cron-job";
import type { KubernetesObject } from "../object";
import { podSpec } from "../pod";
import { type DrillOptions, drillJob, drillRights, programsMount, rightsRule } from "./drill";
import { drillQuota, isolation } from "./isolation";

/** The cluster that is restored, as far as its copy has to be like it. */
export interface DrilledCluster {
  readonly name: string;
  readonly namespace: string;
  readonly backups: BackupForm;
  readonly archive: PostgresArchive;
  readonly image: string;
  readonly database: string;
  readonly owner: string;
  /** Secret with `username` and `password` of the owner, beside the cluster. */
  readonly appSecret: string;
  readonly storage: PostgresVolume;
  readonly walStorage?: PostgresVolume;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly resources?: { readonly cpu: string; readonly memory: string };
}

export interface PostgresDrillOptions extends DrillOptions {
  readonly cluster: DrilledCluster;
  /** The archive's store, with the Secret of somebody who may only read. */
  readonly store: S3Store;
  readonly targetMinutesAgo: number;
  readonly sentinelMinutes: number;
  readonly programs: {
    /** `postgres-restore-drill.mjs` and its modules, out of `scripts`. */
    readonly drill: Readonly<Record<string, string>>;
    readonly proof: string;
    readonly sentinel: string;
  };
}

/** Everything of a drill but its namespace. */
export function postgresDrill(options: PostgresDrillOptions): readonly KubernetesObject[] {
  const { name, cluster, reach } = options;
  const storageGiB = cluster.storage.sizeGiB + (cluster.walStorage?.sizeGiB ?? 0);
  return [
    ...drillQuota(name, storageGiB),
    ...isolation(name, reach),
    ...drillRights(name, [
      rightsRule("postgresql.cnpg.io", "clusters", ["create"]),
      rightsRule("postgresql.cnpg.io", "clusters", ["get", "delete"], [name]),
      rightsRule("", "pods", ["create", "list"]),
      rightsRule("", "pods", ["get", "delete"], [proofPod(name)]),
      rightsRule("", "persistentvolumeclaims", ["list"]),
    ]),
    ...copy(options).filter(({ kind }) => kind === "ObjectStore"),
    drillFiles(options),
    drillJob(options, {
      command: ["postgres-restore-drill.mjs", "cluster.json", "proof.json"],
      env: [{ name: "TARGET_MINUTES_AGO", value: String(options.targetMinutesAgo) }],
    }),
    sentinelFiles(options),
    sentinelJob(options),
  ];
}

/** The copy without the moment: one instance, which archives nothing. */
function copy({ name, cluster, store }: PostgresDrillOptions): readonly KubernetesObject[] {
  const { backups, archive, image, database, owner, storage, walStorage, parameters, resources } = cluster;
  return postgresCluster({
    name,
    namespace: name,
    backups,
    instances: 1,
    image,
    storage,
    bootstrap: { recovery: { from: { store, serverName: archive.serverName }, database, owner } },
    ...(walStorage === undefined ? {} : { walStorage }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(resources === undefined ? {} : { resources }),
    // A budget of its own would keep the node of the only instance from being drained.
    spec: { enablePDB: false },
  });
}

function drillFiles(options: PostgresDrillOptions): KubernetesObject {
  const { name, programs } = options;
  const cluster = copy(options).find(({ kind }) => kind === "Cluster");
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: name },
    data: {
      ...programs.drill,
      "proof.sh": programs.proof,
      "cluster.json": JSON.stringify(cluster),
      "proof.json": JSON.stringify(proof(options)),
    },
  };
}

/** Asks the copy for its newest sentinel row. */
function proof({ name, cluster, sentinelMinutes }: PostgresDrillOptions): KubernetesObject {
  const spec = podSpec({
    runAsUser: postgresUser,
    containers: [
      {
        name: "proof",
        image: cluster.image,
        command: ["sh", "/programs/proof.sh"],
        env: [
          ...connection(`${name}-rw`, cluster.database, `${name}-app`),
          { name: "TARGET_TIME", value: "{{target}}" },
          // Two rows may be missing: their writer is no clock.
          { name: "MAX_LAG_SECONDS", value: String(sentinelMinutes * 3 * 60) },
        ],
        volumeMounts: [programsMount],
        resources: { cpu: "50m", memory: "128Mi" },
      },
    ],
    volumes: [{ name: "programs", configMap: { name } }],
  });
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: proofPod(name), namespace: name },
    spec: { ...spec, activeDeadlineSeconds: 240 },
  };
}

function sentinelFiles({ cluster, programs }: PostgresDrillOptions): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: sentinelName(cluster), namespace: cluster.namespace },
    data: { "sentinel.sh": programs.sentinel },
  };
}

/** Writes the rows by which a copy shows of which moment it is, and by which there is always WAL to archive. */
function sentinelJob({ cluster, sentinelMinutes }: PostgresDrillOptions): KubernetesObject {
  return cronJob({
    name: sentinelName(cluster),
    namespace: cluster.namespace,
    schedule: `*/${sentinelMinutes} * * * *`,
    deadlineSeconds: 120,
    runAsUser: postgresUser,
    containers: [
      {
        name: "sentinel",
        image: cluster.image,
        command: ["sh", "/programs/sentinel.sh"],
        env: connection(`${cluster.name}-rw`, cluster.database, cluster.appSecret),
        volumeMounts: [programsMount],
        resources: { cpu: "50m", memory: "128Mi" },
      },
    ],
    volumes: [{ name: "programs", configMap: { name: sentinelName(cluster) } }],
  });
}

/** The user of PostgreSQL's images. */
const postgresUser = 26;

const proofPod = (name: string) => `${name}-proof`;
const sentinelName = ({ name }: DrilledCluster) => `${name}-sentinel`;

/** What libpq is told. */
function connection(host: string, database: string, secret: string) {
  const fromSecret = (key: string) => ({ secretKeyRef: { name: secret, key } });
  return [
    { name: "PGHOST", value: host },
    { name: "PGDATABASE", value: database },
    { name: "PGUSER", valueFrom: fromSecret("username") },
    { name: "PGPASSWORD", valueFrom: fromSecret("password") },
    { name: "PGSSLMODE", value: "require" },
    { name: "PGCONNECT_TIMEOUT", value: "10" },
  ];
}
