import { defineDocument, type FieldsOf } from "../kind";
import { objectName } from "../rules/names";
import { z } from "../zod";

const fields = () => z.strictObject({ name: objectName(), manifest: z.string().optional() });

/** Manifests that Talos applies. */
export type KubeInlineManifestFields = FieldsOf<typeof fields>;

export const kubeInlineManifestConfig = defineDocument({
  kind: "KubeInlineManifestConfig",
  since: "1.14",
  fields,
  secrets: [["manifest"]],
});
