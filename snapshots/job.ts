/** The CronJob that takes snapshots and keeps them, with all that it needs. */
import {
  type ContainerOptions,
  cronJob,
  type KubernetesObject,
  type NamedObject,
  type PodOptions,
  prometheusRule,
} from "../manifests";
import { images } from "../versions";
import { snapshotAlerts } from "./alerts";
import type { SnapshotBucket, SnapshotPlaces, SnapshotRetention } from "./places";

/** What both kinds of snapshots have. */
export interface SnapshotOptions {
  readonly name: string;
  readonly namespace: string;
  readonly schedule: string;
  readonly places: SnapshotPlaces;
  readonly keep: SnapshotRetention;
  readonly pushgateway: string | undefined;
  readonly runbooks: string;
  readonly prometheusLabels: Readonly<Record<string, string>> | undefined;
  readonly image: string | undefined;
  /** The programs of `scripts`, by their names. */
  readonly programs: Readonly<Record<string, string>>;
}

/** What one kind adds. */
export interface SnapshotSource extends Pick<PodOptions, "initContainers" | "nodeSelector" | "tolerations"> {
  /** In CamelCase, for alerts. */
  readonly subject: string;
  /** Program and arguments. */
  readonly command: readonly string[];
  /** PEM of the authority that signed the server's certificate. @default - one that everybody trusts */
  readonly ca?: string | undefined;
  /** @default - none */
  readonly env?: readonly NamedObject[];
  /** @default - none */
  readonly volumes?: readonly NamedObject[];
  /** @default - none */
  readonly volumeMounts?: readonly NamedObject[];
}

/** Where the work is done, before anything is kept. */
export const scratch = { name: "scratch", mountPath: "/scratch" };

const programFolder = "/program";
const shareFolder = "/share";
/** The program gives up by itself, and says so; only one that hangs is ended. */
const timeoutSeconds = 1800;

/** All objects of one kind of snapshots. */
export function snapshotObjects(options: SnapshotOptions, source: SnapshotSource): readonly KubernetesObject[] {
  const { name, namespace, schedule, places, pushgateway, runbooks, prometheusLabels } = options;
  const alerts = snapshotAlerts({ ...options, subject: source.subject, isPushed: pushgateway !== undefined });
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace }, automountServiceAccountToken: false },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace },
      data: { ...options.programs, ...(trusted(options, source) === "" ? {} : { "ca.pem": trusted(options, source) }) },
    },
    ...(places.share === undefined ? [] : shareVolume(options)),
    cronJob({
      name,
      namespace,
      schedule,
      deadlineSeconds: timeoutSeconds + 600,
      serviceAccountName: name,
      ...(source.initContainers === undefined ? {} : { initContainers: source.initContainers }),
      ...(source.nodeSelector === undefined ? {} : { nodeSelector: source.nodeSelector }),
      ...(source.tolerations === undefined ? {} : { tolerations: source.tolerations }),
      containers: [container(options, source)],
      volumes: [
        { name: "program", configMap: { name } },
        { name: scratch.name, emptyDir: {} },
        ...(places.share === undefined
          ? []
          : [{ name: "share", persistentVolumeClaim: { claimName: shareVolumeName(options) } }]),
        ...(source.volumes ?? []),
      ],
    }),
    prometheusRule({
      name,
      namespace,
      runbooks,
      alerts,
      ...(prometheusLabels === undefined ? {} : { labels: prometheusLabels }),
    }),
  ];
}

function container(options: SnapshotOptions, source: SnapshotSource): ContainerOptions {
  const { name, places, keep, pushgateway, image = images.node } = options;
  const variables = {
    BACKUP_NAME: name,
    KEEP_COUNT: String(keep.newest),
    KEEP_DAYS: String(keep.days),
    TIMEOUT_SECONDS: String(timeoutSeconds),
    SCRATCH: scratch.mountPath,
    ...(places.share === undefined ? {} : { SNAPSHOT_FOLDER: shareFolder }),
    ...(pushgateway === undefined ? {} : { PUSHGATEWAY_URL: pushgateway }),
    ...(trusted(options, source) === "" ? {} : { NODE_EXTRA_CA_CERTS: `${programFolder}/ca.pem` }),
  };
  return {
    name: "snapshot",
    image,
    command: ["node", ...source.command.map((word, index) => (index === 0 ? `${programFolder}/${word}` : word))],
    env: [
      ...Object.entries(variables).map(([variable, value]) => ({ name: variable, value })),
      ...(places.bucket === undefined ? [] : bucketEnv(name, places.bucket)),
      ...(source.env ?? []),
    ],
    volumeMounts: [
      { name: "program", mountPath: programFolder, readOnly: true },
      scratch,
      ...(places.share === undefined ? [] : [{ name: "share", mountPath: shareFolder }]),
      ...(source.volumeMounts ?? []),
    ],
    resources: { cpu: "50m", memory: "256Mi" },
  };
}

/** What `s3.mjs` is told of the bucket in which a backup is. */
export function bucketEnv(name: string, place: SnapshotBucket): readonly NamedObject[] {
  const { store, bucket, folder = name, credentials } = place;
  const { identity, secret, key = "AWS_SECRET_ACCESS_KEY" } = credentials;
  return [
    { name: "S3_ENDPOINT", value: store.endpoint },
    { name: "S3_REGION", value: store.region },
    { name: "S3_BUCKET", value: bucket },
    { name: "S3_PREFIX", value: folder },
    { name: "AWS_ACCESS_KEY_ID", value: identity },
    { name: "AWS_SECRET_ACCESS_KEY", valueFrom: { secretKeyRef: { name: secret, key } } },
  ];
}

/** The authorities of all servers that are called, one after the other. */
function trusted({ places }: SnapshotOptions, { ca }: SnapshotSource): string {
  return [ca, places.bucket?.store.ca].map((pem) => (pem === undefined ? "" : `${pem.trim()}\n`)).join("");
}

/** Pod security `restricted` lets pods mount no NFS by themselves, but claims of it. */
function shareVolume(options: SnapshotOptions): readonly KubernetesObject[] {
  const name = shareVolumeName(options);
  const { namespace, places } = options;
  const common = { accessModes: ["ReadWriteMany"], storageClassName: "" };
  // The size is asked for and means nothing to an NFS server.
  const storage = "1Gi";
  return [
    {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name },
      spec: {
        ...common,
        capacity: { storage },
        persistentVolumeReclaimPolicy: "Retain",
        mountOptions: ["nfsvers=4.1"],
        nfs: places.share,
        claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace },
      },
    },
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name, namespace },
      spec: { ...common, volumeName: name, resources: { requests: { storage } } },
    },
  ];
}

/** A volume cannot be changed, so that another share has another one. */
function shareVolumeName({ name, namespace, places }: SnapshotOptions): string {
  const { server = "", path = "" } = places.share ?? {};
  const of = `${server}${path}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return `${namespace}-${name}-${of}`.replace(/-+$/, "").slice(0, 253);
}
