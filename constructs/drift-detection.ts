import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import * as ipaddr from "ipaddr.js";
import { type DriftScale, type ShardPlan, shardPlan, shardProblems } from "../analysis/drift-shards";
import {
  driftRunsOverlap,
  malformedObjectName,
  malformedSchedule,
  malformedSubnet,
  malformedUrl,
  type Problem,
  unpinnedImage,
  wrongValue,
} from "../errors";
import {
  type DriftCredentials,
  type DriftRepository,
  type DriftVolume,
  defaultVaultRole,
  driftDetectionObjects,
  isObjectName,
  isPinnedImage,
  isSchedule,
  longestGap,
  shortestGap,
  startingDeadlineSeconds,
  type VaultCredentials,
  vaultPolicyOf,
  vaultSetup,
} from "../manifests";
import { KubernetesObjects } from "./kubernetes-objects";
import { addCheck } from "./private/checks";
import { urlProblems } from "./private/client-problems";
import { given } from "./private/given";
import { boundsProblems } from "./private/numbers";
import { packageText } from "./private/package-files";

export interface DriftDetectionProps {
  /** Namespace of the pods, which has to be there; pod security `restricted` takes them. */
  readonly namespace: string;

  /** The image made of `images/drift`, with its digest. Its Terraform is no older than the one that applies. */
  readonly image: string;

  /** How much there is to plan, from which shards, deadline and memory are computed (DRF-2). */
  readonly scale: DriftScale;

  /** What is planned, always on its newest commit. */
  readonly repository: DriftRepository;

  /** What the plans need to read states and APIs; it should not be able to write any (DRF-3). @default { from: "nowhere" } */
  readonly credentials?: DriftCredentials;

  /** Further environment variables, none of them secret, such as `TF_CLI_ARGS_init`. @default - none */
  readonly env?: Readonly<Record<string, string>>;

  /** Five fields, in UTC. @default "0 6 * * *" (DRF-1) */
  readonly schedule?: string;

  /** Where providers and results stay from run to run (DRF-6). Another class or mode needs another name. @default 5 GiB that one node has at a time */
  readonly volume?: DriftVolume;

  /** Networks in CIDR notation that pods may connect to, beside DNS. @default - all */
  readonly egress?: readonly string[];

  /** Metrics, alerts and a dashboard. @default - only the Jobs' logs and outcomes, and the page of each run, say what there is */
  readonly monitoring?: DriftMonitoringProps;

  /** @default - none */
  readonly dependsOn?: readonly ITerraformDependable[];
}

export interface DriftMonitoringProps {
  /** URL of a Pushgateway (MON-1). One has the metrics of one `DriftDetection`. */
  readonly pushgateway: string;

  /** Page with the runbooks: an alert's is `<runbooks>#<alert in lower case>`. */
  readonly runbooks: string;

  /** Labels by which Prometheus finds the alerts. @default - { release: "kube-prometheus-stack" } */
  readonly prometheusLabels?: Readonly<Record<string, string>>;

  /** Hours after which drift is to be told (DRF-4, MON-2). @default 24 */
  readonly toleratedHours?: number;

  /** Whether the dashboard shows the files of nodes as well, for a site with AIDE. @default false */
  readonly fileIntegrity?: boolean;
}

/**
 * Looks for drift in all stacks of a repository by the clock: a CronJob of as many pods as it takes to be ready in time,
 * each with its part of the stacks (DRF-1 to DRF-6). All objects are named after the construct's id.
 *
 * @example
 * new DriftDetection(stack, "drift", {
 *   namespace: "monitoring",
 *   image: "registry.example.com/drift:1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
 *   scale: { stacks: 126, secondsPerStack: 22, within: 1800 },
 *   repository: { url: "git@git.example.com:infra.git", deployKey: "infra-deploy-key" },
 * });
 */
export class DriftDetection extends Construct {
  /** How a run is divided. */
  readonly plan: ShardPlan;
  /** What an administrator of Vault runs once: it writes the policy, and the role that gives it to the account. */
  readonly vaultSetup: string | undefined;
  readonly objects: KubernetesObjects;

