import { type Problem, portsOverlap, wrongValue } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { prefix } from "../rules/addresses";
import { portsOf } from "../rules/firewall";
import { text, word } from "../rules/values";
import { z } from "../zod";

const A_PORT = "a port or a range of ports, such as 443 or 30000-32767";

/** Talos takes one port as a number only. */
const range = () => z.string().refine((value) => value.includes("-") && portsOf(value) !== undefined, A_PORT);

const fields = () =>
  z.strictObject({
    name: text(),
    portSelector: z.strictObject({
      ports: z.array(z.union([z.int().min(0).max(65535), range()], { error: A_PORT })).min(1),
      protocol: word(["tcp", "udp", "icmp", "icmpv6"]).optional(),
    }),
    ingress: z.array(z.strictObject({ subnet: prefix(), except: prefix().or(z.literal("")).optional() })).optional(),
  });

/** Who may reach which ports of the machine. */
export type NetworkRuleFields = FieldsOf<typeof fields>;

export const networkRuleConfig = defineDocument({
  kind: "NetworkRuleConfig",
  since: "1.11",
  fields,
  generated: [["portSelector", "protocol"]],
  problems,
});

function problems({ portSelector }: NetworkRuleFields, at: At): readonly Problem[] {
  const ranges = portSelector.ports.flatMap((value, index) => {
    const range = portsOf(value);
    return range === undefined ? [] : [{ value, range, index }];
  });
  return ranges.flatMap(({ value, range: [first, last], index }) => {
    const place = at("portSelector", "ports", index);
    if (first > last) return [wrongValue(place, value, "a range that begins with its smallest port")];
    const other = ranges.find(({ range, index: earlier }) => earlier < index && range[0] <= last && first <= range[1]);
    return other === undefined ? [] : [portsOverlap(place, value, other.value)];
  });
}
