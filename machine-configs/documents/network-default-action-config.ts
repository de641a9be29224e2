import { defineDocument, type FieldsOf } from "../kind";
import { word } from "../rules/values";
import { z } from "../zod";

const fields = () => z.strictObject({ ingress: word(["accept", "block"]).optional() });

/** What happens to packets to the machine for which there is no rule. */
export type NetworkDefaultActionFields = FieldsOf<typeof fields>;

export const networkDefaultActionConfig = defineDocument({
  kind: "NetworkDefaultActionConfig",
  since: "1.11",
  fields,
});
