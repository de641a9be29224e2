import { apiServerArgumentDenied, type Problem } from "../../errors";
import type { At } from "../document";
import { type DocumentScope, defineDocument, type FieldsOf } from "../kind";
import { argumentProblems } from "../rules/arguments";
import { kubernetesImageProblems } from "../rules/images";
import { resourceProblems, resources } from "../rules/pods";
import { argumentMap, stringMap } from "../rules/values";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    image: z.string().optional(),
    extraArgs: argumentMap().optional(),
    env: stringMap().optional(),
    resources: resources().optional(),
    apiPort: z.int().optional(),
    certExtraSANs: z.array(z.string()).optional(),
    startupProbes: z.boolean().optional(),
  });

/** kube-apiserver itself. The generator writes the image. */
export type KubeApiServerFields = FieldsOf<typeof fields>;

export const kubeApiServerConfig = defineDocument({
  kind: "KubeAPIServerConfig",
  since: "1.14",
  fields,
  controlPlaneOnly: true,
  generated: [["image"]],
  keyed: [{ path: ["certExtraSANs"] }],
  replaces: [
    ["cluster", "apiServer"],
    ["cluster", "controlPlane", "localAPIServerPort"],
  ],
  secrets: [["env"]],
  problems,
});

/** Arguments for which there is a document, which Talos refuses here. */
const DOCUMENT_OF_ARGUMENT: readonly [RegExp, string][] = [
  [/^oidc-/, "KubeAuthenticationConfig"],
  [/^(?:anonymous-auth|authentication-config)/, "KubeAuthenticationConfig"],
  [/^authorization-(?:config|mode|webhook-)/, "KubeAuthorizerConfig"],
];

function problems(server: KubeApiServerFields, at: At, { talos }: DocumentScope): readonly Problem[] {
  const { image = "", extraArgs = {} } = server;
  const atArgument: At = (...path) => at("extraArgs", ...path);
  const args = Object.keys(extraArgs).flatMap((name) => {
    const document = DOCUMENT_OF_ARGUMENT.find(([pattern]) => pattern.test(name))?.[1];
    if (document !== undefined) return [apiServerArgumentDenied(atArgument(name), name, document)];
    return argumentProblems("kube-apiserver", [name], atArgument, talos);
  });
  return [
    ...(image === "" ? [] : kubernetesImageProblems(image, at("image"), talos)),
    ...args,
    ...resourceProblems(server.resources, (...path) => at("resources", ...path)),
  ];
}
