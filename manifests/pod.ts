/** Pods that may do no more than they need. */

export interface PodOptions {
  readonly containers: readonly ContainerOptions[];
  /** Run one after the other before the containers. @default - none */
  readonly initContainers?: readonly ContainerOptions[];
  /** Volumes of the pod, as Kubernetes has them. @default - none */
  readonly volumes?: readonly NamedObject[];
  /** @default - the namespace's default account, whose token the pod does not get */
  readonly serviceAccountName?: string;
  /** Whether the pod gets the token of its account. @default false */
  readonly apiToken?: boolean;
  /** Whom the processes run as; 0 is root, which pod security `restricted` refuses. @default 65532 */
  readonly runAsUser?: number;
  /** Labels that the node has to have. @default - any node */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Taints that do not keep the pod from a node. @default - none */
  readonly tolerations?: readonly Toleration[];
  /** Whether containers that end are started again, as a DaemonSet's have to be. @default "Never" */
  readonly restartPolicy?: "Never" | "Always";
  /** Seconds from SIGTERM to SIGKILL. @default 30 */
  readonly graceSeconds?: number;
  /** Name whose pods share a node, such as for a volume that one node has at a time. @default - wherever there is room */
  readonly togetherAs?: string;
}

/** A toleration as Kubernetes has it. */
export interface Toleration {
  readonly key?: string;
  readonly operator?: "Equal" | "Exists";
  readonly value?: string;
  readonly effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

export interface ContainerOptions {
  readonly name: string;
  /** Image with its digest: `registry.example.com/tool:1.2.3@sha256:…`. */
  readonly image: string;
  readonly command: readonly string[];
  /** @default - none */
  readonly env?: readonly NamedObject[];
  /** Paths in the container by volume. @default - none */
  readonly volumeMounts?: readonly NamedObject[];
  /** What the container gets, and may not go beyond, such as `{ cpu: "100m", memory: "128Mi" }`. */
  readonly resources: { readonly cpu: string; readonly memory: string };
  /** What the kernel lets the processes do beyond what it gives to everyone. @default - nothing */
  readonly capabilities?: readonly string[];
  /** Where Kubernetes has the message of a container from that ended with an error and left none. @default "File" */
  readonly terminationMessagePolicy?: "File" | "FallbackToLogsOnError";
}

/** An element of one of Kubernetes' lists that are told apart by name. */
export interface NamedObject {
  readonly name: string;
  readonly [field: string]: unknown;
}

/**
 * What a pod is, in the terms of pod security `restricted` where nothing else is asked for: not root, nothing but what
 * the kernel gives to everyone, and a root file system that nobody writes. It is not started again when it ends.
 */
export function podSpec(options: PodOptions): Readonly<Record<string, unknown>> {
  const { containers, initContainers, volumes, serviceAccountName, apiToken = false, runAsUser = 65532 } = options;
  const { restartPolicy = "Never", nodeSelector, tolerations, graceSeconds, togetherAs } = options;
  return {
    restartPolicy,
    automountServiceAccountToken: apiToken,
    ...(serviceAccountName === undefined ? {} : { serviceAccountName }),
    ...(graceSeconds === undefined ? {} : { terminationGracePeriodSeconds: graceSeconds }),
    ...(togetherAs === undefined ? {} : { affinity: { podAffinity: onOneNode(togetherAs) } }),
    securityContext: {
      runAsNonRoot: runAsUser !== 0,
      runAsUser,
      runAsGroup: runAsUser,
      fsGroup: runAsUser,
      seccompProfile: { type: "RuntimeDefault" },
    },
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
    ...(tolerations === undefined ? {} : { tolerations }),
    ...(initContainers === undefined ? {} : { initContainers: initContainers.map(containerSpec) }),
    containers: containers.map(containerSpec),
    ...(volumes === undefined ? {} : { volumes }),
  };
}

function onOneNode(name: string) {
  const labelSelector = { matchLabels: { "app.kubernetes.io/name": name } };
  return { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey: "kubernetes.io/hostname" }] };
}

function containerSpec(options: ContainerOptions) {
  const { name, image, command, env, volumeMounts, resources, capabilities, terminationMessagePolicy } = options;
  return {
    name,
    image,
    command,
    ...(env === undefined ? {} : { env }),
    ...(volumeMounts === undefined ? {} : { volumeMounts }),
    ...(terminationMessagePolicy === undefined ? {} : { terminationMessagePolicy }),
    // The processor is asked for but not limited: a limit makes a run slower, and protects nobody.
    resources: { requests: resources, limits: { memory: resources.memory } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"], ...(capabilities === undefined ? {} : { add: capabilities }) },
    },
  };
}
