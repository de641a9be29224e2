import { fieldMissing, type Problem } from "../../errors";
import type { At } from "../document";
import { type DocumentScope, defineDocument, type FieldsOf } from "../kind";
import { argumentProblems } from "../rules/arguments";
import { kubernetesImageProblems } from "../rules/images";
import { resourceProblems, resources } from "../rules/pods";
import { argumentMap, stringMap } from "../rules/values";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    enabled: z.boolean().optional(),
    image: z.string().optional(),
    extraArgs: argumentMap().optional(),
    env: stringMap().optional(),
    resources: resources().optional(),
  });

/** kube-controller-manager. The generator writes the image. */
export type KubeControllerManagerFields = FieldsOf<typeof fields>;

export const kubeControllerManagerConfig = defineDocument({
  kind: "KubeControllerManagerConfig",
  since: "1.14",
  fields,
  controlPlaneOnly: true,
  replaces: [
    ["cluster", "controllerManager"],
    ["machine", "controlPlane", "controllerManager"],
  ],
  secrets: [["env"]],
  problems,
});

/** Talos looks no further when it is off. */
function problems(
  manager: KubeControllerManagerFields,
  at: At,
  { complete, talos }: DocumentScope,
): readonly Problem[] {
  const { enabled = true, image = "", extraArgs = {} } = manager;
  if (!enabled) return [];
  return [
    ...(complete && image === "" ? [fieldMissing(at("image"), "the component's image")] : []),
    ...(image === "" ? [] : kubernetesImageProblems(image, at("image"), talos)),
    ...argumentProblems(
      "kube-controller-manager",
      Object.keys(extraArgs),
      (...path) => at("extraArgs", ...path),
      talos,
    ),
    ...resourceProblems(manager.resources, (...path) => at("resources", ...path)),
  ];
}
