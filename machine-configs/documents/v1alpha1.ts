import * as z from "zod";
import type { Problem } from "../../errors";
import { type At, type Path, ROOT_KIND } from "../document";
import { defineDocument } from "../kind";
import { auditPolicyProblems, auditPolicySchema } from "../rules/audit-policy";
import { kubeletArgumentProblems, kubeletConfigurationProblems } from "../rules/kubelet";
import { annotations, labels, taints } from "../rules/node";
import { anyMap, argumentMap, stringMap } from "../rules/values";

/** A section whose inside is not modelled yet: its own name is checked, a wrong key inside is not found. */
const unmodelled = z.unknown().optional();

const kubelet = z.strictObject({
  image: z.string().optional(),
  clusterDNS: z.array(z.string()).optional(),
  extraArgs: argumentMap.optional(),
  extraMounts: z.array(anyMap).optional(),
  extraConfig: anyMap.optional(),
  credentialProviderConfig: anyMap.optional(),
  defaultRuntimeSeccompProfileEnabled: z.boolean().optional(),
  registerWithFQDN: z.boolean().optional(),
  nodeIP: z.strictObject({ validSubnets: z.array(z.string()).optional() }).optional(),
  skipNodeRegistration: z.boolean().optional(),
  disableManifestsDirectory: z.boolean().optional(),
});

const install = z.strictObject({
  disk: z.string().optional(),
  diskSelector: anyMap.optional(),
  extraKernelArgs: z.array(z.string()).optional(),
  extensions: z.array(anyMap).optional(),
  image: z.string().optional(),
  wipe: z.boolean().optional(),
  legacyBIOSSupport: z.boolean().optional(),
  grubUseUKICmdline: z.boolean().optional(),
});

const file = z.strictObject({
  path: z.string().min(1),
  op: z.enum(["create", "append", "overwrite"]).optional(),
  permissions: z.int().min(0).optional(),
  content: z.string().optional(),
});

const apiServer = z.strictObject({
  image: z.string().optional(),
  extraArgs: argumentMap.optional(),
  extraVolumes: z
    .array(
      z.strictObject({ hostPath: z.string().min(1), mountPath: z.string().min(1), readonly: z.boolean().optional() }),
    )
    .optional(),
  env: stringMap.optional(),
  certSANs: z.array(z.string()).optional(),
  disablePodSecurityPolicy: z.boolean().optional(),
  admissionControl: z.array(anyMap).optional(),
  auditPolicy: auditPolicySchema.optional(),
  resources: anyMap.optional(),
  authorizationConfig: z.array(anyMap).optional(),
});

const kernelModule = z.strictObject({ name: z.string().min(1), parameters: z.array(z.string()).optional() });

const machine = z.strictObject({
  type: unmodelled,
  token: unmodelled,
  ca: unmodelled,
  acceptedCAs: unmodelled,
  certSANs: unmodelled,
  controlPlane: unmodelled,
  pods: unmodelled,
  network: unmodelled,
  disks: unmodelled,
  env: unmodelled,
  time: unmodelled,
  sysfs: unmodelled,
  registries: unmodelled,
  systemDiskEncryption: unmodelled,
  features: unmodelled,
  udev: unmodelled,
  logging: unmodelled,
  seccompProfiles: unmodelled,
  baseRuntimeSpecOverrides: unmodelled,
  kubelet: kubelet.optional(),
  install: install.optional(),
  files: z.array(file).optional(),
  sysctls: stringMap.optional(),
  kernel: z.strictObject({ modules: z.array(kernelModule).optional() }).optional(),
  nodeLabels: labels.optional(),
  nodeAnnotations: annotations.optional(),
  nodeTaints: taints.optional(),
});

const cluster = z.strictObject({
  id: unmodelled,
  secret: unmodelled,
  controlPlane: unmodelled,
  clusterName: unmodelled,
  network: unmodelled,
  token: unmodelled,
  aescbcEncryptionSecret: unmodelled,
  secretboxEncryptionSecret: unmodelled,
  ca: unmodelled,
  acceptedCAs: unmodelled,
  aggregatorCA: unmodelled,
  serviceAccount: unmodelled,
  controllerManager: unmodelled,
  proxy: unmodelled,
  scheduler: unmodelled,
  discovery: unmodelled,
  etcd: unmodelled,
  coreDNS: unmodelled,
  externalCloudProvider: unmodelled,
  extraManifests: unmodelled,
  extraManifestHeaders: unmodelled,
  inlineManifests: unmodelled,
  adminKubeconfig: unmodelled,
  allowSchedulingOnControlPlanes: z.boolean().optional(),
  allowSchedulingOnMasters: unmodelled,
  apiServer: apiServer.optional(),
});

const fields = z.strictObject({
  version: z.string().optional(),
  debug: z.boolean().optional(),
  // Talos refuses false, which once meant a configuration that is lost at the next boot.
  persist: z.literal(true).optional(),
  machine: machine.optional(),
  cluster: cluster.optional(),
});

/** The document without a kind, which held everything before there were others. */
export type V1Alpha1Fields = z.infer<typeof fields>;

export const v1alpha1 = defineDocument({
  kind: ROOT_KIND,
  since: "1.11",
  fields,
  keyed: [
    { path: ["machine", "files"], by: "path" },
    { path: ["machine", "kernel", "modules"], by: "name" },
    { path: ["cluster", "apiServer", "extraVolumes"], by: "mountPath" },
  ],
  secrets: [
    ...secretsIn("machine", ["token", "ca", "registries", "systemDiskEncryption"]),
    ...secretsIn("cluster", ["token", "secret", "aescbcEncryptionSecret", "secretboxEncryptionSecret"]),
    ...secretsIn("cluster", ["ca", "aggregatorCA", "serviceAccount", "etcd"]),
  ],
  problems,
});

function secretsIn(part: string, sections: readonly string[]): readonly Path[] {
  return sections.map((section) => [part, section]);
}

function problems(document: V1Alpha1Fields, at: At): readonly Problem[] {
  const { extraConfig = {}, extraArgs = {} } = document.machine?.kubelet ?? {};
  const policy = document.cluster?.apiServer?.auditPolicy;
  return [
    ...kubeletConfigurationProblems(extraConfig, (...path) => at("machine", "kubelet", "extraConfig", ...path)),
    ...kubeletArgumentProblems(extraArgs, (...path) => at("machine", "kubelet", "extraArgs", ...path)),
    ...(policy === undefined
      ? []
      : auditPolicyProblems(policy, (...path) => at("cluster", "apiServer", "auditPolicy", ...path))),
  ];
}