  constructor(scope: Construct, id: string, props: DriftDetectionProps) {
    super(scope, id);
    const { namespace, scale, credentials = { from: "nowhere" }, schedule = "0 6 * * *", monitoring } = props;
    this.plan = shardPlan(scale);
    const { jobDeadlineSeconds } = this.plan;
    this.vaultSetup = credentials.from === "vault" ? this.#setupOf(credentials, namespace) : undefined;
    const isReadable = isSchedule(schedule);
    this.objects = new KubernetesObjects(this, id, {
      namespace,
      objects: driftDetectionObjects({
        name: id,
        namespace,
        image: props.image,
        schedule,
        plan: this.plan,
        stacks: scale.stacks,
        repository: props.repository,
        credentials,
        env: props.env ?? {},
        volume: props.volume ?? {},
        egress: props.egress,
        monitoring: monitoring && {
          ...monitoring,
          labels: monitoring.prometheusLabels,
          toleratedHours: monitoring.toleratedHours ?? 24,
          silenceSeconds: (isReadable ? longestGap(schedule) : 0) + startingDeadlineSeconds + jobDeadlineSeconds,
          fileIntegrity: monitoring.fileIntegrity ?? false,
        },
        programs: {
          "drift-checkout.sh": packageText("scripts", "drift-checkout.sh"),
          ...(credentials.from === "vault"
            ? { "vault-credentials.mjs": packageText("scripts", "vault-credentials.mjs") }
            : {}),
        },
      }),
      ...given({ dependsOn: props.dependsOn }),
    });
    addCheck(this, () => {
      const where = this.node.path;
      return [
        ...this.#scaleProblems(where, scale),
        ...(isReadable ? [] : [malformedSchedule(where, schedule, "five")]),
        ...(isReadable && shortestGap(schedule) < jobDeadlineSeconds
          ? [driftRunsOverlap(where, schedule, shortestGap(schedule), jobDeadlineSeconds)]
          : []),
        ...(isPinnedImage(props.image) ? [] : [unpinnedImage(where, props.image)]),
        ...repositoryProblems(where, props.repository),
        ...credentialProblems(where, credentials),
        ...Object.keys(props.env ?? {}).flatMap((name) => variableProblems(`${where} env`, name)),
        ...boundsProblems(where, [
          ["volume.sizeGiB", props.volume?.sizeGiB, 1],
          ["monitoring.toleratedHours", monitoring?.toleratedHours, 1],
        ]),
        ...(props.egress ?? []).filter((cidr) => !ipaddr.isValidCIDR(cidr)).map((cidr) => malformedSubnet(where, cidr)),
        ...urlProblems(where, {
          "monitoring.pushgateway": monitoring?.pushgateway,
          "monitoring.runbooks": monitoring?.runbooks,
        }),
      ];
    });
  }

  /** The token lasts as long as a run. */
  #setupOf(credentials: VaultCredentials, namespace: string): string {
    const ttl = `${Math.ceil(this.plan.jobDeadlineSeconds / 60)}m`;
    const { role = defaultVaultRole } = credentials;
    const policy = vaultPolicyOf(credentials);
    return vaultSetup(credentials, { role, account: this.node.id, namespace, policy, ttl });
  }

  #scaleProblems(where: string, scale: DriftScale): readonly Problem[] {
    const { stacks, secondsPerStack, shards, parallelism, within, memoryMiBPerPlan } = scale;
    const problems = [
      ...boundsProblems(where, [
        ["scale.stacks", stacks, 1],
        ["scale.shards", shards, 1, 16],
        ["scale.parallelism", parallelism, 1],
        ["scale.within", within, 120],
        ["scale.memoryMiBPerPlan", memoryMiBPerPlan, 64],
      ]),
      ...(secondsPerStack > 0 ? [] : [wrongValue(`${where} scale.secondsPerStack`, secondsPerStack, "a time above 0")]),
    ];
    return problems.length > 0 ? problems : shardProblems(where, scale);
  }
}

function repositoryProblems(where: string, { url, deployKey, folder, rules }: DriftRepository): readonly Problem[] {
  const inside = [folder, rules].filter((name) => name !== undefined);
  return [
    ...(/^(ssh:\/\/([\w.-]+@)?[\w.-]+(:\d+)?\/\S+|[\w.-]+@[\w.-]+:[^\s/]\S*)$/.test(url)
      ? []
      : [malformedUrl(where, "repository.url", url, '"ssh://git@git.example.com/infra.git"')]),
    ...(isObjectName(deployKey) ? [] : [malformedObjectName(where, "Secret", deployKey)]),
    ...inside
      .filter((name) => name.startsWith("/") || name.split("/").includes(".."))
      .map((name) => wrongValue(`${where} repository`, name, "a path inside of the repository")),
  ];
}

function credentialProblems(where: string, credentials: DriftCredentials): readonly Problem[] {
  if (credentials.from === "nowhere") {
    return [];
  }
  const { env = {}, files = {} } = credentials;
  const place = `${where} credentials`;
  return [
    ...(credentials.from === "secret" && !isObjectName(credentials.secret)
      ? [malformedObjectName(where, "Secret", credentials.secret)]
      : []),
    ...(credentials.from === "vault" ? urlProblems(where, { "credentials.address": credentials.address }) : []),
    ...Object.keys(env).flatMap((name) => variableProblems(place, name)),
    ...Object.keys(files)
      .filter((name) => !/^[\w.-]+$/.test(name) || /^(\.\.?|environment)$/.test(name))
      .map((name) => wrongValue(place, name, 'a name of a file other than "environment"')),
  ];
}

function variableProblems(where: string, name: string): readonly Problem[] {
  return /^[A-Za-z_]\w*$/.test(name) ? [] : [wrongValue(where, name, "a name of an environment variable")];
}
