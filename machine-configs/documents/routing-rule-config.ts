import { fieldMissing, type Problem, wrongValue } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { prefix } from "../rules/addresses";
import { routingTable } from "../rules/links";
import { uint32, word } from "../rules/values";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    name: z.string().refine((name) => /^\d{1,10}$/.test(name) && Number(name) <= 0xffffffff, "a priority: a number"),
    src: prefix().or(z.literal("")).optional(),
    dst: prefix().or(z.literal("")).optional(),
    table: routingTable().optional(),
    action: word(["unspec", "unicast", "blackhole", "unreachable", "prohibit"]).optional(),
    iifName: z.string().optional(),
    oifName: z.string().optional(),
    fwMark: uint32().optional(),
    fwMask: uint32().optional(),
  });

/** Which routing table is asked, by priority, which is the document's name. */
export type RoutingRuleFields = FieldsOf<typeof fields>;

export const routingRuleConfig = defineDocument({
  kind: "RoutingRuleConfig",
  since: "1.13",
  fields,
  problems,
});

/** Priorities of Linux itself and of KubeSpan. */
const RESERVED = [0, 32500, 32766, 32767];

function problems(rule: RoutingRuleFields, at: At): readonly Problem[] {
  const { name, table = "unspec", action = "unspec", fwMark = 0, fwMask = 0 } = rule;
  const found: Problem[] = [];
  if (RESERVED.includes(Number(name))) {
    found.push(wrongValue(at("name"), name, `a free priority; ${RESERVED.join(", ")} are taken by Linux and KubeSpan`));
  }
  if (table.toLowerCase() === "unspec" && ["unspec", "unicast"].includes(action)) {
    found.push(fieldMissing(at("table"), "a table, or an action such as blackhole"));
  }
  if (fwMask !== 0 && fwMark === 0) found.push(fieldMissing(at("fwMark"), "the mark that the mask is for"));
  return found;
}
