import { defineDocument, type FieldsOf } from "../kind";
import { z } from "../zod";

const fields = () => z.strictObject({ enabled: z.boolean().optional(), image: z.string().optional() });

/** The cluster's DNS. */
export type KubeCoreDnsFields = FieldsOf<typeof fields>;

export const kubeCoreDnsConfig = defineDocument({
  kind: "KubeCoreDNSConfig",
  since: "1.14",
  fields,
  controlPlaneOnly: true,
  replaces: [["cluster", "coreDNS"]],
});
