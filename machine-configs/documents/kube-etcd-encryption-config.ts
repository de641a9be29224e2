import { fieldMissing, type Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { anyMap } from "../rules/values";
import { z } from "../zod";

const fields = () => z.strictObject({ config: anyMap().optional() });

/** How kube-apiserver encrypts what it stores in etcd. */
export type KubeEtcdEncryptionFields = FieldsOf<typeof fields>;

export const kubeEtcdEncryptionConfig = defineDocument({
  kind: "KubeEtcdEncryptionConfig",
  since: "1.14",
  fields,
  controlPlaneOnly: true,
  replaces: [
    ["cluster", "secretboxEncryptionSecret"],
    ["cluster", "aescbcEncryptionSecret"],
  ],
  secrets: [["config"]],
  problems,
});

function problems({ config = {} }: KubeEtcdEncryptionFields, at: At): readonly Problem[] {
  return Object.keys(config).length === 0 ? [fieldMissing(at("config"), "the encryption's configuration")] : [];
}
