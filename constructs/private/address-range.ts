import * as ipaddr from "ipaddr.js";
import { isAddress } from "../cluster-network";

/** Addresses from a first to a last one, of one family. */
export class AddressRange {
  private constructor(
    private readonly first: readonly number[],
    private readonly last: readonly number[],
  ) {}

  /** A network in CIDR notation, `<first>-<last>`, or one address; nothing when the text is none of them. */
  static parse(text: string): AddressRange | undefined {
    if (ipaddr.isValidCIDR(text) && isAddress(text.split("/")[0] ?? "")) {
      const family = text.includes(":") ? ipaddr.IPv6 : ipaddr.IPv4;
      return new AddressRange(
        family.networkAddressFromCIDR(text).toByteArray(),
        family.broadcastAddressFromCIDR(text).toByteArray(),
      );
    }
    const [first = "", last = first, ...more] = text.split("-").map((part) => part.trim());
    if (more.length > 0 || !isAddress(first) || !isAddress(last)) return undefined;
    const range = new AddressRange(ipaddr.parse(first).toByteArray(), ipaddr.parse(last).toByteArray());
    return range.first.length === range.last.length && compare(range.first, range.last) <= 0 ? range : undefined;
  }

  overlaps(other: AddressRange): boolean {
    return (
      this.first.length === other.first.length &&
      compare(this.first, other.last) <= 0 &&
      compare(other.first, this.last) <= 0
    );
  }
}

/** Whether two ranges have an address in common; texts that are no range have none. */
export function overlap(first: string, second: string): boolean {
  const [a, b] = [AddressRange.parse(first), AddressRange.parse(second)];
  return a !== undefined && b !== undefined && a.overlaps(b);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((byte, index) => byte !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
