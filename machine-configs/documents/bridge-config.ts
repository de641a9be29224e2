import { defineDocument, type FieldsOf } from "../kind";
import { commonLink, hardwareAddress, linkProblems } from "../rules/links";
import { text } from "../rules/values";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    name: text(),
    hardwareAddr: hardwareAddress().optional(),
    links: z.array(z.string()).optional(),
    stp: z.strictObject({ enabled: z.boolean().optional() }).optional(),
    vlan: z.strictObject({ filtering: z.boolean().optional() }).optional(),
    ...commonLink(),
  });

/** A bridge between links. */
export type BridgeFields = FieldsOf<typeof fields>;

export const bridgeConfig = defineDocument({
  kind: "BridgeConfig",
  since: "1.12",
  fields,
  problems: linkProblems,
});
