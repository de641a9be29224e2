import { intentNeedsContract, type Problem, wrongValue } from "../../errors";
import { type MachineTarget, placesIn, type TalosDocument } from "../document";
import { kubeNodeConfig } from "../documents/kube-node-config";
import { kubeletConfig } from "../documents/kubelet-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";
import { AN_ADDRESS, isHostAddress } from "../rules/addresses";

/** A directory of the machine that pods can use by its path. */
export interface KubeletMount {
  /** Its path on the machine, such as `/var/lib/openebs`: only what is below `/var` can be written. */
  readonly source: string;
  /**
   * Its path for the kubelet and for pods.
   *
   * @default - as `source`, which volumes by path need
   */
  readonly destination?: string;
  /**
   * How it is mounted.
   *
   * @default ["bind", "rshared", "rw"]
   */
  readonly options?: readonly string[];
}

export interface KubeletProps {
  /**
   * Fields of the KubeletConfiguration, such as `{ serializeImagePulls: false, maxParallelImagePulls: 50 }` (TAL-8).
   * Talos pulls in parallel unless `serializeImagePulls` is true. Fields that Talos sets itself, such as
   * `staticPodPath`, are refused.
   *
   * @default - the kubelet's own
   * @see https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/
   */
  readonly config?: Readonly<Record<string, unknown>>;
  /**
   * Arguments without the leading dashes; a list repeats the argument. Prefer `config`, which Kubernetes prefers too.
   *
   * @default - none beyond those of Talos
   */
  readonly extraArgs?: Readonly<Record<string, string | readonly string[]>>;
  /**
   * Addresses of the DNS that pods ask, such as a cache on each node.
   *
   * @default - the cluster's DNS, the tenth address of each service subnet
   */
  readonly clusterDNS?: readonly string[];
  /**
   * Subnets from which the node's address in Kubernetes is taken, such as `10.0.0.0/24`; with `!` before it, one to leave
   * out. Needed where a machine has several networks.
   *
   * @default - the first routable address of the machine
   */
  readonly nodeIPValidSubnets?: readonly string[];
  /**
   * Directories of the machine for pods, as provisioners of local volumes need them (TAL-24). Up to contract 1.13 only:
   * from then on use a user volume, which is below `/var/mnt` for pods as well.
   *
   * @default - none beyond those of Talos
   */
  readonly extraMounts?: readonly KubeletMount[];
}

/** Settings of the kubelet. Applied without a restart of the machine; the kubelet restarts, its pods do not. */
export function kubelet(props: KubeletProps): Intent {
  return {
    name: "kubelet",
    documents: ({ contract }) => (usesKubeDocuments(contract) ? documents(props) : [section(props)]),
    problems: (machine) => kubeletProblems(props, machine),
  };
}

function documents({ config, extraArgs, clusterDNS, nodeIPValidSubnets }: KubeletProps): readonly TalosDocument[] {
  const fields = { config, extraArgs, clusterDNS };
  const isEmpty = Object.values(fields).every((field) => field === undefined);
  return [
    ...(isEmpty ? [] : [kubeletConfig.build(fields)]),
    ...(nodeIPValidSubnets === undefined
      ? []
      : [kubeNodeConfig.build({ nodeIP: { validSubnets: nodeIPValidSubnets } })]),
  ];
}

function section({ config, extraArgs, clusterDNS, nodeIPValidSubnets, extraMounts }: KubeletProps): TalosDocument {
  const kubeletSection = {
    extraConfig: config,
    extraArgs,
    clusterDNS,
    nodeIP: nodeIPValidSubnets && { validSubnets: nodeIPValidSubnets },
    extraMounts: extraMounts?.map(({ source, destination = source, options = ["bind", "rshared", "rw"] }) => ({
      source,
      destination,
      type: "bind",
      options,
    })),
  };
  return v1alpha1.build({ machine: { kubelet: kubeletSection } });
}

function kubeletProblems({ clusterDNS = [], extraMounts }: KubeletProps, machine: MachineTarget): readonly Problem[] {
  const at = placesIn(machine, "kubelet");
  const problems = clusterDNS.flatMap((address, index): readonly Problem[] =>
    isHostAddress(address) ? [] : [wrongValue(at("clusterDNS", index), address, AN_ADDRESS)],
  );
  if (extraMounts === undefined) return problems;
  if (usesKubeDocuments(machine.contract)) {
    const remedy = "Use the intent userVolume: the volume is at /var/mnt/<name>, for pods as well.";
    return [
      ...problems,
      intentNeedsContract(at("extraMounts"), "Mounts of the kubelet", "1.11 to 1.13", machine.contract, remedy),
    ];
  }
  const relative = extraMounts.flatMap((mount, index) =>
    (["source", "destination"] as const).flatMap((key): readonly Problem[] => {
      const path = mount[key] ?? "/";
      return path.startsWith("/") ? [] : [wrongValue(at("extraMounts", index, key), path, "an absolute path")];
    }),
  );
  return [...problems, ...relative];
}
