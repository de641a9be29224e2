/** The audit policy of kube-apiserver (`audit.k8s.io/v1`), which does not start with a wrong one. */
import * as z from "zod";
import { auditRuleMixed, auditRulesMissing, type Problem } from "../../errors";
import type { At } from "../document";

const stages = z.array(z.enum(["RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"]));

const rule = z.strictObject({
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
      z.string().refine((url) => /^(\*|\/[^*]*\*?)$/.test(url), 'a path beginning with "/", with "*" only at its end'),
    )
    .optional(),
  omitStages: stages.optional(),
  omitManagedFields: z.boolean().optional(),
});

/** A whole policy: what Talos writes into the file that kube-apiserver reads. */
export const auditPolicySchema = z.strictObject({
  apiVersion: z.literal("audit.k8s.io/v1"),
  kind: z.literal("Policy"),
  metadata: z.record(z.string(), z.unknown()).optional(),
  omitStages: stages.optional(),
  omitManagedFields: z.boolean().optional(),
  rules: z.array(rule),
});

/** What kube-apiserver refuses beyond the shape. */
export function auditPolicyProblems(policy: z.infer<typeof auditPolicySchema>, at: At): readonly Problem[] {
  if (policy.rules.length === 0) return [auditRulesMissing(at("rules"))];
  return policy.rules.flatMap((one, index) => {
    const ofResources = (one.resources?.length ?? 0) > 0 || (one.namespaces?.length ?? 0) > 0;
    return ofResources && (one.nonResourceURLs?.length ?? 0) > 0 ? [auditRuleMixed(at("rules", index))] : [];
  });
}
