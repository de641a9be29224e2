import { placesIn } from "../document";
import { layer2VipConfig } from "../documents/layer2-vip-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { aliasDocuments, choiceProblems, type LinkChoice, nameOf, selectorOf } from "../links";
import { usesNetworkDocuments } from "../releases";

export interface VirtualIpProps {
  /** The shared address, without a prefix length: a free one in the network of `link`, outside load-balancer pools. */
  readonly address: string;
  /** The link of the control planes on which it is announced, such as `eth0`, or `eth0.30` for a VLAN. */
  readonly link: LinkChoice;
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
        ? [...aliasDocuments([link]), layer2VipConfig.build({ name: address, link: nameOf(link) })]
        : [v1alpha1.build({ machine: { network: { interfaces: [deviceWith(address, link)] } } })];
    },
    problems: (machine) => {
      const at = placesIn(machine, "virtualIp");
      return machine.role === "controlplane" ? choiceProblems(link, (...path) => at("link", ...path)) : [];
    },
  };
}

/** A VLAN is a part of the link that carries it. */
function deviceWith(address: string, link: LinkChoice) {
  const vip = { ip: address };
  const [, parent, id] = typeof link === "string" ? (/^(.+)\.(\d+)$/.exec(link) ?? []) : [];
  return parent === undefined
    ? { ...selectorOf(link), vip }
    : { interface: parent, vlans: [{ vlanId: Number(id), vip }] };
}
