import { type Problem, wrongValue } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { commonLink, hardwareAddress, linkProblems, routingTable } from "../rules/links";
import { text } from "../rules/values";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    name: text(),
    hardwareAddr: hardwareAddress().optional(),
    links: z.array(z.string()).optional(),
    table: routingTable(),
    ...commonLink(),
  });

/** A routing domain of its own. */
export type VrfFields = FieldsOf<typeof fields>;

export const vrfConfig = defineDocument({ kind: "VRFConfig", since: "1.13", fields, problems });

function problems(vrf: VrfFields, at: At): readonly Problem[] {
  const reserved = ["unspec", "default", "main", "local", "0", "253", "254", "255"].includes(vrf.table.toLowerCase());
  return [
    ...(reserved ? [wrongValue(at("table"), vrf.table, "the number of a table that Linux does not use itself")] : []),
    ...linkProblems(vrf, at),
  ];
}
