/** What may be set about the kubelet, in either form. */
import {
  argumentWithDashes,
  kubeletArgumentDenied,
  kubeletFieldProtected,
  type Problem,
  parallelPullsSerialized,
} from "../../errors";
import type { At } from "../document";

/** Fields of the kubelet's configuration that Talos sets itself and refuses in the validator. */
const PROTECTED_FIELDS = [
  "apiVersion",
  "authentication",
  "authorization",
  "cgroupRoot",
  "kind",
  "kubeletCgroups",
  "port",
  "protectKernelDefaults",
  "resolvConf",
  "rotateCertificates",
  "seccompDefault",
  "staticPodPath",
  "systemCgroups",
];

/** Arguments that Talos sets itself. Its validator lets them pass; the kubelet's service then never starts. */
const DENIED_ARGUMENTS = [
  "bootstrap-kubeconfig",
  "cert-dir",
  "config",
  "container-runtime",
  "container-runtime-endpoint",
  "kubeconfig",
];

/** Problems of a KubeletConfiguration body. */
export function kubeletConfigurationProblems(config: Readonly<Record<string, unknown>>, at: At): readonly Problem[] {
  const problems = Object.keys(config)
    .filter((field) => PROTECTED_FIELDS.includes(field))
    .map((field) => kubeletFieldProtected(at(field), field));
  const { maxParallelImagePulls: parallel, serializeImagePulls: serialize } = config;
  // Talos sets it to false, unlike the kubelet itself, which does not start with both.
  if (typeof parallel === "number" && parallel > 1 && serialize === true) {
    problems.push(parallelPullsSerialized(at("maxParallelImagePulls"), parallel));
  }
  return problems;
}

/** Problems of the kubelet's arguments. */
export function kubeletArgumentProblems(args: Readonly<Record<string, unknown>>, at: At): readonly Problem[] {
  return Object.keys(args).flatMap((name) => {
    const bare = name.replace(/^-+/, "");
    if (DENIED_ARGUMENTS.includes(bare)) return [kubeletArgumentDenied(at(name), name)];
    return bare === name ? [] : [argumentWithDashes(at(name), name)];
  });
}
