import * as z from "zod";
import { defineDocument } from "../kind";
import { url } from "../rules/urls";
import { text } from "../rules/values";

const fields = () => z.strictObject({ name: text(), endpoint: url("http", "https", "grpc") });

/** A service through which the machines of a cluster find each other. */
export type DiscoveryServiceFields = z.infer<ReturnType<typeof fields>>;

export const discoveryServiceConfig = defineDocument({
  kind: "DiscoveryServiceConfig",
  since: "1.14",
  fields,
  replaces: [["cluster", "discovery"]],
});
