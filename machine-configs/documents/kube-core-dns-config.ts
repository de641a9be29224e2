import * as z from "zod";
import { defineDocument } from "../kind";

const fields = () => z.strictObject({ enabled: z.boolean().optional(), image: z.string().optional() });

/** The cluster's DNS. */
export type KubeCoreDnsFields = z.infer<ReturnType<typeof fields>>;

export const kubeCoreDnsConfig = defineDocument({
  kind: "KubeCoreDNSConfig",
  since: "1.14",
  fields,
  controlPlaneOnly: true,
  replaces: [["cluster", "coreDNS"]],
});
