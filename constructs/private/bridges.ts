import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { bridgeNotOnHost, bridgeNotVlanAware, type Problem } from "../../errors";
import type { VirtualEnvironmentVmNetworkDevice } from "../../providers/proxmox/virtual-environment-vm";
import type { ProxmoxSite } from "../proxmox-site";
import { PerSite } from "./per-site";

/** A bridge that the code makes. */
interface Bridge {
  readonly name: string;
  readonly isVlanAware: boolean;
  /** Whether it leads out of the host, by host. */
  readonly hosts: ReadonlyMap<string, boolean>;
}

/** What machines are plugged into. */
interface Plugged {
  readonly owner: string;
  readonly host: string;
  readonly cards: () => readonly VirtualEnvironmentVmNetworkDevice[];
}

const bridges = new PerSite<Bridge | Plugged>((entries) => {
  const made = new Map(entries.flatMap((entry) => ("name" in entry ? [[entry.name, entry] as const] : [])));
  return entries.flatMap((entry) => ("cards" in entry ? pluggedProblems(entry, made) : []));
});

/** Records a bridge that is made on hosts. */
export function recordBridge(site: ProxmoxSite, owner: IConstruct, bridge: Bridge): void {
  bridges.add(owner, site, bridge);
}

/** Compares the network cards of a machine with the bridges that are made. */
export function checkBridges(site: ProxmoxSite, owner: IConstruct, host: string, cards: Plugged["cards"]): void {
  bridges.add(owner, site, { owner: owner.node.path, host, cards });
}

function pluggedProblems({ owner, host, cards }: Plugged, made: ReadonlyMap<string, Bridge>): Problem[] {
  if (made.size === 0) return [];
  return cards().flatMap(({ bridge: name = "", vlanId, trunks = "" }) => {
    const bridge = made.get(name);
    if (bridge === undefined) return [];
    const leadsOut = bridge.hosts.get(host);
    if (leadsOut === undefined) return [bridgeNotOnHost(owner, name, host, [...bridge.hosts.keys()])];
    if (bridge.isVlanAware) return [];
    if (trunks !== "" && !Token.isUnresolved(trunks)) return [bridgeNotVlanAware(owner, name, `the VLANs ${trunks}`)];
    // Proxmox makes a bridge of its own for the VLAN, below the port that leads out.
    return vlanId === undefined || leadsOut ? [] : [bridgeNotVlanAware(owner, name, `the VLAN ${vlanId}`)];
  });
}
