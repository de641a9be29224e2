import { defineDocument, type FieldsOf } from "../kind";
import { bytesInBase64, isBase64, text } from "../rules/values";
import { z } from "../zod";

const secret = () => z.string().refine((value) => isBase64(value) && bytesInBase64(value) === 32, "32 bytes in base64");

const fields = () => z.strictObject({ clusterID: text(), clusterSecret: secret() });

/** By what the machines of a cluster find each other. */
export type DiscoveryIdentityFields = FieldsOf<typeof fields>;

export const discoveryIdentityConfig = defineDocument({
  kind: "DiscoveryIdentityConfig",
  since: "1.14",
  fields,
  replaces: [
    ["cluster", "id"],
    ["cluster", "secret"],
  ],
  secrets: [["clusterSecret"]],
});
