import * as ipaddr from "ipaddr.js";
import type { ClusterNetworkProps } from "../constructs/cluster-network";
import type { TalosNodeProps } from "../constructs/talos-node";
import type { ClusterStackProps } from "./cluster-stack";

/** How the second cluster differs from the first. */
export interface ParallelClusterProps {
  /** Its name, which also begins the names of its machines. */
  readonly clusterName: string;

  /** URL of its Kubernetes API. */
  readonly endpoint: string;

  /**
   * Added to the last part of every address within the same subnet, the virtual IP and those for load balancers among
   * them. What DHCP gives out stays.
   */
  readonly addresses: number;

  /** Added to every VM id. */
  readonly vmIds: number;
}

/**
 * The same cluster a second time beside the first, to move to it and then take the first one down (PVE-21): the same
 * hosts, sizes, networks and settings, with names, addresses, MAC addresses and VM ids of its own. Its machines are new,
 * also where those of the first one exist. Whatever would still be in both is refused at synth, as is what the hosts do
 * not have for both.
 *
 * Machines with a GPU or a disk that is kept are in both: give the second cluster's another one, or none.
 */
export function parallelCluster<Host extends string, Datastore extends string>(
  first: ClusterStackProps<Host, Datastore>,
  { clusterName, endpoint, addresses, vmIds }: ParallelClusterProps,
): ClusterStackProps<Host, Datastore> {
  const machines = (nodes: Readonly<Record<string, TalosNodeProps<Host, Datastore>>>) =>
    Object.fromEntries(
      // What exists is the first cluster's: the machines of the second one are made.
      Object.entries<TalosNodeProps<Host, Datastore>>(nodes).map(([name, { existing: _, ...node }]) => [
        `${clusterName}-${name}`,
        {
          ...node,
          address: shifted(node.address, addresses),
          macAddress: otherMac(node.macAddress),
          ...(node.vmId === undefined ? {} : { vmId: node.vmId + vmIds }),
          ...(node.extraNics === undefined ? {} : { extraNics: node.extraNics.map(withOtherMac) }),
        },
      ]),
    );
  return {
    ...first,
    clusterName,
    endpoint,
    network: otherNetwork(first.network, addresses),
    ...(first.virtualIp === undefined ? {} : { virtualIp: shifted(first.virtualIp, addresses) }),
    controlPlanes: machines(first.controlPlanes),
    ...(first.workers === undefined ? {} : { workers: machines(first.workers) }),
  };
}

/** The same network, with other addresses for load balancers. */
function otherNetwork(network: ClusterNetworkProps, by: number): ClusterNetworkProps {
  const { loadBalancers, ...reserved } = network.reserved ?? {};
  if (loadBalancers === undefined) return network;
  const [first = "", last = first] = ipaddr.isValidCIDR(loadBalancers)
    ? endsOf(loadBalancers)
    : loadBalancers.split("-").map((end) => end.trim());
  return { ...network, reserved: { ...reserved, loadBalancers: `${shifted(first, by)}-${shifted(last, by)}` } };
}

function endsOf(cidr: string): string[] {
  const family = cidr.includes(":") ? ipaddr.IPv6 : ipaddr.IPv4;
  return [family.networkAddressFromCIDR(cidr), family.broadcastAddressFromCIDR(cidr)].map(String);
}

/** An address further on. What is no address, or would be beyond the last one, is left to the checks at synth. */
function shifted(address: string, by: number): string {
  if (!ipaddr.isValid(address)) return address;
  const bytes = ipaddr.parse(address).toByteArray();
  let carry = by;
  for (let index = bytes.length - 1; index >= 0 && carry !== 0; index--) {
    const value = (bytes[index] ?? 0) + carry;
    bytes[index] = ((value % 256) + 256) % 256;
    carry = Math.floor(value / 256);
  }
  return ipaddr.fromByteArray(bytes).toString();
}

function withOtherMac<Nic extends { readonly macAddress?: string }>(nic: Nic): Nic {
  return nic.macAddress === undefined ? nic : { ...nic, macAddress: otherMac(nic.macAddress) };
}

/** The MAC address with another bit in its fourth part: of one vendor, and no other machine's of the first cluster. */
function otherMac(address: string): string {
  const parts = address.split(":");
  const fourth = Number.parseInt(parts[3] ?? "", 16);
  if (Number.isNaN(fourth)) return address;
  const other = (fourth ^ 0x80).toString(16).padStart(2, "0").toUpperCase();
  return parts.map((part, index) => (index === 3 ? other : part)).join(":");
}
