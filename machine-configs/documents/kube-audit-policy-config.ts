import type { Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { auditPolicyProblems } from "../rules/audit-policy";
import { anyMap } from "../rules/values";
import { z } from "../zod";

const fields = () => z.strictObject({ configuration: anyMap().optional() });

/** kube-apiserver's audit policy. A change replaces it as a whole. */
export type KubeAuditPolicyFields = FieldsOf<typeof fields>;

export const kubeAuditPolicyConfig = defineDocument({
  kind: "KubeAuditPolicyConfig",
  since: "1.14",
  fields,
  controlPlaneOnly: true,
  problems,
});

function problems({ configuration }: KubeAuditPolicyFields, at: At): readonly Problem[] {
  if (configuration === undefined || Object.keys(configuration).length === 0) return [];
  return auditPolicyProblems(configuration, (...path) => at("configuration", ...path));
}
