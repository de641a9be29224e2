import type { IConstruct } from "constructs";
import { type Problem, subnetOnTwoNetworks, subnetsOverlap } from "../../errors";
import type { ClusterNetwork } from "../cluster-network";
import type { ProxmoxSite } from "../proxmox-site";
import { overlap } from "./address-range";
import { PerSite } from "./per-site";

interface Entry {
  readonly owner: string;
  readonly network: ClusterNetwork;
}

const networks = new PerSite<Entry>((entries) =>
  entries.flatMap((entry, index) => entries.slice(0, index).flatMap((earlier) => disagreements(entry, earlier))),
);

/** Compares the network of a cluster with those of the others on the same hosts. */
export function compareNetworks(site: ProxmoxSite, owner: IConstruct, network: ClusterNetwork): void {
  networks.add(owner, site, { owner: owner.node.path, network });
}

/** One subnet is on one bridge and VLAN, and two subnets have no address in common. */
function disagreements({ owner, network }: Entry, earlier: Entry): Problem[] {
  const [here, there] = [network.subnet, earlier.network.subnet];
  if (!overlap(here, there)) return [];
  if (here !== there) {
    return [subnetsOverlap(owner, "the subnet of the nodes", here, `that of ${earlier.owner}`, there)];
  }
  const [ours, theirs] = [networkName(network), networkName(earlier.network)];
  return ours === theirs ? [] : [subnetOnTwoNetworks(owner, here, ours, earlier.owner, theirs)];
}

function networkName({ nic }: ClusterNetwork): string {
  return nic.vlanId === undefined ? nic.bridge : `${nic.bridge}, VLAN ${nic.vlanId}`;
}
