/** What all links have: whether they are up, addresses and routes. */

import { defaultRouteDestination, type Problem, wrongValue } from "../../errors";
import type { At } from "../document";
import type { FieldsOf } from "../kind";
import { z } from "../zod";
import { address, addressOf, isUnspecified, prefix } from "./addresses";
import { uint32 } from "./values";

/** The fields that all kinds of links have. */
export const commonLink = () => ({
  up: z.boolean().optional(),
  mtu: uint32().optional(),
  addresses: z.array(z.strictObject({ address: prefix(), routePriority: uint32().optional() })).optional(),
  routes: z
    .array(
      z.strictObject({
        destination: prefix().or(z.literal("")).optional(),
        gateway: address().or(z.literal("")).optional(),
        source: address().or(z.literal("")).optional(),
        metric: uint32().optional(),
        mtu: uint32().optional(),
        table: routingTable().optional(),
      }),
    )
    .optional(),
  multicast: z.boolean().optional(),
});

const commonFields = () => z.object(commonLink());
type CommonLink = FieldsOf<typeof commonFields>;

/** What is said about a text that is none. */
export const A_HARDWARE_ADDRESS = "a hardware address with colons, such as bc:24:11:00:00:01";

/** The hardware address of a link. */
export const hardwareAddress = () =>
  z.string().refine((value) => /^(?:[0-9a-f]{2})*$/i.test(value.replaceAll(":", "")), A_HARDWARE_ADDRESS);

/** Whether a link can have an address: Talos takes any number of bytes. */
export function isHardwareAddress(value: string): boolean {
  return /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(value);
}

/** A routing table by its name or number. */
export const routingTable = () =>
  z
    .string()
    .refine(
      (value) => /^(?:unspec|default|main|local|\d{1,9})$/i.test(value),
      "a routing table: main, local, default or a number",
    );

/** What is wrong with the addresses and routes of a link. */
export function linkProblems({ addresses = [], routes = [] }: CommonLink, at: At): readonly Problem[] {
  const problems: Problem[] = [];
  addresses.forEach((one, index) => {
    if (isUnspecified(addressOf(one.address))) {
      problems.push(wrongValue(at("addresses", index, "address"), one.address, "the address of a host"));
    }
  });
  routes.forEach(({ destination = "", gateway = "", source = "" }, index) => {
    if (isUnspecified(addressOf(destination))) {
      problems.push(defaultRouteDestination(at("routes", index, "destination"), destination));
    }
    for (const [field, value] of [["gateway", gateway] as const, ["source", source] as const]) {
      if (isUnspecified(value)) problems.push(wrongValue(at("routes", index, field), value, "the address of a host"));
    }
  });
  return problems;
}
