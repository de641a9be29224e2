import {
  addressNotForHost,
  addressTwice,
  defaultRouteTwice,
  gatewayIsOwnAddress,
  gatewayOutsideSubnet,
  gatewayWithoutAddress,
  linkTwice,
  type Problem,
} from "../../errors";
import { type At, placesIn, type TalosDocument } from "../document";
import { linkConfig } from "../documents/link-config";
import { resolverConfig } from "../documents/resolver-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesNetworkDocuments } from "../releases";
import { addressOf, isAddress, isInside, isNetworkOrBroadcast, isPrefix, normalized } from "../rules/addresses";

/** One network interface of a machine. */
export interface StaticLink {
  /**
   * The interface's name. Machines from the nocloud image have `eth0`, `eth1` … in the order of the VM's network
   * devices; those from an ISO have predictable names such as `ens18` (T-5).
   */
  readonly name: string;
  /**
   * Its address with the prefix length, such as `10.20.66.21/23`.
   *
   * @default - up without an address; Talos would otherwise ask DHCP for one
   */
  readonly address?: string;
  /**
   * The next hop of the default route. Must lie in the network of `address`.
   *
   * @default - no default route over this link
   */
  readonly gateway?: string;
  /**
   * Largest packet, in bytes. The bridge of the host must allow it.
   *
   * @default - the link's own, usually 1500
   */
  readonly mtu?: number;
}

export interface StaticNetworkProps {
  /** Every network interface of the machine, since Talos asks DHCP on those that are not listed. */
  readonly links: readonly StaticLink[];
  /**
   * Addresses of nameservers. They replace those that the platform and DHCP announce (TAL-5).
   *
   * @default - the platform's, which for a VM are those of its `initialization` block
   */
  readonly nameservers?: readonly string[];
  /**
   * Domains in which names without dots are looked up.
   *
   * @default - the domain of the machine's hostname
   */
  readonly searchDomains?: readonly string[];
}

/**
 * Fixed addresses, default route and nameservers (TAL-3, TAL-4, TAL-5), independent of DHCP and of cloud-init, which
 * give the address only until the machine has its configuration.
 *
 * Applied without a restart; a changed address cuts existing connections, etcd's among them.
 */
export function staticNetwork(props: StaticNetworkProps): Intent {
  const { links, nameservers = [], searchDomains = [] } = props;
  return {
    name: "staticNetwork",
    documents: ({ contract }) => {
      if (!usesNetworkDocuments(contract)) return [section(props)];
      const documents = links.map(linkDocument);
      if (nameservers.length > 0 || searchDomains.length > 0) documents.push(resolver(nameservers, searchDomains));
      return documents;
    },
    problems: (machine) => networkProblems(props, placesIn(machine, "staticNetwork")),
  };
}

function linkDocument({ name, address, gateway, mtu }: StaticLink): TalosDocument {
  return linkConfig.build({
    name,
    up: true,
    mtu,
    addresses: address === undefined ? undefined : [{ address }],
    routes: gateway === undefined ? undefined : [{ gateway }],
  });
}

/** The section that was there before the documents. A list that is empty would add nothing. */
function section({ links, nameservers = [], searchDomains = [] }: StaticNetworkProps): TalosDocument {
  return v1alpha1.build({
    machine: {
      network: {
        interfaces: links.map(device),
        nameservers: nameservers.length === 0 ? undefined : nameservers,
        searchDomains: searchDomains.length === 0 ? undefined : searchDomains,
      },
    },
  });
}

function device({ name, address, gateway, mtu }: StaticLink) {
  return {
    interface: name,
    dhcp: false,
    mtu,
    addresses: address === undefined ? undefined : [address],
    routes: gateway === undefined ? undefined : [{ network: gateway.includes(":") ? "::/0" : "0.0.0.0/0", gateway }],
  };
}

function resolver(nameservers: readonly string[], searchDomains: readonly string[]): TalosDocument {
  return resolverConfig.build({
    nameservers: nameservers.length === 0 ? undefined : nameservers.map((address) => ({ address })),
    searchDomains: searchDomains.length === 0 ? undefined : { domains: searchDomains },
  });
}

/** What the links say together; malformed addresses are left to the documents. */
function networkProblems({ links }: StaticNetworkProps, at: At): readonly Problem[] {
  const problems = links.flatMap((link, index) => linkProblems(link, (...path) => at("links", index, ...path)));
  const addresses = links.map(({ address }) => (address === undefined ? undefined : normalized(addressOf(address))));
  const families = links.map(({ gateway }) =>
    gateway === undefined ? undefined : gateway.includes(":") ? "IPv6" : "IPv4",
  );
  links.forEach((link, index) => {
    const earlier = links.findIndex(({ name }) => name === link.name);
    if (earlier < index) problems.push(linkTwice(at("links", index, "name"), link.name));
    const address = addresses[index];
    if (address !== undefined && addresses.indexOf(address) < index) {
      problems.push(addressTwice(at("links", index, "address"), address));
    }
    const family = families[index];
    const first = links[families.indexOf(family)];
    if (family !== undefined && first !== undefined && first !== link) {
      problems.push(defaultRouteTwice(at("links", index, "gateway"), family, first.name, link.name));
    }
  });
  return problems;
}

function linkProblems({ address, gateway }: StaticLink, at: At): Problem[] {
  if (address === undefined) return gateway === undefined ? [] : [gatewayWithoutAddress(at("gateway"), gateway)];
  if (!isPrefix(address)) return [];
  if (isNetworkOrBroadcast(address)) return [addressNotForHost(at("address"), address)];
  if (gateway === undefined || !isAddress(gateway)) return [];
  if (!isInside(gateway, address)) return [gatewayOutsideSubnet(at("gateway"), gateway, address)];
  const same = normalized(gateway) === normalized(addressOf(address));
  return same ? [gatewayIsOwnAddress(at("gateway"), gateway)] : [];
}
