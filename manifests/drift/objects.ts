/** What looks for drift from inside of a cluster. */
import { createHash } from "node:crypto";
import { cronJob } from "../cron-job";
import { dashboard } from "../dashboard";
import type { KubernetesObject } from "../object";
import type { ContainerOptions, NamedObject } from "../pod";
import { prometheusRule } from "../prometheus-rule";
import { driftAlerts } from "./alerts";
import { credentialParts, type DriftCredentials } from "./credentials";
import { driftRow, fileIntegrityRow } from "./dashboard";

/** What is planned: a branch of a Git repository. */
export interface DriftRepository {
  /** For SSH: `ssh://git@git.example.com/infra.git` or `git@git.example.com:infra.git`. */
  readonly url: string;

  /** @default "main" */
  readonly branch?: string;

  /**
   * Secret in the namespace with a key that may read and not write, `ssh-privatekey`, and with the keys of the host,
   * `known_hosts`.
   */
  readonly deployKey: string;

  /** Folder in it below which the stacks are. @default - all of it */
  readonly folder?: string;

  /** Command in it that makes the stacks, such as `npm ci && npm run synth`; the image has to have what it needs. @default - none */
  readonly prepare?: string;

  /** File in it that says what is let pass. @default - nothing is */
  readonly rules?: string;
}

/** Where providers and results are kept from run to run. */
export interface DriftVolume {
  /**
   * `ReadWriteOnce` puts all shards onto one node.
   *
   * @default "ReadWriteOnce"
   */
  readonly accessMode?: "ReadWriteOnce" | "ReadWriteMany";

  /** @default - the default one of the cluster */
  readonly storageClass?: string;

  /** @default 5 */
  readonly sizeGiB?: number;
}

/** How a run is divided, which is computed from the number of stacks. */
export interface DriftPlan {
  readonly shards: number;
  readonly parallelism: number;
  readonly deadlineSeconds: number;
  readonly jobDeadlineSeconds: number;
  readonly graceSeconds: number;
  readonly staggerSeconds: number;
  readonly memoryMiB: number;
}

export interface DriftDetectionOptions {
  /** Name of all objects. */
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  readonly schedule: string;
  readonly plan: DriftPlan;
  /** For how many stacks it was computed. */
  readonly stacks: number;
  readonly repository: DriftRepository;
  readonly credentials: DriftCredentials;
  readonly env: Readonly<Record<string, string>>;
  readonly volume: DriftVolume;
  /** Where pods may connect to, beside DNS. @default - anywhere */
  readonly egress: readonly string[] | undefined;
  /** Without it there are no metrics, and neither alerts nor a dashboard. */
  readonly monitoring: DriftMonitoring | undefined;
  /** Texts of the programs that run before `drift`, by name. */
  readonly programs: Readonly<Partial<Record<DriftProgram, string>>>;
}

export type DriftProgram = "drift-checkout.sh" | "vault-credentials.mjs";

export interface DriftMonitoring {
  readonly pushgateway: string;
  readonly runbooks: string;
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly toleratedHours: number;
  /** Seconds within which each shard says something as long as runs take place. */
  readonly silenceSeconds: number;
  readonly fileIntegrity: boolean;
}

const places = {
  program: "/program",
  repository: "/checkout/repository",
  data: "/data",
  deployKey: "/deploy-key",
  credentials: "/credentials",
} as const;

/** An Indexed CronJob with what its pods read and keep, and what is to be told of it (DRF-1 to DRF-6). */
export function driftDetectionObjects(options: DriftDetectionOptions): readonly KubernetesObject[] {
  const { name, namespace, schedule, plan, volume, credentials, programs } = options;
  const metadata = { name, namespace, labels: { "app.kubernetes.io/name": name } };
  const parts = credentialParts(credentials, places.program, places.credentials);
  const data = { ...programs, ...parts.files };
  const { accessMode = "ReadWriteOnce", storageClass, sizeGiB = 5 } = volume;
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false },
    { apiVersion: "v1", kind: "ConfigMap", metadata, data },
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata,
      spec: {
        accessModes: [accessMode],
        ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
        resources: { requests: { storage: `${sizeGiB}Gi` } },
      },
    },
    cronJob({
      name,
      namespace,
      schedule,
      deadlineSeconds: plan.jobDeadlineSeconds,
      indexes: plan.shards,
      graceSeconds: plan.graceSeconds,
      serviceAccountName: name,
      ...(accessMode === "ReadWriteOnce" && plan.shards > 1 ? { togetherAs: name } : {}),
      initContainers: [checkout(options), ...parts.initContainers.map((one) => ({ ...one, image: options.image }))],
      containers: [program(options, parts)],
      volumes: [
        { name: "program", configMap: { name } },
        { name: "data", persistentVolumeClaim: { claimName: name } },
        { name: "deploy-key", secret: { secretName: options.repository.deployKey } },
        { name: "checkout", emptyDir: {} },
        // Plans hold secrets, and are on no disk.
        { name: "tmp", emptyDir: { medium: "Memory" } },
        ...parts.volumes,
      ],
    }),
    networkPolicy(options),
    ...monitoringObjects(options),
  ];
}

