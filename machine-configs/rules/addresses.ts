/** What an address is, as strictly as Talos reads one. */
import { IPv4, IPv6 } from "ipaddr.js";
import { z } from "../zod";

/** What the schemas say when they refuse a value. */
export const AN_ADDRESS = "an IP address, such as 10.20.66.21";
export const A_PREFIX = "an address with its prefix length, such as 10.20.66.21/23";

/** An IP address; an IPv6 one may have a zone. */
export const address = () => z.string().refine(isAddress, AN_ADDRESS);

/** An address with its prefix length. */
export const prefix = () => z.string().refine(isPrefix, A_PREFIX);

/** Whether a text is an IPv4 or IPv6 address, without a prefix length. */
export function isAddress(text: string): boolean {
  const [, bare = text] = /^([^%]*:[^%]*)%.+$/.exec(text) ?? [];
  return parse(bare) !== undefined;
}

/** Whether a text is an address without a zone, which belongs to one machine. */
export function isHostAddress(text: string): boolean {
  return parse(text) !== undefined;
}

/** Whether a text is an address and a port: `10.0.0.1:51820`, or with brackets `[fd00::1]:51820`. */
export function isAddressAndPort(text: string): boolean {
  const [, inBrackets, bare = "", port = ""] = /^(?:\[([^\][]*:[^\][]*)\]|([^:]*)):(\d+)$/.exec(text) ?? [];
  return isAddress(inBrackets ?? bare) && Number(port) <= 65535;
}

/** Whether an address stands for all addresses: `0.0.0.0` or `::`. */
export function isUnspecified(text: string): boolean {
  return (
    parse(text)
      ?.toByteArray()
      .every((byte) => byte === 0) ?? false
  );
}

/** Whether the address of a prefix is the network's own, without bits for a host. */
export function isMasked(text: string): boolean {
  const network = parsePrefix(text);
  if (network === undefined) return false;
  const bits = network.address
    .toByteArray()
    .map((byte) => byte.toString(2).padStart(8, "0"))
    .join("");
  return !bits.slice(network.length).includes("1");
}

/** Whether two networks have addresses in common. */
export function overlaps(one: string, other: string): boolean {
  return isInside(addressOf(one), other) || isInside(addressOf(other), one);
}

/** Whether a text is an address with a prefix length. */
export function isPrefix(text: string): boolean {
  return parsePrefix(text) !== undefined;
}

/** Whether an address lies in the network of a prefix. False when they are of different families. */
export function isInside(address: string, prefix: string): boolean {
  const ip = parse(address);
  const network = parsePrefix(prefix);
  if (ip instanceof IPv4 && network?.address instanceof IPv4) return ip.match(network.address, network.length);
  if (ip instanceof IPv6 && network?.address instanceof IPv6) return ip.match(network.address, network.length);
  return false;
}

/** Whether an address, or the address of a prefix, is of IPv6. */
export function isIpv6(text: string): boolean {
  return text.includes(":");
}

/** Whether an address is valid on its link only; routers of IPv6 announce themselves by such a one. */
export function isLinkLocal(address: string): boolean {
  return /^fe[89ab][0-9a-f]:/i.test(address);
}

/** Whether both are IPv4 or both are IPv6. */
export function sameFamily(address: string, prefix: string): boolean {
  return parse(address)?.kind() === parsePrefix(prefix)?.address.kind();
}

/** Whether a host cannot have this address: an IPv4 network's own address or its broadcast address. */
export function isNetworkOrBroadcast(prefix: string): boolean {
  const network = parsePrefix(prefix);
  if (!(network?.address instanceof IPv4) || network.length > 30) return false;
  const address = network.address.toString();
  const first = IPv4.networkAddressFromCIDR(prefix).toString();
  const last = IPv4.broadcastAddressFromCIDR(prefix).toString();
  return address === first || address === last;
}

/** One spelling for every spelling of an address; the text itself when it is none. */
export function normalized(address: string): string {
  return parse(address)?.toString() ?? address;
}

/** The address of a prefix, without the length. */
export function addressOf(prefix: string): string {
  return prefix.split("/")[0] ?? prefix;
}

/** What was read last: the rules ask for one text many times, and hundreds of machines have the same registries. */
const read = new Map<string, IPv4 | IPv6 | undefined>();
const MOST_READ = 10_000;

function parse(text: string): IPv4 | IPv6 | undefined {
  if (read.has(text)) return read.get(text);
  if (read.size === MOST_READ) read.clear();
  const address = parsed(text);
  read.set(text, address);
  return address;
}

function parsed(text: string): IPv4 | IPv6 | undefined {
  if (IPv4.isValidFourPartDecimal(text)) return IPv4.parse(text);
  // A zone (`fe80::1%eth0`) belongs to one machine, so no configuration may hold it.
  if (!text.includes(":") || text.includes("%") || !IPv6.isValid(text)) return undefined;
  const last = text.slice(text.lastIndexOf(":") + 1);
  return last.includes(".") && !IPv4.isValidFourPartDecimal(last) ? undefined : IPv6.parse(text);
}

function parsePrefix(text: string): { readonly address: IPv4 | IPv6; readonly length: number } | undefined {
  const match = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text);
  const address = match?.[1] === undefined ? undefined : parse(match[1]);
  const length = Number(match?.[2]);
  if (address === undefined || length > (address instanceof IPv4 ? 32 : 128)) return undefined;
  return { address, length };
}
