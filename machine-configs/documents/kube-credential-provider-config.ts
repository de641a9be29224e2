import * as z from "zod";
import { defineDocument } from "../kind";
import { anyMap } from "../rules/values";

const fields = () => z.strictObject({ configuration: anyMap().optional() });

/** How the kubelet gets credentials for registries. A change replaces it as a whole. */
export type KubeCredentialProviderFields = z.infer<ReturnType<typeof fields>>;

export const kubeCredentialProviderConfig = defineDocument({
  kind: "KubeCredentialProviderConfig",
  since: "1.14",
  fields,
  excludes: [["machine", "kubelet"]],
});
