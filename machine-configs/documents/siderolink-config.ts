import { defineDocument, type FieldsOf } from "../kind";
import { url, urlParts } from "../rules/urls";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    apiUrl: url("https", "grpc")
      .refine((value) => ["", "/"].includes(urlParts(value)?.path ?? ""), "a URL without a path")
      .optional(),
    uniqueToken: z.string().optional(),
  });

/** The management network of Sidero Omni. */
export type SideroLinkFields = FieldsOf<typeof fields>;

export const sideroLinkConfig = defineDocument({
  kind: "SideroLinkConfig",
  since: "1.11",
  fields,
  generated: [["apiUrl"]],
  // The token with which a machine joins is in the query.
  secrets: [["apiUrl"], ["uniqueToken"]],
});
