import { Token } from "cdktf";
import {
  addressGivenTwice,
  foreignMac,
  malformedBridge,
  malformedMac,
  malformedText,
  multicastMac,
  notAboveZero,
  type Problem,
  vlanRange,
  wrongAddressFamily,
} from "../errors";
import type {
  VirtualEnvironmentVmInitialization,
  VirtualEnvironmentVmNetworkDevice,
} from "../providers/proxmox/virtual-environment-vm";
import { staticAddressProblems } from "./cluster-network";
import { given } from "./private/given";
import type { PlacedAddress } from "./private/networks";
import { boundsProblems, isWhole } from "./private/numbers";

/** A network card. The guest sees the cards of a VM in their order: `eth0`, `eth1`, … */
export interface NetworkDevice {
  /** Bridge of the host: `vmbr0`. Changed while the VM runs. */
  readonly bridge: string;

  /**
   * MAC address. Give one where something outside knows the card by it, such as a DHCP reservation (PVE-5). A change
   * plugs the card out and in while the VM runs.
   *
   * @default - Proxmox makes one, and a new one when the VM is replaced
   */
  readonly macAddress?: string;

  /**
   * VLAN tag that the bridge sets, 1–4094; the guest sees untagged frames. Changed while the VM runs.
   *
   * @default - the bridge's untagged network
   */
  readonly vlanId?: number;

  /**
   * VLANs that the guest gets with their tags, on a bridge that is VLAN-aware. Changed while the VM runs.
   *
   * @default - all that the bridge has, if `vlanId` is left out
   */
  readonly trunks?: readonly number[];

  /**
   * Largest packet, 576–65520 bytes, or `bridge` for that of the bridge. Changed while the VM runs.
   *
   * @default - 1500
   */
  readonly mtu?: number | "bridge";

  /**
   * Queues, at most 64, so that several cores handle packets: as many as the VM has cores. Changed while the VM runs.
   *
   * @default - one
   */
  readonly queues?: number;

  /** Most that goes through in each direction, in megabytes per second. Changed while the VM runs. @default - no limit */
  readonly rateLimitMBps?: number;

  /** Whether the firewall of the VM applies to this card. Changed while the VM runs. @default - if the VM has one */
  readonly firewall?: boolean;

  /**
   * IPv4 address by cloud-init. A change restarts the VM; replace it rather than remove it, which changes nothing.
   *
   * @default - DHCP on the first card without an `address`, and on cards before one that has an address; else none
   */
  readonly ipv4?: "dhcp" | CardAddress;

  /**
   * IPv6 address by cloud-init; `auto` takes what the router announces. A change restarts the VM; replace it rather than
   * remove it, which changes nothing.
   *
   * @default - none
   */
  readonly ipv6?: "dhcp" | "auto" | CardAddress;
}

/** Static address of a network card. */
export interface CardAddress {
  /** Address with prefix length: `10.20.66.21/23`. A change restarts the VM. */
  readonly address: string;

  /** A change restarts the VM. @default - none: only one card leads out */
  readonly gateway?: string;
}

/** Static address of the first network card, handed over by cloud-init. */
export interface StaticAddress {
  /** Address with prefix length: `10.20.66.21/23`. A change restarts the VM. */
  readonly address: string;

  /** A change restarts the VM. */
  readonly gateway: string;

  /** DNS servers. A change restarts the VM. @default - Proxmox uses the host's */
  readonly nameservers?: readonly string[];

  /** Domain that the guest completes names with. A change restarts the VM. @default - Proxmox uses the host's */
  readonly searchDomain?: string;
}

/** How a VM is on the network. */
export interface Networking {
  /** Network cards, in order. One is added or taken out while the VM runs. */
  readonly networkDevices: readonly NetworkDevice[];

  /**
   * Static address of the first card by cloud-init. Unique in the site. A change restarts the VM.
   *
   * @default - what the first card says, which is DHCP by default
   */
  readonly address?: StaticAddress | undefined;
}

/** @internal */
export function networkDeviceConfig(device: NetworkDevice): VirtualEnvironmentVmNetworkDevice {
  const { bridge, macAddress, vlanId, trunks, mtu, queues, rateLimitMBps, firewall } = device;
  return {
    bridge,
    model: "virtio",
    ...given({
      macAddress,
      vlanId,
      trunks: trunks?.join(";"),
      mtu: mtu === "bridge" ? 1 : mtu,
      queues,
      rateLimit: rateLimitMBps,
      firewall,
    }),
  };
}

/** @internal */
export function initializationConfig(props: Networking): VirtualEnvironmentVmInitialization {
  const { address: { nameservers, searchDomain } = {} } = props;
  const dns = given({ servers: nameservers && [...nameservers], domain: searchDomain });
  return {
    ipConfig: ipConfigs(props),
    ...(Object.keys(dns).length === 0 ? {} : { dns }),
  };
}

type IpConfig = Pick<NetworkDevice, "ipv4" | "ipv6">;

