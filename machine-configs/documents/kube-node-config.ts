import { defineDocument, type FieldsOf } from "../kind";
import { annotations, labels, taints } from "../rules/node";
import { subnetFilter } from "../rules/node-addresses";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    skipNodeRegistration: z.boolean().optional(),
    registerWithFQDN: z.boolean().optional(),
    nodeIP: z.strictObject({ validSubnets: z.array(subnetFilter()).optional() }).optional(),
    labels: labels().optional(),
    annotations: annotations().optional(),
    taints: taints().optional(),
  });

/** How the machine appears as a Kubernetes node. */
export type KubeNodeFields = FieldsOf<typeof fields>;

export const kubeNodeConfig = defineDocument({
  kind: "KubeNodeConfig",
  since: "1.14",
  fields,
  replaces: [
    ["machine", "nodeLabels"],
    ["machine", "nodeAnnotations"],
    ["machine", "nodeTaints"],
    ["cluster", "allowSchedulingOnControlPlanes"],
    ["cluster", "allowSchedulingOnMasters"],
  ],
});
