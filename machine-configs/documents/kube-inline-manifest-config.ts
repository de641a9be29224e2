import * as z from "zod";
import { defineDocument } from "../kind";
import { objectName } from "../rules/names";

const fields = () => z.strictObject({ name: objectName(), manifest: z.string().optional() });

/** Manifests that Talos applies. */
export type KubeInlineManifestFields = z.infer<ReturnType<typeof fields>>;

export const kubeInlineManifestConfig = defineDocument({ kind: "KubeInlineManifestConfig", since: "1.14", fields });
