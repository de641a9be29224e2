import { fieldMissing, type Problem } from "../../errors";
import type { At } from "../document";
import { type DocumentScope, defineDocument, type FieldsOf } from "../kind";
import { resourceProblems, resources } from "../rules/pods";
import { anyMap, uint16, uint32 } from "../rules/values";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    backendType: z.string().optional(),
    backendPort: uint16().optional(),
    backendMTU: uint32().optional(),
    backendExtraConfig: anyMap().optional(),
    resources: resources().optional(),
    extraArgs: z.array(z.string()).optional(),
    kubeNetworkPoliciesEnabled: z.boolean().optional(),
  });

/** Flannel, the network plugin that Talos brings. */
export type KubeFlannelCniFields = FieldsOf<typeof fields>;

export const kubeFlannelCniConfig = defineDocument({
  kind: "KubeFlannelCNIConfig",
  since: "1.14",
  fields,
  controlPlaneOnly: true,
  replaces: [["cluster", "network"]],
  problems,
});

function problems(flannel: KubeFlannelCniFields, at: At, { complete }: DocumentScope): readonly Problem[] {
  const missing = complete && !flannel.backendType;
  return [
    ...(missing ? [fieldMissing(at("backendType"), "a backend, such as vxlan")] : []),
    ...resourceProblems(flannel.resources, (...path) => at("resources", ...path)),
  ];
}
