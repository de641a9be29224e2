import * as z from "zod";
import { defineDocument } from "../kind";
import { anyMap } from "../rules/values";

const fields = () => z.strictObject({ configuration: anyMap().optional() });

/** The body of kube-apiserver's AuthenticationConfiguration. A change replaces it as a whole. */
export type KubeAuthenticationFields = z.infer<ReturnType<typeof fields>>;

export const kubeAuthenticationConfig = defineDocument({
  kind: "KubeAuthenticationConfig",
  since: "1.14",
  fields,
  controlPlaneOnly: true,
});
