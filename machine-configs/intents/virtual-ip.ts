import { layer2VipConfig } from "../documents/layer2-vip-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesNetworkDocuments } from "../releases";

export interface VirtualIpProps {
  /** The shared address, without a prefix length: a free one in the network of `link`, outside load-balancer pools. */
  readonly address: string;
  /** The link of the control planes on which it is announced, such as `eth0`. */
  readonly link: string;
}

/**
 * An address for the Kubernetes API that moves between the control planes (TAL-25).
 *
 * Exists only once etcd runs: bootstrap by a machine's own address, and never use it as an endpoint of the Talos API,
 * which would be out of reach exactly when etcd is broken. Applied without a restart. Nothing on workers.
 */
export function virtualIp({ address, link }: VirtualIpProps): Intent {
  return {
    name: "virtualIp",
    documents: ({ role, contract }) => {
      if (role !== "controlplane") return [];
      return usesNetworkDocuments(contract)
        ? [layer2VipConfig.build({ name: address, link })]
        : [v1alpha1.build({ machine: { network: { interfaces: [{ interface: link, vip: { ip: address } }] } } })];
    },
  };
}
