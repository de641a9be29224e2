import type { IConstruct } from "constructs";
import { addressReserved, type Problem, subnetOnTwoNetworks, subnetsOverlap } from "../../errors";
import { type ClusterNetwork, subnetOf } from "../cluster-network";
import type { ProxmoxSite } from "../proxmox-site";
import { overlap } from "./address-range";
import { PerSite } from "./per-site";
import { inWords } from "./ranges";

/** The network of a cluster, and what is in it beside the machines. */
interface ClusterEntry {
  readonly owner: string;
  readonly network: ClusterNetwork;
  readonly virtualIp: string | undefined;
}

/** A machine with static addresses, whatever it is. */
interface MachineEntry {
  readonly owner: string;
  readonly host: string;
  readonly cards: () => readonly PlacedAddress[];
}

/** A static address with its prefix length, and the network of the card that has it. */
export interface PlacedAddress {
  readonly address: string;
  readonly nic: ClusterNetwork["nic"];
}

const networks = new PerSite<ClusterEntry | MachineEntry>((entries) => {
  const clusters = entries.filter((entry) => "network" in entry);
  const machines = entries.filter((entry) => "cards" in entry);
  return [
    ...clusters.flatMap((entry, index) => clusters.slice(0, index).flatMap((earlier) => disagreements(entry, earlier))),
    ...clusters.flatMap((cluster) => reservedElsewhere(cluster, clusters, machines)),
    ...subnetsOnHosts(machines, clusters),
  ];
});

/** Compares the network of a cluster with those of the others on the same hosts, and with machines beside it. */
export function compareNetworks(
  site: ProxmoxSite,
  owner: IConstruct,
  network: ClusterNetwork,
  virtualIp?: string,
): void {
  networks.add(owner, site, { owner: owner.node.path, network, virtualIp });
}

/** Compares the static addresses of a machine with the networks of clusters and of other machines. */
export function compareAddresses(site: ProxmoxSite, owner: IConstruct, machine: Omit<MachineEntry, "owner">): void {
  networks.add(owner, site, { owner: owner.node.path, ...machine });
}

/** One subnet is on one bridge and VLAN, two subnets have no address in common, and nor have what two give out. */
function disagreements(entry: ClusterEntry, earlier: ClusterEntry): Problem[] {
  return [...subnetProblems(entry, earlier), ...givenOutTwice(entry, earlier)];
}

function subnetProblems({ owner, network }: ClusterEntry, earlier: ClusterEntry): Problem[] {
  const [here, there] = [network.subnet, earlier.network.subnet];
  if (!overlap(here, there)) return [];
  if (here !== there) {
    return [subnetsOverlap(owner, "the subnet of the nodes", here, `that of ${earlier.owner}`, there)];
  }
  const [ours, theirs] = [networkName(network.nic), networkName(earlier.network.nic)];
  return ours === theirs ? [] : [subnetOnTwoNetworks(owner, here, ours, earlier.owner, theirs)];
}

/** The DHCP server of a network may serve two clusters; the addresses for load balancers are of one. */
function givenOutTwice({ owner, network }: ClusterEntry, earlier: ClusterEntry): Problem[] {
  return Object.entries(network.reserved).flatMap(([use, range]) =>
    Object.entries(earlier.network.reserved)
      .filter(([other, theirs]) => (use !== "dhcp" || other !== "dhcp") && overlap(range, theirs))
      .map(([other, theirs]) =>
        subnetsOverlap(
          owner,
          `the range for ${inWords(use)}`,
          range,
          `that for ${inWords(other)} of ${earlier.owner}`,
          theirs,
        ),
      ),
  );
}

/** Addresses that a cluster leaves to somebody else, and that another cluster or a machine of none has. */
function reservedElsewhere(
  { owner: cluster, network }: ClusterEntry,
  clusters: readonly ClusterEntry[],
  machines: readonly MachineEntry[],
): Problem[] {
  const ranges = Object.entries(network.reserved);
  if (ranges.length === 0) return [];
  const taken = [
    ...clusters.map(({ owner, virtualIp }) => [owner, virtualIp === undefined ? [] : [virtualIp]] as const),
    ...machines.map(({ owner, cards }) => [owner, cards().map(({ address }) => address.replace(/\/.*$/, ""))] as const),
  ].filter(([owner]) => !isOf(owner, cluster));
  return taken.flatMap(([owner, addresses]) =>
    addresses.flatMap((address) =>
      ranges
        .filter(([, range]) => overlap(address, range))
        .map(([use, range]) => addressReserved(owner, address, `the range for ${inWords(use)} of ${cluster}`, range)),
    ),
  );
}

/** Two networks of one host with the same subnet; those of two clusters are compared as such. */
function subnetsOnHosts(machines: readonly MachineEntry[], clusters: readonly ClusterEntry[]): Problem[] {
  const first = new Map<string, { readonly owner: string; readonly name: string }>();
  return machines.flatMap(({ owner, host, cards }) =>
    cards().flatMap(({ address, nic }) => {
      const subnet = subnetOf(address);
      if (subnet === undefined) return [];
      const key = JSON.stringify([host, subnet]);
      const name = networkName(nic);
      const known = first.get(key);
      if (known === undefined) first.set(key, { owner, name });
      const isBetweenClusters =
        known && [owner, known.owner].every((one) => clusters.some((it) => isOf(one, it.owner)));
      return known === undefined || known.name === name || isBetweenClusters
        ? []
        : [subnetOnTwoNetworks(owner, subnet, name, known.owner, known.name)];
    }),
  );
}

function isOf(path: string, cluster: string): boolean {
  return path === cluster || path.startsWith(`${cluster}/`);
}

function networkName({ bridge, vlanId }: ClusterNetwork["nic"]): string {
  return vlanId === undefined ? bridge : `${bridge}, VLAN ${vlanId}`;
}
