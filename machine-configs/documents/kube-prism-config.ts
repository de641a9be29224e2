import { defineDocument, type FieldsOf } from "../kind";
import { z } from "../zod";

const fields = () =>
  z.strictObject({ port: z.int().min(1).max(65535).optional(), tlsServerName: z.string().optional() });

/** A local way to the Kubernetes API on every machine. Without the document there is none. */
export type KubePrismFields = FieldsOf<typeof fields>;

export const kubePrismConfig = defineDocument({
  kind: "KubePrismConfig",
  since: "1.14",
  fields,
  generated: [["port"]],
  replaces: [["machine", "features", "kubePrism"]],
});
