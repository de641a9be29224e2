import { defineDocument, type FieldsOf } from "../kind";
import { anyMap } from "../rules/values";
import { z } from "../zod";

const fields = () => z.strictObject({ configuration: anyMap().optional() });

/** How the kubelet gets credentials for registries. A change replaces it as a whole. */
export type KubeCredentialProviderFields = FieldsOf<typeof fields>;

export const kubeCredentialProviderConfig = defineDocument({
  kind: "KubeCredentialProviderConfig",
  since: "1.14",
  fields,
});
