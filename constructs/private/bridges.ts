import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { grouped } from "../../analysis/grouped";
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
  /** Where they run, or may be started. */
  readonly hosts: readonly string[];
  readonly cards: () => readonly VirtualEnvironmentVmNetworkDevice[];
}

const bridges = new PerSite<Bridge | Plugged>((entries) => {
  const made = grouped(
    entries.flatMap((entry) => ("name" in entry ? [entry] : [])),
    ({ name }) => name,
  );
  return entries.flatMap((entry) => ("cards" in entry ? pluggedProblems(entry, made) : []));
});

/** Records a bridge that is made on hosts. */
export function recordBridge(site: ProxmoxSite, owner: IConstruct, bridge: Bridge): void {
  bridges.add(owner, site, bridge);
}

/** Compares the network cards of a machine with the bridges that are made where it runs, or may be started. */
export function checkBridges(
  site: ProxmoxSite,
  owner: IConstruct,
  hosts: readonly string[],
  cards: Plugged["cards"],
): void {
  bridges.add(owner, site, { owner: owner.node.path, hosts, cards });
}

function pluggedProblems({ owner, hosts, cards }: Plugged, made: ReadonlyMap<string, readonly Bridge[]>): Problem[] {
  if (made.size === 0) return [];
  return cards().flatMap((card) => {
    const { bridge: name = "" } = card;
    // One host's bridge may be made in another place than the next one's.
    const ofName = made.get(name);
    if (ofName === undefined) return [];
    const onHost = (host: string) => ofName.find((bridge) => bridge.hosts.has(host));
    const without = hosts.filter((host) => onHost(host) === undefined);
    const has = ofName.flatMap((bridge) => [...bridge.hosts.keys()]);
    return [
      ...(without.length === 0 ? [] : [bridgeNotOnHost(owner, name, has, without)]),
      ...hosts.flatMap((host) => tagProblems(owner, card, host, onHost(host))).slice(0, 1),
    ];
  });
}

/** Tags of a card on a bridge that does not know them. */
function tagProblems(
  owner: string,
  { vlanId, trunks = "" }: VirtualEnvironmentVmNetworkDevice,
  host: string,
  bridge: Bridge | undefined,
): Problem[] {
  if (bridge === undefined || bridge.isVlanAware) return [];
  if (trunks !== "" && !Token.isUnresolved(trunks)) {
    return [bridgeNotVlanAware(owner, bridge.name, `the VLANs ${trunks}`)];
  }
  // Proxmox makes a bridge of its own for the VLAN, below the port that leads out.
  return vlanId === undefined || bridge.hosts.get(host) === true
    ? []
    : [bridgeNotVlanAware(owner, bridge.name, `the VLAN ${vlanId}`)];
}
