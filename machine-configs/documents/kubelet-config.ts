import type { Problem } from "../../errors";
import type { At } from "../document";
import { type DocumentScope, defineDocument, type FieldsOf } from "../kind";
import { kubernetesImageProblems } from "../rules/images";
import { kubeletArgumentProblems, kubeletConfigurationProblems } from "../rules/kubelet";
import { anyMap, argumentMap } from "../rules/values";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    image: z.string().optional(),
    config: anyMap().optional(),
    extraArgs: argumentMap().optional(),
    clusterDNS: z.array(z.string()).optional(),
    defaultRuntimeSeccompProfileEnabled: z.boolean().optional(),
  });

/** The kubelet. The generator writes the image. */
export type KubeletFields = FieldsOf<typeof fields>;

export const kubeletConfig = defineDocument({
  kind: "KubeletConfig",
  since: "1.14",
  fields,
  generated: [["image"]],
  replaces: [["machine", "kubelet"]],
  problems,
});

function problems(kubelet: KubeletFields, at: At, { talos }: DocumentScope): readonly Problem[] {
  const { image = "", config = {}, extraArgs = {} } = kubelet;
  return [
    ...(image === "" ? [] : kubernetesImageProblems(image, at("image"), talos)),
    ...kubeletConfigurationProblems(config, (...path) => at("config", ...path)),
    ...kubeletArgumentProblems(extraArgs, (...path) => at("extraArgs", ...path)),
  ];
}
