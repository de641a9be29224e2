/** The audit policy of kube-apiserver (`audit.k8s.io/v1`), which does not start with a wrong one. */

import { auditPolicyWrong, auditRuleMixed, auditRulesMissing, type Problem } from "../../errors";
import type { At } from "../document";
import { schemaProblems } from "../schema";
import { z } from "../zod";

const stages = () => z.array(z.enum(["RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"]));

const rule = () =>
  z.strictObject({
    level: z.enum(["None", "Metadata", "Request", "RequestResponse"]),
    users: z.array(z.string()).optional(),
    userGroups: z.array(z.string()).optional(),
    verbs: z.array(z.string()).optional(),
    resources: z
      .array(
        z.strictObject({
          group: z.string().optional(),
          resources: z.array(z.string()).optional(),
          resourceNames: z.array(z.string()).optional(),
        }),
      )
      .optional(),
    namespaces: z.array(z.string()).optional(),
    nonResourceURLs: z
      .array(
        z
          .string()
          .refine((url) => /^(\*|\/[^*]*\*?)$/.test(url), 'a path beginning with "/", with "*" only at its end'),
      )
      .optional(),
    omitStages: stages().optional(),
    omitManagedFields: z.boolean().optional(),
  });

/** A whole policy: what Talos writes into the file that kube-apiserver reads. */
export const auditPolicySchema = () =>
  z.strictObject({
    apiVersion: z.literal("audit.k8s.io/v1"),
    kind: z.literal("Policy"),
    metadata: z.record(z.string(), z.unknown()).optional(),
    omitStages: stages().optional(),
    omitManagedFields: z.boolean().optional(),
    rules: z.array(rule()),
  });

/** What kube-apiserver refuses. Talos does not look inside. */
export function auditPolicyProblems(policy: unknown, at: At): readonly Problem[] {
  const schema = auditPolicySchema();
  const parsed = schema.safeParse(policy);
  if (!parsed.success) {
    return schemaProblems(schema, policy, parsed.error.issues, at, (_, value) => value).map(auditPolicyWrong);
  }
  const { rules } = parsed.data;
  if (rules.length === 0) return [auditRulesMissing(at("rules"))];
  return rules.flatMap((one, index) => {
    const ofResources = (one.resources?.length ?? 0) > 0 || (one.namespaces?.length ?? 0) > 0;
    return ofResources && (one.nonResourceURLs?.length ?? 0) > 0 ? [auditRuleMixed(at("rules", index))] : [];
  });
}
