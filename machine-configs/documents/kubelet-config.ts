import * as z from "zod";
import type { Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument } from "../kind";
import { AN_ADDRESS, isAddress } from "../rules/addresses";
import { kubeletArgumentProblems, kubeletConfigurationProblems } from "../rules/kubelet";
import { anyMap, argumentMap } from "../rules/values";

const fields = z.strictObject({
  image: z.string().optional(),
  config: anyMap.optional(),
  extraArgs: argumentMap.optional(),
  clusterDNS: z.array(z.string().refine(isAddress, AN_ADDRESS)).optional(),
  defaultRuntimeSeccompProfileEnabled: z.boolean().optional(),
});

/** The kubelet. The generator writes the required `image`, so a change need not repeat it. */
export type KubeletFields = z.infer<typeof fields>;

export const kubeletConfig = defineDocument({
  kind: "KubeletConfig",
  since: "1.14",
  fields,
  replaces: [["machine", "kubelet"]],
  problems,
});

function problems({ config = {}, extraArgs = {} }: KubeletFields, at: At): readonly Problem[] {
  return [
    ...kubeletConfigurationProblems(config, (...path) => at("config", ...path)),
    ...kubeletArgumentProblems(extraArgs, (...path) => at("extraArgs", ...path)),
  ];
}
