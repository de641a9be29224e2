/** A drill that restores the newest snapshot in a throwaway pod. */
import {
  type ContainerOptions,
  type DrillOptions,
  drillJob,
  drillQuota,
  drillRights,
  isolation,
  type KubernetesObject,
  type NamedObject,
  podSpec,
  programsMount,
  rightsRule,
} from "../manifests";
import { bucketEnv, scratch } from "./job";
import type { SnapshotBucket } from "./places";

export interface SnapshotDrillOptions extends DrillOptions {
  /** Name of the backup whose snapshots are restored. */
  readonly backup: string;
  /** Where they are, with somebody who may read them and the Secret beside the drill. */
  readonly bucket: SnapshotBucket;
  readonly maxSnapshotAgeHours: number;
  /** What the throwaway server may take. */
  readonly memory: string;
  /** The programs of `scripts`, by their names. */
  readonly programs: Readonly<Record<string, string>>;
}

/** What the copy of one kind is. */
export interface SnapshotCopy {
  readonly kind: "etcd" | "vault";
  /** What is done with the snapshot before the server starts. @default - nothing */
  readonly steps?: readonly Step[];
  readonly server: Step;
  /** Program and environment of who asks the server. */
  readonly proof: { readonly program: string; readonly env: readonly NamedObject[] };
  /** Beside the programs. @default - none */
  readonly files?: Readonly<Record<string, string>>;
}

export type Step = Pick<ContainerOptions, "name" | "image" | "command">;

/** Where a copy has its snapshot. */
export const fetched = `${scratch.mountPath}/fetched`;

/** Room for the snapshot, its parts and what is restored of it. */
const scratchLimit = "20Gi";

/** Everything of a drill but its namespace. */
export function snapshotDrill(options: SnapshotDrillOptions, kind: SnapshotCopy): readonly KubernetesObject[] {
  const { name, programs, bucket } = options;
  const copy = copyOf(options, kind);
  const { ca } = bucket.store;
  return [
    ...drillQuota(name, 0),
    ...isolation(name, options.reach),
    ...drillRights(name, [
      rightsRule("", "pods", ["create"]),
      rightsRule("", "pods", ["get", "delete"], [copy.metadata.name]),
    ]),
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace: name },
      data: {
        ...programs,
        ...kind.files,
        ...(ca === undefined ? {} : { "ca.pem": ca }),
        "copy.json": JSON.stringify(copy),
      },
    },
    drillJob(options, { command: ["snapshot-restore-drill.mjs", "copy.json"] }),
  ];
}

/** Fetches the snapshot, makes a server of it, and asks that. It has no token, and its data goes with it. */
function copyOf(options: SnapshotDrillOptions, { kind, steps = [], server, proof }: SnapshotCopy): KubernetesObject {
  const { name, backup, bucket, maxSnapshotAgeHours, memory, nodeImage, restoreMinutes } = options;
  const { mountPath: programs } = programsMount;
  const container = (step: Step, resources: ContainerOptions["resources"], env: readonly NamedObject[] = []) => ({
    ...step,
    env,
    volumeMounts: [programsMount, scratch],
    resources,
    terminationMessagePolicy: "FallbackToLogsOnError" as const,
  });
  const program = (step: string, command: readonly string[], env: readonly NamedObject[]) =>
    container(
      { name: step, image: nodeImage, command: ["node", `${programs}/${command[0]}`, ...command.slice(1)] },
      { cpu: "50m", memory: "256Mi" },
      env,
    );
  const ofServer = { cpu: "100m", memory };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `${name}-copy`, namespace: name },
    spec: {
      ...podSpec({
        initContainers: [
          program(
            "fetch",
            ["snapshot-fetch.mjs", kind, fetched],
            [
              { name: "BACKUP_NAME", value: backup },
              { name: "MAX_AGE_SECONDS", value: String(maxSnapshotAgeHours * 3600) },
              ...(bucket.store.ca === undefined ? [] : [{ name: "NODE_EXTRA_CA_CERTS", value: `${programs}/ca.pem` }]),
              ...bucketEnv(backup, bucket),
            ],
          ),
          ...steps.map((step) => container(step, ofServer)),
        ],
        containers: [container(server, ofServer), program("prove", [proof.program], proof.env)],
        volumes: [
          { name: programsMount.name, configMap: { name } },
          { name: scratch.name, emptyDir: { sizeLimit: scratchLimit } },
        ],
      }),
      // The drill takes it away long before; this is for one that was killed.
      activeDeadlineSeconds: (restoreMinutes + 5) * 60,
    },
  };
}
