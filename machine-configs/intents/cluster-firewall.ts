import type { Intent } from "../intent";
import { TALOS_API_PORT } from "../rules/firewall";
import { firewallDocuments, type IngressRule } from "./ingress-firewall";

export interface ClusterFirewallProps {
  /** Subnets of all machines of the cluster. */
  readonly nodes: readonly string[];
  /** Who uses the Talos API and the Kubernetes API: subnets and addresses, where Terraform runs among them. */
  readonly clients: readonly string[];
  /** Addresses of the control planes, which are etcd's members. @default - `nodes` */
  readonly controlPlanes?: readonly string[];
  /** Subnets of the pods, which use the Kubernetes API and the kubelet of their own machine. @default ["10.244.0.0/16"] */
  readonly podSubnets?: readonly string[];
  /** The port of the network plugin's tunnels: Flannel's, or 8472 for Cilium. @default 4789 */
  readonly vxlanPort?: number;
}

/**
 * A firewall that lets through what a cluster needs, for control planes and workers each, and blocks all else. What runs
 * on the cluster is opened by `ingressFirewall`, such as node ports, or ports of pods in the host's network.
 *
 * Applied without a restart.
 */
export function clusterFirewall(props: ClusterFirewallProps): Intent {
  return {
    name: "clusterFirewall",
    documents: ({ role }) => {
      const rules = role === "worker" ? workerRules(props) : { ...workerRules(props), ...controlPlaneRules(props) };
      return firewallDocuments(rules, "block");
    },
  };
}

const POD_SUBNETS = ["10.244.0.0/16"];

function workerRules({ nodes, clients, podSubnets = POD_SUBNETS, vxlanPort = 4789 }: ClusterFirewallProps) {
  return {
    "apid-ingress": tcp([TALOS_API_PORT], [...nodes, ...clients]),
    "kubelet-ingress": tcp([10250], [...nodes, ...podSubnets]),
    "cni-vxlan": { ports: [vxlanPort], protocol: "udp", subnets: nodes },
  } as const;
}

function controlPlaneRules({ nodes, clients, controlPlanes = nodes, podSubnets = POD_SUBNETS }: ClusterFirewallProps) {
  return {
    "trustd-ingress": tcp([50001], nodes),
    "kubernetes-api-ingress": tcp([6443], [...nodes, ...clients, ...podSubnets]),
    "etcd-ingress": tcp(["2379-2380"], controlPlanes),
  };
}

function tcp(ports: IngressRule["ports"], subnets: readonly string[]): IngressRule {
  return { ports, protocol: "tcp", subnets };
}
