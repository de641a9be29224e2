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

/** The hardware address of a link. */
export const hardwareAddress = () =>
  z
    .string()
    .refine((value) => value === "" || isHardwareAddress(value), "a hardware address, such as bc:24:11:00:00:01");

/** Whether a text is 6, 8 or 20 bytes: one by one with colons or hyphens between, or by twos with points. */
function isHardwareAddress(text: string): boolean {
  const [separator = ""] = /[:.-]/.exec(text) ?? [];
  const digits = separator === "." ? 4 : 2;
  const groups = text.split(separator);
  const isHexadecimal = groups.every((group) => group.length === digits && /^[0-9a-f]+$/i.test(group));
  return isHexadecimal && [6, 8, 20].includes((groups.length * digits) / 2);
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
