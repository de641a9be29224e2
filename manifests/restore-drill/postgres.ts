/** A drill of PostgreSQL: who writes the sentinel rows, and who restores a copy and asks it for them. */
import { type BackupForm, type PostgresArchive, type PostgresVolume, postgresCluster, type S3Store } from "../cnpg";
import { cronJob } from "../cron-job";
import type { KubernetesObject } from "../object";
import { podSpec } from "../pod";
import { type DrillReach, drillQuota, isolation } from "./isolation";

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

export interface PostgresDrillOptions {
  /** Name of the drill, of its namespace and of the copy. */
  readonly name: string;
  readonly cluster: DrilledCluster;
  /** The archive's store, with the Secret of somebody who may only read. */
  readonly store: S3Store;
  readonly schedule: string;
  readonly targetMinutesAgo: number;
  readonly sentinelMinutes: number;
  readonly restoreMinutes: number;
  readonly reach: DrillReach;
  /** @default - metrics are only printed */
  readonly pushgatewayUrl?: string;
  readonly nodeImage: string;
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
    ...isolation(name, name, reach),
    ...rights(name),
    ...copy(options).filter(({ kind }) => kind === "ObjectStore"),
    drillFiles(options),
    drillJob(options),
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

/** Whoever runs the drill may do this in its namespace, and nothing anywhere else. */
function rights(name: string): readonly KubernetesObject[] {
  const metadata = { name, namespace: name };
  const rule = (apiGroup: string, resource: string, verbs: readonly string[], resourceNames?: readonly string[]) => ({
    apiGroups: [apiGroup],
    resources: [resource],
    verbs,
    ...(resourceNames === undefined ? {} : { resourceNames }),
  });
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata,
      rules: [
        rule("postgresql.cnpg.io", "clusters", ["create"]),
        rule("postgresql.cnpg.io", "clusters", ["get", "delete"], [name]),
        rule("", "pods", ["create", "list"]),
        rule("", "pods", ["get", "delete"], [proofPod(name)]),
        rule("", "persistentvolumeclaims", ["list"]),
        rule("", "configmaps", ["create"]),
        rule("", "configmaps", ["get", "update"], [`${name}-history`]),
      ],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
      subjects: [{ kind: "ServiceAccount", name, namespace: name }],
    },
  ];
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
        ...programsMount,
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

function drillJob(options: PostgresDrillOptions): KubernetesObject {
  const { name, schedule, targetMinutesAgo, restoreMinutes, pushgatewayUrl, nodeImage } = options;
  return cronJob({
    name,
    namespace: name,
    schedule,
    // Beside the restore: the proof, and cleaning up before and after it, each with five minutes.
    deadlineSeconds: (restoreMinutes + 15) * 60,
    serviceAccountName: name,
    apiToken: true,
    containers: [
      {
        name: "drill",
        image: nodeImage,
        command: ["node", "/programs/postgres-restore-drill.mjs", "/programs/cluster.json", "/programs/proof.json"],
        env: [
          { name: "DRILL", value: name },
          { name: "TARGET_MINUTES_AGO", value: String(targetMinutesAgo) },
          { name: "RESTORE_TIMEOUT_SECONDS", value: String(restoreMinutes * 60) },
          { name: "NODE_EXTRA_CA_CERTS", value: "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt" },
          ...(pushgatewayUrl === undefined ? [] : [{ name: "PUSHGATEWAY_URL", value: pushgatewayUrl }]),
        ],
        ...programsMount,
        resources: { cpu: "50m", memory: "128Mi" },
      },
    ],
    volumes: [{ name: "programs", configMap: { name } }],
  });
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
        ...programsMount,
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
const programsMount = { volumeMounts: [{ name: "programs", mountPath: "/programs", readOnly: true }] };

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
