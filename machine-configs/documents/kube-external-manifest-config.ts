import * as z from "zod";
import { defineDocument } from "../kind";
import { objectName } from "../rules/names";
import { httpUrl } from "../rules/urls";
import { stringMap } from "../rules/values";

const fields = () => z.strictObject({ name: objectName(), headers: stringMap().optional(), url: httpUrl() });

/** Manifests that Talos fetches and applies. */
export type KubeExternalManifestFields = z.infer<ReturnType<typeof fields>>;

export const kubeExternalManifestConfig = defineDocument({
  kind: "KubeExternalManifestConfig",
  since: "1.14",
  fields,
  secrets: [["headers"]],
});
