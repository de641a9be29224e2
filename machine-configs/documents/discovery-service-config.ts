import { defineDocument, type FieldsOf } from "../kind";
import { url } from "../rules/urls";
import { text } from "../rules/values";
import { z } from "../zod";

const fields = () => z.strictObject({ name: text(), endpoint: url("http", "https", "grpc") });

/** A service through which the machines of a cluster find each other. */
export type DiscoveryServiceFields = FieldsOf<typeof fields>;

export const discoveryServiceConfig = defineDocument({
  kind: "DiscoveryServiceConfig",
  since: "1.14",
  fields,
  replaces: [["cluster", "discovery"]],
});
