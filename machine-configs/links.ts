/**
 * How links are named, and what every kind of them can be given: addresses and routes, in the form of documents and in
 * that of sections.
 */
import {
  addressNotForHost,
  gatewayIsOwnAddress,
  gatewayOutsideSubnet,
  gatewayWithoutAddress,
  linkNameMalformed,
  linkNameOfKernel,
  malformedMac,
  type Problem,
  wrongValue,
} from "../errors";
import type { At, Path, TalosDocument } from "./document";
import { dhcp4Config } from "./documents/dhcp4-config";
import { linkAliasConfig } from "./documents/link-alias-config";
import { linkConfig } from "./documents/link-config";
import {
  addressOf,
  isAddress,
  isInside,
  isIpv6,
  isLinkLocal,
  isMasked,
  isNetworkOrBroadcast,
  isPrefix,
  normalized,
} from "./rules/addresses";

/** A network card that is chosen by its MAC address, whatever the kernel calls it (T-5). */
export interface LinkByMac {
  /** A name of your own for it, such as `storage`; none that the kernel gives, such as `eth1`. */
  readonly name: string;
  /** Its MAC address, such as `BC:24:11:00:40:11`. */
  readonly macAddress: string;
}

/** A link that is there: by the name that the kernel, a bond, a bridge or a VLAN gives it, or by its MAC address. */
export type LinkChoice = string | LinkByMac;

/** The name of a link in the machine's configuration. */
export function nameOf(link: LinkChoice): string {
  return typeof link === "string" ? link : link.name;
}

/** The documents that give links their names which are chosen by their MAC addresses. */
export function aliasDocuments(links: readonly LinkChoice[]): readonly TalosDocument[] {
  return links.flatMap((link) => {
    if (typeof link === "string") return [];
    const match = `mac(link.permanent_addr) == ${JSON.stringify(macOf(link))}`;
    return [linkAliasConfig.build({ name: link.name, selector: { match } })];
  });
}

/** What brings up a network card on which another link is made. A bond or a bridge is up by what makes it. */
export function cardDocuments(link: LinkChoice): readonly TalosDocument[] {
  const isCard = typeof link !== "string" || KERNEL_NAME.test(link);
  return isCard ? [...aliasDocuments([link]), linkConfig.build({ name: nameOf(link), up: true })] : [];
}

/** What chooses a link in an item of `machine.network.interfaces`, where there are no names of one's own. */
export function selectorOf(link: LinkChoice) {
  return typeof link === "string" ? { interface: link } : { deviceSelector: deviceSelectorOf(link) };
}

/** A member of a bond keeps its permanent address, and no other. */
export function deviceSelectorOf(link: LinkByMac) {
  return { permanentAddr: macOf(link) };
}

/** What is wrong with how a link is chosen. */
export function choiceProblems(link: LinkChoice, at: At): readonly Problem[] {
  if (typeof link === "string") return [];
  const { name, macAddress } = link;
  return [
    ...(KERNEL_NAME.test(name) ? [linkNameOfKernel(at("name"), name)] : nameProblems(name, at("name"))),
    ...(MAC.test(macAddress) ? [] : [malformedMac(at("macAddress"), macAddress)]),
  ];
}

/** What is wrong with the name of a link that the configuration makes or names. */
export function nameProblems(name: string, where: string): readonly Problem[] {
  return /^[A-Za-z][\w.-]{0,14}$/.test(name) ? [] : [linkNameMalformed(where, name)];
}

const KERNEL_NAME = /^(?:lo|eth\d+|en[ospx]\w+)$/;
const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i;

/** The address as Talos writes it; what is none is left as it is, since Terraform may fill it in. */
function macOf({ macAddress }: LinkByMac): string {
  return MAC.test(macAddress) ? macAddress.toLowerCase() : macAddress;
}

/** A way to a network. */
export interface Route {
  /**
   * The network, such as `10.8.0.0/16`.
   *
   * @default - everything: a default route, as `gateway` of the link makes one
   */
  readonly destination?: string;
  /** The next hop, in a network of the link. */
  readonly gateway: string;
  /**
   * Of two routes to one destination the one with the smaller metric is taken.
   *
   * @default 1024
   */
  readonly metric?: number;
}

