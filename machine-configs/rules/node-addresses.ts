/** Subnets that choose among a machine's addresses. */
import { z } from "../zod";
import { isAddress, isPrefix } from "./addresses";

/** A subnet or an address, with `!` before one that is left out. */
export const subnetFilter = () =>
  z.string().refine(isSubnetFilter, 'a subnet, such as 10.0.0.0/24, or "!" and one to leave out');

/** Whether a text chooses among addresses. */
export function isSubnetFilter(text: string): boolean {
  const subnet = text.replace(/^!/, "");
  return isPrefix(subnet) || isAddress(subnet);
}
