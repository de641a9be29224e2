import * as z from "zod";
import { defineDocument } from "../kind";

const fields = () => z.strictObject({ ingress: z.enum(["accept", "block"]).optional() });

/** What happens to packets to the machine for which there is no rule. */
export type NetworkDefaultActionFields = z.infer<ReturnType<typeof fields>>;

export const networkDefaultActionConfig = defineDocument({
  kind: "NetworkDefaultActionConfig",
  since: "1.11",
  fields,
});
