import { layer2VipConfig } from "../documents/layer2-vip-config";
import type { Intent } from "../intent";

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
    documents: (machine) => (machine.role === "controlplane" ? [layer2VipConfig.build({ name: address, link })] : []),
  };
}
