import * as z from "zod";
import { apiServerArgumentDenied, type Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument } from "../kind";
import { anyMap, argumentMap, stringMap } from "../rules/values";

const fields = z.strictObject({
  image: z.string().optional(),
  extraArgs: argumentMap.optional(),
  env: stringMap.optional(),
  resources: anyMap.optional(),
  apiPort: z.int().min(0).max(65535).optional(),
  certExtraSANs: z.array(z.string()).optional(),
  startupProbes: z.boolean().optional(),
});

/** kube-apiserver itself. The generator writes the required `image`, so a change need not repeat it. */
export type KubeApiServerFields = z.infer<typeof fields>;

export const kubeApiServerConfig = defineDocument({
  kind: "KubeAPIServerConfig",
  since: "1.14",
  fields,
  controlPlaneOnly: true,
  replaces: [["cluster", "apiServer"]],
  problems,
});

/** Arguments for which there is a document, which Talos refuses here. */
const DOCUMENT_OF_ARGUMENT: readonly [RegExp, string][] = [
  [/^oidc-/, "KubeAuthenticationConfig"],
  [/^(anonymous-auth|authentication-config)$/, "KubeAuthenticationConfig"],
  [/^authorization-/, "KubeAuthorizerConfig"],
];

function problems({ extraArgs = {} }: KubeApiServerFields, at: At): readonly Problem[] {
  return Object.keys(extraArgs).flatMap((name) => {
    const document = DOCUMENT_OF_ARGUMENT.find(([pattern]) => pattern.test(name.replace(/^-+/, "")))?.[1];
    return document === undefined ? [] : [apiServerArgumentDenied(at("extraArgs", name), name, document)];
  });
}
