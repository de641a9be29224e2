import { fieldMissing, type Problem, wrongValue } from "../../errors";
import type { At } from "../document";
import { type DocumentScope, defineDocument, type FieldsOf } from "../kind";
import { argumentProblems } from "../rules/arguments";
import { kubernetesImageProblems } from "../rules/images";
import { resourceProblems, resources } from "../rules/pods";
import { anyMap, argumentMap } from "../rules/values";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    enabled: z.boolean().optional(),
    image: z.string().optional(),
    mode: z.string().optional(),
    config: anyMap().optional(),
    extraArgs: argumentMap().optional(),
    resources: resources().optional(),
  });

/** kube-proxy, which a network plugin may replace. The generator writes the image. */
export type KubeProxyFields = FieldsOf<typeof fields>;

export const kubeProxyConfig = defineDocument({
  kind: "KubeProxyConfig",
  since: "1.14",
  fields,
  controlPlaneOnly: true,
  replaces: [["cluster", "proxy"]],
  problems,
});

const MODES = ["", "nftables", "iptables", "ipvs"];

/** Talos looks no further when it is off. */
function problems(proxy: KubeProxyFields, at: At, { complete, talos }: DocumentScope): readonly Problem[] {
  const { enabled = true, image = "", mode = "", extraArgs = {} } = proxy;
  if (!enabled) return [];
  const found: Problem[] = [];
  if (image !== "") found.push(...kubernetesImageProblems(image, at("image"), talos));
  else if (complete) found.push(fieldMissing(at("image"), "the image of kube-proxy"));
  if (!MODES.includes(mode)) found.push(wrongValue(at("mode"), mode, "nftables, iptables or ipvs"));
  return [
    ...found,
    ...argumentProblems("kube-proxy", Object.keys(extraArgs), (...path) => at("extraArgs", ...path), talos),
    ...resourceProblems(proxy.resources, (...path) => at("resources", ...path)),
  ];
}
