import type { IConstruct } from "constructs";
import { grouped } from "../../analysis/grouped";
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
    ...subnetsOnBridges(machines, clusters),
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

/** A card of a machine, and the network that it is on. */
interface Card {
  readonly owner: string;
  readonly host: string;
  readonly subnet: string;
  readonly bridge: string;
  /** Bridge and VLAN in words. */
  readonly name: string;
}

function cardSubnetsOverlap(subnet: string, card: Card, other: string, there: Card): Problem {
  const [here, that] = [`the subnet of its card on ${card.name}`, `that of ${there.owner} on ${there.name}`];
  return subnetsOverlap(card.owner, here, subnet, that, other);
}

/** Two networks of one host with addresses in common; those of two clusters are compared as such. */
function subnetsOnHosts(machines: readonly MachineEntry[], clusters: readonly ClusterEntry[]): Problem[] {
  const onHosts = new Map<string, Map<string, Card>>();
  return cardsOf(machines).flatMap((card) => {
    const { owner, host, subnet } = card;
    const onHost = onHosts.get(host) ?? new Map<string, Card>();
    onHosts.set(host, onHost);
    const known = onHost.get(subnet);
    if (known === undefined) {
      const others = [...onHost].filter(
        ([other, there]) => overlap(subnet, other) && !areOfClusters(clusters, card, there),
      );
      onHost.set(subnet, card);
      return others.map(([other, there]) => cardSubnetsOverlap(subnet, card, other, there));
    }
    return known.name === card.name || areOfClusters(clusters, card, known)
      ? []
      : [subnetOnTwoNetworks(owner, subnet, card.name, known.owner, known.name)];
  });
}

/** Hosts may have networks of their own, but a bridge of one name is one network, so that a subnet has one VLAN on it. */
function subnetsOnBridges(machines: readonly MachineEntry[], clusters: readonly ClusterEntry[]): Problem[] {
  const onBridges = grouped(cardsOf(machines), ({ bridge, subnet }) => JSON.stringify([bridge, subnet]));
  return [...onBridges.values()].flatMap((cards) =>
    cards.flatMap((card) => {
      const [first = card] = cards;
      const isKnown = cards.some(({ host, name }) => host === card.host && name !== card.name);
      return isKnown || first.name === card.name || areOfClusters(clusters, card, first)
        ? []
        : [subnetOnTwoNetworks(card.owner, card.subnet, card.name, first.owner, first.name)];
    }),
  );
}

function areOfClusters(clusters: readonly ClusterEntry[], ...cards: readonly Card[]): boolean {
  return cards.every((card) => clusters.some(({ owner }) => isOf(card.owner, owner)));
}

/** A subnet of one address is no network, but the address of a loopback or of a route. */
function cardsOf(machines: readonly MachineEntry[]): Card[] {
  return machines.flatMap(({ owner, host, cards }) =>
    cards().flatMap(({ address, nic }) => {
      const subnet = subnetOf(address);
      return subnet === undefined || /^[^:]*\/32$|:.*\/128$/.test(subnet)
        ? []
        : [{ owner, host, subnet, bridge: nic.bridge, name: networkName(nic) }];
    }),
  );
}

function isOf(path: string, cluster: string): boolean {
  return path === cluster || path.startsWith(`${cluster}/`);
}

function networkName({ bridge, vlanId }: ClusterNetwork["nic"]): string {
  return vlanId === undefined ? bridge : `${bridge}, VLAN ${vlanId}`;
}
