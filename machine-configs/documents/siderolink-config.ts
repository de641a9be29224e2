import * as z from "zod";
import { defineDocument } from "../kind";
import { url } from "../rules/urls";

const fields = () => z.strictObject({ apiUrl: url("https", "grpc").optional(), uniqueToken: z.string().optional() });

/** The management network of Sidero Omni. */
export type SideroLinkFields = z.infer<ReturnType<typeof fields>>;

export const sideroLinkConfig = defineDocument({
  kind: "SideroLinkConfig",
  since: "1.11",
  fields,
  generated: [["apiUrl"]],
  secrets: [["uniqueToken"]],
});
