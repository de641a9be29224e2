import * as z from "zod";
import { defineDocument } from "../kind";
import { isPrefix } from "../rules/addresses";
import { annotations, labels, taints } from "../rules/node";

const subnet = z
  .string()
  .refine((text) => isPrefix(text.replace(/^!/, "")), 'a subnet, such as 10.0.0.0/24, or "!" and one to leave out');

const fields = z.strictObject({
  skipNodeRegistration: z.boolean().optional(),
  registerWithFQDN: z.boolean().optional(),
  nodeIP: z.strictObject({ validSubnets: z.array(subnet).optional() }).optional(),
  labels: labels.optional(),
  annotations: annotations.optional(),
  taints: taints.optional(),
});

/** How the machine appears as a Kubernetes node. */
export type KubeNodeFields = z.infer<typeof fields>;

export const kubeNodeConfig = defineDocument({
  kind: "KubeNodeConfig",
  since: "1.14",
  fields,
  replaces: [
    ["machine", "nodeLabels"],
    ["machine", "nodeAnnotations"],
    ["machine", "nodeTaints"],
  ],
});
