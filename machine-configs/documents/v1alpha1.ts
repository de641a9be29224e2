import { fieldMissing, type Problem } from "../../errors";
import { type At, type Path, ROOT_KIND } from "../document";
import { type DocumentScope, defineDocument, type FieldsOf } from "../kind";
import { isAtLeast } from "../releases";
import { isArgumentList } from "../rules/values";
import { z } from "../zod";
import { cluster, clusterProblems } from "./v1alpha1/cluster";
import { machine, machineProblems } from "./v1alpha1/machine";

/** Where the configuration of PodSecurity lists the namespaces that it leaves alone. */
const EXEMPT_NAMESPACES = ["configuration", "exemptions", "namespaces"];

const fields = () =>
  z.strictObject({
    version: z.string().optional(),
    debug: z.boolean().optional(),
    // Talos refuses false, which once meant a configuration that is lost at the next boot.
    persist: z.literal(true).optional(),
    machine: machine().optional(),
    cluster: cluster().optional(),
  });

/** The document without a kind, which held everything before there were others. */
export type V1Alpha1Fields = FieldsOf<typeof fields>;

export const v1alpha1 = defineDocument({
  kind: ROOT_KIND,
  since: "1.11",
  fields,
  keyed: [
    { path: ["machine", "certSANs"] },
    { path: ["machine", "features", "kubernetesTalosAPIAccess", "allowedRoles"] },
    { path: ["machine", "features", "kubernetesTalosAPIAccess", "allowedKubernetesNamespaces"] },
    { path: ["machine", "files"], by: "path" },
    { path: ["machine", "kernel", "modules"], by: "name" },
    { path: ["machine", "kubelet", "extraMounts"], by: "destination" },
    { path: ["machine", "logging", "destinations"], by: "endpoint" },
    { path: ["machine", "network", "interfaces"], by: ["interface", "deviceSelector"] },
    { path: ["machine", "network", "interfaces", "*", "vlans"], by: "vlanId" },
    { path: ["machine", "network", "extraHostEntries"], by: "ip" },
    { path: ["cluster", "apiServer", "certSANs"] },
    { path: ["cluster", "apiServer", "extraVolumes"], by: "mountPath" },
    { path: ["cluster", "apiServer", "admissionControl"], by: "name" },
    { path: ["cluster", "apiServer", "admissionControl", "PodSecurity", ...EXEMPT_NAMESPACES] },
    { path: ["cluster", "apiServer", "authorizationConfig"], by: "name" },
    { path: ["cluster", "externalCloudProvider", "manifests"] },
    { path: ["cluster", "extraManifests"] },
    { path: ["cluster", "inlineManifests"], by: "name" },
  ],
  ordered: [
    ["machine", "network", "extraHostEntries", "*", "aliases"],
    ["machine", "udev", "rules"],
  ],
  later: [
    { since: "1.12", path: ["machine", "install", "grubUseUKICmdline"] },
    { since: "1.12", path: ["machine", "network", "kubespan", "filters", "excludeAdvertisedNetworks"] },
    { since: "1.13", path: ["cluster", "network", "cni", "flannel", "kubeNetworkPoliciesEnabled"] },
  ],
  laterValues: [
    ["machine", "kubelet"],
    ["cluster", "apiServer"],
    ["cluster", "controllerManager"],
    ["cluster", "scheduler"],
    ["cluster", "proxy"],
    ["cluster", "etcd"],
  ].map((section) => ({ since: "1.13" as const, path: [...section, "extraArgs", "*"], is: isArgumentList })),
  secrets: [
    ...secretsIn("machine", ["token", "ca", "env", "registries", "systemDiskEncryption"]),
    ["machine", "files", "*", "content"],
    ["machine", "network", "interfaces", "*", "wireguard", "privateKey"],
    ["machine", "network", "interfaces", "*", "vip", "equinixMetal", "apiToken"],
    ["machine", "network", "interfaces", "*", "vip", "hcloud", "apiToken"],
    ["machine", "network", "interfaces", "*", "vlans", "*", "vip", "equinixMetal", "apiToken"],
    ["machine", "network", "interfaces", "*", "vlans", "*", "vip", "hcloud", "apiToken"],
    ...secretsIn("cluster", ["token", "secret", "aescbcEncryptionSecret", "secretboxEncryptionSecret"]),
    ...secretsIn("cluster", ["ca", "aggregatorCA", "serviceAccount", "extraManifestHeaders"]),
    ["cluster", "etcd", "ca"],
    ["cluster", "inlineManifests", "*", "contents"],
    ...["apiServer", "controllerManager", "scheduler"].map((component) => ["cluster", component, "env"]),
  ],
  problems,
});

function secretsIn(part: string, sections: readonly string[]): readonly Path[] {
  return sections.map((section) => [part, section]);
}

function problems(document: V1Alpha1Fields, at: At, scope: DocumentScope): readonly Problem[] {
  return [
    ...machineProblems(document, (...path) => at("machine", ...path), scope),
    ...clusterProblems(document, (...path) => at("cluster", ...path), scope),
    ...(scope.complete ? kubeSpanProblems(document, at, scope.talos ?? "1.14") : []),
  ];
}

/** The peers of KubeSpan are found by discovery, which has been a document since 1.14. */
function kubeSpanProblems(
  { machine: { network } = {}, cluster: { discovery } = {} }: V1Alpha1Fields,
  at: At,
  talos: string,
): readonly Problem[] {
  const off = discovery === undefined ? !isAtLeast(talos, "1.14") : discovery.enabled !== true;
  const lonely = network?.kubespan?.enabled === true && off;
  return lonely ? [fieldMissing(at("cluster", "discovery", "enabled"), "true, which KubeSpan needs")] : [];
}
