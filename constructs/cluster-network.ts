import * as ipaddr from "ipaddr.js";
import {
  addressIsGateway,
  malformedAddress,
  malformedCidr,
  malformedSubnet,
  outsideSubnet,
  type Problem,
} from "../errors";
import type { CardAddress, NetworkDevice, StaticAddress } from "./vm-network";

export interface ClusterNetworkProps {
  /** Bridge of every machine's first network card: `vmbr0`. */
  readonly bridge: string;

  /** VLAN tag of the first network card. @default - the bridge's untagged network */
  readonly vlanId?: number;

  /** Network of the node addresses in CIDR notation: `10.20.66.0/23`. */
  readonly subnet: string;

  readonly gateway: string;

  /** DNS servers of the machines. @default - the gateway */
  readonly nameservers?: readonly string[];

  /**
   * Addresses that are given out by somebody else: no machine may have one, and none may be given out twice (T-40). Each
   * is a network in CIDR notation, or first and last address: `10.0.0.200-10.0.0.250`.
   *
   * @default - none
   */
  readonly reserved?: { readonly [Use in ReservedUse]?: string };
}

/** Who gives out addresses of the subnet beside the cluster. */
export type ReservedUse = "dhcp" | "loadBalancers";

/** The network of a cluster's nodes, and what fits into it. */
export class ClusterNetwork {
  readonly gateway: string;
  readonly nameservers: readonly string[];
  /** The first network card, without its MAC address. */
  readonly nic: Pick<NetworkDevice, "bridge" | "vlanId">;
  /** The subnet as it was given. */
  readonly subnet: string;
  readonly reserved: NonNullable<ClusterNetworkProps["reserved"]>;
  readonly #subnet: Subnet | undefined;

  constructor(props: ClusterNetworkProps) {
    this.gateway = props.gateway;
    this.nameservers = [...(props.nameservers ?? [props.gateway])];
    this.nic = { bridge: props.bridge, ...(props.vlanId === undefined ? {} : { vlanId: props.vlanId }) };
    this.subnet = props.subnet;
    this.reserved = { ...props.reserved };
    this.#subnet = parseSubnet(props.subnet);
  }

  /** A host of the subnet as its VM and its machine configuration are told. */
  staticAddress(address: string): StaticAddress & Required<Pick<StaticAddress, "nameservers">> {
    const prefix = this.subnet.split("/")[1] ?? "";
    return { address: `${address}/${prefix}`, gateway: this.gateway, nameservers: this.nameservers };
  }

  /** What keeps an address from being a host of the network, be it the address or the network itself. @internal */
  hostProblems(address: string): Problem[] {
    return [...this.problems(""), ...this.addressProblems("", address)];
  }

  /** What is wrong with the subnet and the gateway. */
  problems(where: string): Problem[] {
    return this.#subnet === undefined
      ? [malformedSubnet(where, this.subnet)]
      : this.#subnetProblems(where, this.gateway, "The gateway");
  }

  /** What is wrong with an address that should be a host of the subnet, other than the gateway. */
  addressProblems(where: string, address: string, prop = "The address"): Problem[] {
    return normalizedAddress(address) === normalizedAddress(this.gateway)
      ? [addressIsGateway(where, prop, address)]
      : this.#subnetProblems(where, address, prop);
  }

  #subnetProblems(where: string, address: string, prop: string): Problem[] {
    if (!isAddress(address)) {
      return [malformedAddress(where, prop, address)];
    }
    const isHost = this.#subnet === undefined || isHostOf(this.#subnet, address);
    return isHost ? [] : [outsideSubnet(where, prop, address, this.subnet)];
  }
}

/** One spelling per address, so that equal addresses are equal texts. */
export function normalizedAddress(address: string): string {
  return isAddress(address) ? ipaddr.parse(address).toString() : address;
}

/** An IPv6 address, or an IPv4 address of four decimal parts: the short forms of the latter mean something else. @internal */
export function isAddress(text: string): boolean {
  return ipaddr.IPv6.isValid(text) || ipaddr.IPv4.isValidFourPartDecimal(text);
}

/** An address without its prefix length, in one spelling. @internal */
export function hostOf(address: string | undefined): string | undefined {
  return address === undefined ? undefined : normalizedAddress(address.replace(/\/.*$/, ""));
}

/** The network of an address with its prefix length; nothing for what is none. @internal */
export function subnetOf(address: string): string | undefined {
  const [host = "", prefix] = address.split("/");
  return isAddress(host) && prefix !== undefined && ipaddr.isValidCIDR(address)
    ? `${networkAddress(address)}/${prefix}`
    : undefined;
}

/** What is wrong with an address that is given with its prefix length, and its gateway if it has one. @internal */
export function staticAddressProblems(
  where: string,
  { address, gateway, nameservers = [] }: CardAddress & Pick<StaticAddress, "nameservers">,
): Problem[] {
  const subnet = subnetOf(address);
  if (subnet === undefined) {
    return [malformedCidr(where, address)];
  }
  const [host = ""] = address.split("/");
  const network = new ClusterNetwork({ bridge: "", subnet, gateway: gateway ?? "" });
  const malformed = nameservers.filter((nameserver) => !isAddress(nameserver));
  return [
    ...(gateway === undefined ? [] : network.problems(where)),
    ...network.addressProblems(where, host),
    ...malformed.map((nameserver) => malformedAddress(where, "The nameserver", nameserver)),
  ];
}

type Subnet = ReturnType<typeof ipaddr.parseCIDR>;

function parseSubnet(text: string): Subnet | undefined {
  if (!ipaddr.isValidCIDR(text) || !isAddress(text.split("/")[0] ?? "")) {
    return undefined;
  }
  const subnet = ipaddr.parseCIDR(text);
  return networkAddress(text) === subnet[0].toString() ? subnet : undefined;
}

function isHostOf(subnet: Subnet, address: string): boolean {
  const [network, prefix] = subnet;
  const host = ipaddr.parse(address);
  if (host.kind() !== network.kind() || !host.match(subnet)) {
    return false;
  }
  // In an IPv4 network of more than two addresses the first and the last one are no hosts.
  const reserved =
    network.kind() === "ipv4" && prefix < 31
      ? [network.toString(), ipaddr.IPv4.broadcastAddressFromCIDR(`${network}/${prefix}`).toString()]
      : [];
  return !reserved.includes(host.toString());
}

function networkAddress(cidr: string): string {
  const parser = cidr.includes(":") ? ipaddr.IPv6 : ipaddr.IPv4;
  return parser.networkAddressFromCIDR(cidr).toString();
}
