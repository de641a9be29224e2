import { defineDocument, type FieldsOf } from "../kind";
import { anyMap } from "../rules/values";
import { z } from "../zod";

const fields = () => z.strictObject({ configuration: anyMap().optional() });

/** The body of kube-apiserver's AuthenticationConfiguration. A change replaces it as a whole. */
export type KubeAuthenticationFields = FieldsOf<typeof fields>;

export const kubeAuthenticationConfig = defineDocument({
  kind: "KubeAuthenticationConfig",
  since: "1.14",
  fields,
  controlPlaneOnly: true,
});
