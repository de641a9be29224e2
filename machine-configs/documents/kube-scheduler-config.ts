import { fieldMissing, type Problem } from "../../errors";
import type { At } from "../document";
import { type DocumentScope, defineDocument, type FieldsOf } from "../kind";
import { argumentProblems } from "../rules/arguments";
import { kubernetesImageProblems } from "../rules/images";
import { resourceProblems, resources } from "../rules/pods";
import { anyMap, argumentMap, stringMap } from "../rules/values";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    enabled: z.boolean().optional(),
    image: z.string().optional(),
    config: anyMap().optional(),
    extraArgs: argumentMap().optional(),
    env: stringMap().optional(),
    resources: resources().optional(),
  });

/** kube-scheduler. The generator writes the image. */
export type KubeSchedulerFields = FieldsOf<typeof fields>;

export const kubeSchedulerConfig = defineDocument({
  kind: "KubeSchedulerConfig",
  since: "1.14",
  fields,
  controlPlaneOnly: true,
  replaces: [
    ["cluster", "scheduler"],
    ["machine", "controlPlane", "scheduler"],
  ],
  secrets: [["env"]],
  problems,
});

/** Talos looks no further when it is off. */
function problems(scheduler: KubeSchedulerFields, at: At, { complete, talos }: DocumentScope): readonly Problem[] {
  const { enabled = true, image = "", extraArgs = {} } = scheduler;
  if (!enabled) return [];
  return [
    ...(complete && image === "" ? [fieldMissing(at("image"), "the component's image")] : []),
    ...(image === "" ? [] : kubernetesImageProblems(image, at("image"), talos)),
    ...argumentProblems("kube-scheduler", Object.keys(extraArgs), (...path) => at("extraArgs", ...path), talos),
    ...resourceProblems(scheduler.resources, (...path) => at("resources", ...path)),
  ];
}
