import { defineDocument, type FieldsOf } from "../kind";
import { anyMap, text } from "../rules/values";
import { z } from "../zod";

const fields = () => z.strictObject({ name: text(), configuration: anyMap().optional() });

/** The configuration of an admission plugin, the document's name, of kube-apiserver. */
export type KubeAdmissionControlFields = FieldsOf<typeof fields>;

export const kubeAdmissionControlConfig = defineDocument({
  kind: "KubeAdmissionControlConfig",
  since: "1.14",
  fields,
  controlPlaneOnly: true,
  keyed: [{ path: ["configuration", "exemptions", "namespaces"] }],
});
