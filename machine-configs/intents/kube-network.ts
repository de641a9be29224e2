import { type Problem, subnetsDiffer, subnetsOverlap } from "../../errors";
import { type MachineTarget, placesIn, type TalosDocument } from "../document";
import { kubeNetworkConfig } from "../documents/kube-network-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";
import { overlaps } from "../rules/addresses";

/** One subnet, or an IPv4 and an IPv6 one; the family of the first is the cluster's main one. */
export type Subnets = readonly [string] | readonly [string, string];

export interface KubeNetworkProps {
  /**
   * Where pods get their addresses. Not to overlap with the machines' network.
   *
   * @default ["10.244.0.0/16"]
   */
  readonly podSubnets?: Subnets;
  /**
   * Where services get their addresses.
   *
   * @default ["10.96.0.0/12"]
   */
  readonly serviceSubnets?: Subnets;
  /**
   * The domain of the cluster's own names.
   *
   * @default "cluster.local"
   */
  readonly dnsDomain?: string;
  /**
   * The prefix length of the part of the IPv4 pod subnet that each node gets, which limits the number of nodes.
   *
   * @default 24
   */
  readonly nodeCIDRMaskSizeIPv4?: number;
  /**
   * The prefix length of the part of the IPv6 pod subnet that each node gets.
   *
   * @default 64
   */
  readonly nodeCIDRMaskSizeIPv6?: number;
}

/**
 * The networks of Kubernetes. For every machine of a cluster, since the kubelet uses them too, and for new clusters:
 * nodes and services keep the addresses that they have.
 */
export function kubeNetwork(props: KubeNetworkProps): Intent {
  return {
    name: "kubeNetwork",
    documents: (machine) => [
      usesKubeDocuments(machine.contract) ? kubeNetworkConfig.build(props) : section(props, machine),
    ],
    problems: (machine) => networkProblems(props, machine),
  };
}

/** What Talos writes for a new cluster. */
const POD_SUBNETS: Subnets = ["10.244.0.0/16"];
const SERVICE_SUBNETS: Subnets = ["10.96.0.0/12"];

function section(props: KubeNetworkProps, { role }: MachineTarget): TalosDocument {
  const { podSubnets, serviceSubnets, dnsDomain } = props;
  const extraArgs = maskSizes(props);
  const isOnControlPlane = role === "controlplane" && Object.keys(extraArgs).length > 0;
  const controllerManager = isOnControlPlane ? { controllerManager: { extraArgs } } : {};
  return v1alpha1.build({ cluster: { network: { podSubnets, serviceSubnets, dnsDomain }, ...controllerManager } });
}

/** The arguments for mask sizes, whose names depend on the number of subnets. */
function maskSizes(props: KubeNetworkProps): Readonly<Record<string, string>> {
  const { podSubnets = POD_SUBNETS, nodeCIDRMaskSizeIPv4, nodeCIDRMaskSizeIPv6 } = props;
  const sizes = podSubnets.map((subnet) =>
    subnet.includes(":") ? (["ipv6", nodeCIDRMaskSizeIPv6] as const) : (["ipv4", nodeCIDRMaskSizeIPv4] as const),
  );
  const given = sizes.flatMap(([family, size]) => {
    const name = podSubnets.length === 1 ? "node-cidr-mask-size" : `node-cidr-mask-size-${family}`;
    return size === undefined ? [] : [[name, String(size)] as const];
  });
  return Object.fromEntries(given);
}

function networkProblems(props: KubeNetworkProps, machine: MachineTarget): readonly Problem[] {
  const { podSubnets = POD_SUBNETS, serviceSubnets = SERVICE_SUBNETS } = props;
  const at = placesIn(machine, "kubeNetwork");
  const problems: Problem[] = [];
  if (!usesKubeDocuments(machine.contract)) {
    // What the document's rules say is true of the sections as well, which have no rules.
    problems.push(...kubeNetworkConfig.documentProblems(kubeNetworkConfig.build(props), at, machine));
  } else if (podSubnets.length !== serviceSubnets.length) problems.push(subnetsDiffer(at("serviceSubnets")));
  for (const [index, subnet] of podSubnets.entries()) {
    const other = serviceSubnets.find((one) => overlaps(subnet, one));
    if (other !== undefined)
      problems.push(subnetsOverlap(at("podSubnets", index), "the network of pods", subnet, "that of services", other));
  }
  return problems;
}
