import * as z from "zod";
import type { Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument } from "../kind";
import { auditPolicyProblems, auditPolicySchema } from "../rules/audit-policy";

const fields = z.strictObject({ configuration: auditPolicySchema });

/** kube-apiserver's audit policy. A change replaces it as a whole. */
export type KubeAuditPolicyFields = z.infer<typeof fields>;

export const kubeAuditPolicyConfig = defineDocument({
  kind: "KubeAuditPolicyConfig",
  since: "1.14",
  fields,
  controlPlaneOnly: true,
  problems,
});

function problems({ configuration }: KubeAuditPolicyFields, at: At): readonly Problem[] {
  return auditPolicyProblems(configuration, (...path) => at("configuration", ...path));
}
