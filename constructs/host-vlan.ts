import { Construct } from "constructs";
import { malformedHostInterface, type Problem, vlanRange } from "../errors";
import { NetworkLinuxVlan } from "../providers/proxmox/network-linux-vlan";
import { hostOf, staticAddressProblems } from "./cluster-network";
import { addCheck } from "./private/checks";
import { claim } from "./private/claims";
import { boundsProblems, isWhole } from "./private/numbers";
import type { ProxmoxSite } from "./proxmox-site";

export interface HostVlanProps<Host extends string = string> {
  readonly site: ProxmoxSite<Host>;

  /** The interface of the hosts that carries the VLAN: `eno1`, `bond0`, `vmbr0`. */
  readonly interface: string;

  /** VLAN id, 1–4094. */
  readonly vlanId: number;

  /** The hosts, each with its address in the VLAN, with prefix length; nothing for none. */
  readonly hosts: Readonly<Partial<Record<NoInfer<Host>, string | undefined>>>;

  /** Largest packet, in bytes. @default - that of the interface */
  readonly mtu?: number;
}

/**
 * A VLAN of the hosts themselves, such as one for storage or for migrations. Machines get theirs by the tag of their
 * network card instead. A change reloads the host's network.
 */
export class HostVlan<Host extends string = string> extends Construct {
  /** Its name on the hosts: `<interface>.<id>`. */
  readonly interfaceName: string;

  constructor(scope: Construct, id: string, props: HostVlanProps<Host>) {
    super(scope, id);
    const { site, vlanId, mtu } = props;
    this.interfaceName = `${props.interface}.${vlanId}`;
    const byHost = Object.entries<string | undefined>(props.hosts);
    for (const [host, address] of byHost) {
      new NetworkLinuxVlan(this, host || "unnamed", {
        nodeName: host,
        name: this.interfaceName,
        ...(address === undefined ? {} : { [address.includes(":") ? "address6" : "address"]: address }),
        ...(mtu === undefined ? {} : { mtu }),
      });
    }
    claim(this, site, "interface", () => byHost.map(([host]) => `${this.interfaceName} of ${host}`));
    claim(this, site, "address", () => byHost.flatMap(([, address]) => hostOf(address) ?? []));
    addCheck(this, (): Problem[] => [
      ...byHost.flatMap(([host, address]) => [
        ...site.hostProblems(this, host),
        ...(address === undefined ? [] : staticAddressProblems(this.node.path, { address })),
      ]),
      ...boundsProblems(this.node.path, [["mtu", mtu, 1280, 65_520]]),
      ...(isWhole(vlanId, 1, 4094) ? [] : [vlanRange(this.node.path, vlanId)]),
      ...(/^[A-Za-z]\w{0,9}$/.test(props.interface)
        ? []
        : [malformedHostInterface(this.node.path, "interface", props.interface, "eno1")]),
    ]);
  }
}
