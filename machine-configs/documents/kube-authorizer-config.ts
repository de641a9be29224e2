import { fieldMissing, type Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { anyMap, exactly, text } from "../rules/values";
import { z } from "../zod";

const fields = () =>
  z.strictObject({ name: text(), type: exactly(["Node", "RBAC", "Webhook"]), webhook: anyMap().optional() });

/** One of those that kube-apiserver asks whether a request is allowed. */
export type KubeAuthorizerFields = FieldsOf<typeof fields>;

export const kubeAuthorizerConfig = defineDocument({
  kind: "KubeAuthorizerConfig",
  since: "1.14",
  fields,
  controlPlaneOnly: true,
  problems,
});

function problems({ type, webhook = {} }: KubeAuthorizerFields, at: At): readonly Problem[] {
  const missing = type === "Webhook" && Object.keys(webhook).length === 0;
  return missing ? [fieldMissing(at("webhook"), "the configuration of the webhook")] : [];
}
