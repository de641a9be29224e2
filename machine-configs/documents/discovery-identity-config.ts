import * as z from "zod";
import { defineDocument } from "../kind";
import { bytesInBase64, isBase64, text } from "../rules/values";

const secret = () => z.string().refine((value) => isBase64(value) && bytesInBase64(value) === 32, "32 bytes in base64");

const fields = () => z.strictObject({ clusterID: text(), clusterSecret: secret() });

/** By what the machines of a cluster find each other. */
export type DiscoveryIdentityFields = z.infer<ReturnType<typeof fields>>;

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