/** What both the checkout and a later update of it are told. */
function repositoryEnv({ repository, env }: DriftDetectionOptions): readonly NamedObject[] {
  const { url, branch = "main", prepare } = repository;
  const key = `-i ${places.deployKey}/ssh-privatekey -o IdentitiesOnly=yes`;
  const host = `-o UserKnownHostsFile=${places.deployKey}/known_hosts -o StrictHostKeyChecking=yes`;
  return Object.entries({
    HOME: "/checkout",
    REPOSITORY_URL: url,
    REPOSITORY_BRANCH: branch,
    REPOSITORY_FOLDER: places.repository,
    ...(prepare === undefined ? {} : { REPOSITORY_PREPARE: prepare }),
    GIT_SSH_COMMAND: `ssh ${key} ${host} -o BatchMode=yes`,
    ...env,
  }).map(([name, value]) => ({ name, value }));
}

const repositoryMounts = [
  { name: "program", mountPath: places.program, readOnly: true },
  { name: "deploy-key", mountPath: places.deployKey, readOnly: true },
  { name: "checkout", mountPath: "/checkout" },
  { name: "tmp", mountPath: "/tmp" },
];

const updateCommand = ["sh", `${places.program}/drift-checkout.sh`];

function checkout(options: DriftDetectionOptions): ContainerOptions {
  return {
    name: "checkout",
    image: options.image,
    command: updateCommand,
    env: repositoryEnv(options),
    volumeMounts: repositoryMounts,
    resources: resourcesOf(options.plan),
  };
}

function program(options: DriftDetectionOptions, parts: ReturnType<typeof credentialParts>): ContainerOptions {
  const { image, plan, repository, monitoring } = options;
  const { folder, rules } = repository;
  const inRepository = (name: string) => `${places.repository}/${name}`;
  const command = [
    "node",
    "/usr/local/lib/drift.js",
    "run",
    folder === undefined ? places.repository : inRepository(folder),
    `--shard=/${plan.shards}`,
    `--parallelism=${plan.parallelism}`,
    `--deadline=${plan.deadlineSeconds}s`,
    ...(plan.staggerSeconds === 0 ? [] : [`--stagger=${plan.staggerSeconds}s`]),
    `--update=${updateCommand.join(" ")}`,
    `--providers=${places.data}/providers`,
    `--results=${places.data}/results`,
    "--run=$(RUN)",
    "--format=lines",
    "--exit-zero",
    ...(rules === undefined ? [] : [`--rules=${inRepository(rules)}`]),
    ...(monitoring === undefined ? [] : [`--pushgateway=${monitoring.pushgateway}`]),
  ];
  return {
    name: "drift",
    image,
    command: parts.environment === undefined ? command : sourcing(parts.environment, command),
    env: [
      ...repositoryEnv(options),
      ...parts.env,
      { name: "RUN", valueFrom: { fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/job-name']" } } },
    ],
    volumeMounts: [...repositoryMounts, { name: "data", mountPath: places.data }, ...parts.volumeMounts],
    resources: resourcesOf(plan),
  };
}

/** The shell gives way to the program, which then gets the signals. */
function sourcing(file: string, command: readonly string[]): readonly string[] {
  return ["sh", "-c", `. ${file} && exec "$@"`, "drift", ...command];
}

function resourcesOf({ memoryMiB }: DriftPlan): ContainerOptions["resources"] {
  return { cpu: "250m", memory: `${memoryMiB}Mi` };
}

/** Nobody connects to these pods. */
function networkPolicy({ name, namespace, egress }: DriftDetectionOptions): KubernetesObject {
  const dns = { ports: ["UDP", "TCP"].map((protocol) => ({ protocol, port: 53 })) };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace },
    spec: {
      podSelector: { matchLabels: { "app.kubernetes.io/name": name } },
      policyTypes: ["Ingress", ...(egress === undefined ? [] : ["Egress"])],
      ...(egress === undefined ? {} : { egress: [dns, { to: egress.map((cidr) => ({ ipBlock: { cidr } })) }] }),
    },
  };
}

function monitoringObjects({ name, namespace, plan, stacks, monitoring }: DriftDetectionOptions): KubernetesObject[] {
  if (monitoring === undefined) {
    return [];
  }
  const { runbooks, labels, toleratedHours, silenceSeconds, fileIntegrity } = monitoring;
  return [
    prometheusRule({
      name,
      namespace,
      runbooks,
      ...(labels === undefined ? {} : { labels }),
      alerts: driftAlerts({ shards: plan.shards, stacks, toleratedHours, silenceSeconds }),
    }),
    dashboard({
      name: `${name}-dashboard`,
      namespace,
      uid: createHash("sha256").update(`${namespace}/${name}`).digest("hex").slice(0, 40),
      title: fileIntegrity ? "Drift and file integrity" : "Drift",
      rows: [driftRow, ...(fileIntegrity ? [fileIntegrityRow] : [])],
    }),
  ];
}
