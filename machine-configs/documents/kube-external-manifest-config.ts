import { defineDocument, type FieldsOf } from "../kind";
import { objectName } from "../rules/names";
import { httpUrl } from "../rules/urls";
import { stringMap } from "../rules/values";
import { z } from "../zod";

const fields = () => z.strictObject({ name: objectName(), headers: stringMap().optional(), url: httpUrl() });

/** Manifests that Talos fetches and applies. */
export type KubeExternalManifestFields = FieldsOf<typeof fields>;

export const kubeExternalManifestConfig = defineDocument({
  kind: "KubeExternalManifestConfig",
  since: "1.14",
  fields,
  secrets: [["headers"]],
});