/** One per card, up to the last one that has an address: cloud-init tells cards by their position. */
function ipConfigs(props: Networking) {
  const cards = addressesOf(props);
  const last = cards.findLastIndex(({ ipv4, ipv6 }) => ipv4 !== undefined || ipv6 !== undefined);
  return cards.slice(0, Math.max(last, 0) + 1).map(({ ipv4, ipv6 }) => ({
    ...(ipv4 === undefined && ipv6 === undefined ? { ipv4: { address: "dhcp" } } : {}),
    ...(ipv4 === undefined ? {} : { ipv4: ipConfig(ipv4) }),
    ...(ipv6 === undefined ? {} : { ipv6: ipConfig(ipv6) }),
  }));
}

function addressesOf({ networkDevices, address }: Networking): IpConfig[] {
  const [first = {}, ...others]: readonly IpConfig[] = networkDevices;
  const own: IpConfig = address === undefined ? {} : { [address.address.includes(":") ? "ipv6" : "ipv4"]: address };
  return [{ ...given({ ipv4: first.ipv4, ipv6: first.ipv6 }), ...own }, ...others];
}

function ipConfig(address: "dhcp" | "auto" | CardAddress) {
  return typeof address === "string"
    ? { address }
    : { address: address.address, ...given({ gateway: address.gateway }) };
}

/** The static addresses of a VM, with their prefix lengths. @internal */
export function staticAddresses(props: Networking): string[] {
  return addressesOf(props).flatMap(({ ipv4, ipv6 }) =>
    [ipv4, ipv6].flatMap((address) => (typeof address === "object" ? [address.address] : [])),
  );
}

/** The same with the bridge and VLAN of their cards. @internal */
export function placedAddresses(props: Networking): PlacedAddress[] {
  return addressesOf(props).flatMap(({ ipv4, ipv6 }, index) => {
    const { bridge, vlanId } = props.networkDevices[index] ?? {};
    return [ipv4, ipv6].flatMap((address) =>
      typeof address === "object" && bridge !== undefined
        ? [{ address: address.address, nic: { bridge, ...given({ vlanId }) } }]
        : [],
    );
  });
}

/** What is wrong with the addresses of the cards. @internal */
export function addressProblems(where: string, { networkDevices, address }: Networking): Problem[] {
  const [first] = networkDevices;
  const family = address?.address.includes(":") ? "ipv6" : "ipv4";
  const { searchDomain } = address ?? {};
  return [
    ...(address === undefined || Token.isUnresolved(address.address) ? [] : staticAddressProblems(where, address)),
    ...(searchDomain === undefined || isDomain(searchDomain)
      ? []
      : [malformedText(where, "address.searchDomain", searchDomain, 'a domain, such as "lab.example.com"')]),
    ...(address !== undefined && first?.[family] !== undefined
      ? [addressGivenTwice(where, address.address, family)]
      : []),
    ...networkDevices.flatMap(({ ipv4, ipv6 }) => [
      ...cardAddressProblems(where, "ipv4", ipv4),
      ...cardAddressProblems(where, "ipv6", ipv6),
    ]),
  ];
}

function isDomain(text: string): boolean {
  return Token.isUnresolved(text) || /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.?$/i.test(text);
}

function cardAddressProblems(where: string, family: "ipv4" | "ipv6", given: NetworkDevice["ipv6"]): Problem[] {
  if (typeof given !== "object" || Token.isUnresolved(given.address)) {
    return [];
  }
  return given.address.includes(":") === (family === "ipv6")
    ? staticAddressProblems(where, given)
    : [wrongAddressFamily(where, family, given.address)];
}

/** What is wrong with cards as the resource has them, because `resource` may have changed them. @internal */
export function networkDeviceProblems(
  where: string,
  { bridge = "", macAddress, vlanId, trunks, mtu = 1, queues, rateLimit }: VirtualEnvironmentVmNetworkDevice,
): Problem[] {
  return [
    ...(Token.isUnresolved(bridge) || /^[a-z][\w.-]{0,14}$/i.test(bridge) ? [] : [malformedBridge(where, bridge)]),
    ...(macAddress === undefined || Token.isUnresolved(macAddress) ? [] : macProblems(where, macAddress)),
    ...[...(vlanId === undefined ? [] : [vlanId]), ...vlansIn(trunks)]
      .filter((vlan) => !isWhole(vlan, 1, 4094))
      .map((vlan) => vlanRange(where, vlan)),
    ...boundsProblems(where, [...(mtu === 1 ? [] : [["mtu", mtu, 576, 65_520] as const]), ["queues", queues, 1, 64]]),
    ...(rateLimit === undefined || Token.isUnresolved(rateLimit) || rateLimit > 0
      ? []
      : [notAboveZero(where, "rateLimitMBps", rateLimit)]),
  ];
}

/** Proxmox takes ranges as well: `10;20-29`. */
function vlansIn(trunks = ""): number[] {
  return trunks === "" || Token.isUnresolved(trunks) ? [] : trunks.split(/[;-]/).map(Number);
}

function macProblems(where: string, value: string): Problem[] {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(value)) {
    return [malformedMac(where, value)];
  }
  const [first = ""] = value.split(":");
  if (Number.parseInt(first, 16) % 2 === 1) {
    return [multicastMac(where, value)];
  }
  return /^(.[26ae]|bc:24:11)/i.test(value) ? [] : [foreignMac(where, value)];
}