/** Addresses and routes of a link. */
export interface LinkSettings {
  /**
   * Its address with the prefix length, such as `10.20.66.21/23`; a list for several, such as one of IPv4 and one of
   * IPv6.
   *
   * @default - none
   */
  readonly address?: string | readonly string[];
  /**
   * The next hop of the default route, which must lie in a network of `address`; a list for one of IPv4 and one of
   * IPv6.
   *
   * @default - no default route over this link
   */
  readonly gateway?: string | readonly string[];
  /** Further routes over this link. @default - none but to its own networks */
  readonly routes?: readonly Route[];
  /**
   * Whether it asks DHCP for an IPv4 address as well. Where another link has a default route, give that of DHCP a metric
   * above 1024.
   *
   * @default false
   */
  readonly dhcp?: boolean | { readonly routeMetric: number };
  /**
   * Largest packet, in bytes. The bridge of the host must allow it.
   *
   * @default - the link's own, usually 1500
   */
  readonly mtu?: number;
}

/** The settings as fields of a document. */
export function linkFields(settings: LinkSettings) {
  const addresses = listOf(settings.address).map((address) => ({ address }));
  return { up: true, mtu: settings.mtu, addresses: filled(addresses), routes: filled(routesOf(settings)) };
}

/** The document that makes a link ask DHCP. */
export function dhcpDocuments(name: string, { dhcp = false }: LinkSettings): readonly TalosDocument[] {
  if (dhcp === false) return [];
  return [dhcp4Config.build(dhcp === true ? { name } : { name, routeMetric: dhcp.routeMetric })];
}

/** The settings as fields of an item of `machine.network.interfaces`, or of one of its VLANs. */
export function sectionFields(settings: LinkSettings) {
  const routes = routesOf(settings).map(({ destination, gateway, metric }) => ({
    network: destination ?? (isIpv6(gateway) ? "::/0" : "0.0.0.0/0"),
    gateway,
    metric,
  }));
  const { mtu, dhcp = false } = settings;
  const asks = dhcp === true || dhcp === false ? { dhcp } : { dhcp: true, dhcpOptions: dhcp };
  return { ...asks, mtu, addresses: filled(listOf(settings.address)), routes: filled(routes) };
}

/** What is wrong with the settings of one link; malformed addresses are left to the documents. */
export function settingsProblems(settings: LinkSettings, at: At): readonly Problem[] {
  const { routes = [], dhcp = false } = settings;
  const addresses = placesOf(settings.address, "address");
  const notForHosts = addresses.filter(({ value }) => isNetworkOrBroadcast(value));
  const isSound = notForHosts.length === 0 && addresses.every(({ value }) => isPrefix(value));
  const own = addresses.map(({ value }) => value);
  const gateways = [
    ...placesOf(settings.gateway, "gateway"),
    ...routes.map(({ gateway }, index) => ({ value: gateway, path: ["routes", index, "gateway"] })),
  ];
  return [
    ...notForHosts.map(({ value, path }) => addressNotForHost(at(...path), value)),
    ...gateways.flatMap(({ value, path }) => (isSound ? gatewayProblems(value, own, dhcp !== false, at(...path)) : [])),
    ...routes.flatMap(({ destination = "" }, index) =>
      destinationProblems(destination, at("routes", index, "destination")),
    ),
  ];
}

/** The kernel takes no route to a host's address with the length of a network. */
function destinationProblems(destination: string, where: string): readonly Problem[] {
  if (!isPrefix(destination) || isMasked(destination)) return [];
  return [wrongValue(where, destination, "a network without bits for a host, such as 10.8.0.0/16")];
}

function gatewayProblems(gateway: string, own: readonly string[], dhcp: boolean, where: string): readonly Problem[] {
  // What DHCP hands out is not known.
  if (own.length === 0) return dhcp ? [] : [gatewayWithoutAddress(where, gateway)];
  if (!isAddress(gateway)) return [];
  const near = own.some((address) => isInside(gateway, address) || (isLinkLocal(gateway) && isIpv6(address)));
  if (!near) return dhcp ? [] : [gatewayOutsideSubnet(where, gateway, own.join(", "))];
  const same = own.some((address) => normalized(addressOf(address)) === normalized(gateway));
  return same ? [gatewayIsOwnAddress(where, gateway)] : [];
}

function routesOf({ gateway, routes = [] }: LinkSettings): readonly Route[] {
  return [...listOf(gateway).map((one) => ({ gateway: one })), ...routes];
}

/** The values of a prop that takes one or a list, with their places. */
function placesOf(given: string | readonly string[] | undefined, prop: string): { value: string; path: Path }[] {
  const alone = typeof given === "string";
  return listOf(given).map((value, index) => ({ value, path: alone ? [prop] : [prop, index] }));
}

function listOf(given: string | readonly string[] | undefined): readonly string[] {
  return typeof given === "string" ? [given] : (given ?? []);
}

/** A list that is empty would add nothing. */
function filled<Item>(list: readonly Item[]): readonly Item[] | undefined {
  return list.length === 0 ? undefined : list;
}
