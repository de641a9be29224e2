/** `cluster` of the v1alpha1 document: Kubernetes and etcd. */

import {
  duplicateEntry,
  fieldMissing,
  fieldNotAllowed,
  fieldsExclude,
  type Problem,
  wrongValue,
} from "../../../errors";
import type { At } from "../../document";
import type { DocumentScope, FieldsOf } from "../../kind";
import { isAtLeast } from "../../releases";
import { argumentProblems, type Component } from "../../rules/arguments";
import { auditPolicyProblems } from "../../rules/audit-policy";
import { duration } from "../../rules/durations";
import { kubernetesImageProblems } from "../../rules/images";
import { subnetFilter } from "../../rules/node-addresses";
import { resourceProblems, resources } from "../../rules/pods";
import { isDnsName, isEndpoint, urlParts } from "../../rules/urls";
import { anyMap, argumentMap, base64, stringMap } from "../../rules/values";
import { z } from "../../zod";
import { certificateAndKey, certificates } from "./machine";

const volumes = () =>
  z.array(
    z.strictObject({
      hostPath: z.string().optional(),
      mountPath: z.string().optional(),
      readonly: z.boolean().optional(),
    }),
  );

const apiServer = () =>
  z.strictObject({
    image: z.string().optional(),
    extraArgs: argumentMap().optional(),
    extraVolumes: volumes().optional(),
    env: stringMap().optional(),
    certSANs: z.array(z.string()).optional(),
    disablePodSecurityPolicy: z.boolean().optional(),
    admissionControl: z
      .array(z.strictObject({ name: z.string().optional(), configuration: anyMap().optional() }))
      .optional(),
    auditPolicy: anyMap().optional(),
    resources: resources().optional(),
    authorizationConfig: z
      .array(z.strictObject({ type: z.string().optional(), name: z.string().optional(), webhook: anyMap().optional() }))
      .optional(),
  });

const component = () => ({
  image: z.string().optional(),
  extraArgs: argumentMap().optional(),
  extraVolumes: volumes().optional(),
  env: stringMap().optional(),
  resources: resources().optional(),
});

const network = () =>
  z.strictObject({
    cni: z
      .strictObject({
        name: z.string().optional(),
        urls: z.array(z.string()).optional(),
        flannel: z
          .strictObject({
            extraArgs: z.array(z.string()).optional(),
            kubeNetworkPoliciesEnabled: z.boolean().optional(),
          })
          .optional(),
      })
      .optional(),
    dnsDomain: z.string().optional(),
    podSubnets: z.array(z.string()).optional(),
    serviceSubnets: z.array(z.string()).optional(),
  });

const etcd = () =>
  z.strictObject({
    image: z.string().optional(),
    ca: certificateAndKey().optional(),
    extraArgs: argumentMap().optional(),
    subnet: subnetFilter().or(z.literal("")).optional(),
    advertisedSubnets: z.array(subnetFilter()).optional(),
    listenSubnets: z.array(subnetFilter()).optional(),
  });

const discovery = () =>
  z.strictObject({
    enabled: z.boolean().optional(),
    registries: z
      .strictObject({
        kubernetes: z.strictObject({ disabled: z.boolean().optional() }).optional(),
        service: z.strictObject({ disabled: z.boolean().optional(), endpoint: z.string().optional() }).optional(),
      })
      .optional(),
  });

/** The schema of the section. */
export const cluster = () =>
  z.strictObject({
    id: z.string().optional(),
    secret: z.string().optional(),
    controlPlane: z
      .strictObject({
        endpoint: z
          .string()
          .refine((value) => urlParts(value) !== undefined, "an https:// URL")
          .optional(),
        localAPIServerPort: z.int().optional(),
      })
      .optional(),
    clusterName: z.string().optional(),
    network: network().optional(),
    token: z.string().optional(),
    aescbcEncryptionSecret: z.string().optional(),
    secretboxEncryptionSecret: z.string().optional(),
    ca: certificateAndKey().optional(),
    acceptedCAs: certificates().optional(),
    aggregatorCA: certificateAndKey().optional(),
    serviceAccount: z.strictObject({ key: base64().optional() }).optional(),
    apiServer: apiServer().optional(),
    controllerManager: z.strictObject(component()).optional(),
    proxy: z
      .strictObject({
        disabled: z.boolean().optional(),
        image: z.string().optional(),
        mode: z.string().optional(),
        extraArgs: argumentMap().optional(),
      })
      .optional(),
    scheduler: z.strictObject({ ...component(), config: anyMap().optional() }).optional(),
    discovery: discovery().optional(),
    etcd: etcd().optional(),
    coreDNS: z.strictObject({ disabled: z.boolean().optional(), image: z.string().optional() }).optional(),
    externalCloudProvider: z
      .strictObject({ enabled: z.boolean().optional(), manifests: z.array(z.string()).optional() })
      .optional(),
    extraManifests: z.array(z.string()).optional(),
    extraManifestHeaders: stringMap().optional(),
    inlineManifests: z
      .array(z.strictObject({ name: z.string().optional(), contents: z.string().optional() }))
      .optional(),
    adminKubeconfig: z.strictObject({ certLifetime: duration().optional() }).optional(),
    allowSchedulingOnControlPlanes: z.boolean().optional(),
    allowSchedulingOnMasters: z.boolean().optional(),
  });

type Cluster = FieldsOf<typeof cluster>;

/** What is wrong with the section. */
export function clusterProblems(
  {
    cluster: given = {},
    machine = {},
  }: { readonly cluster?: Cluster | undefined; readonly machine?: { readonly type?: string | undefined } | undefined },
  at: At,
  scope: DocumentScope,
): readonly Problem[] {
  const { type = "" } = machine;
  return [
    ...endpointProblems(given, scope, at),
    ...roleProblems(given, type, scope, at),
    ...manifestProblems(given, at),
    ...discoveryProblems(given, scope, at),
    ...apiServerProblems(given, (...path) => at("apiServer", ...path)),
    ...componentProblems(given, type, scope, at),
    ...COMPONENTS.flatMap(([section, name]) => {
      const names = Object.keys(given[section]?.extraArgs ?? {});
      return argumentProblems(name, names, (...path) => at(section, "extraArgs", ...path), scope.talos);
    }),
  ];
}

/** Sections with arguments, and whose they are. */
const COMPONENTS = [
  ["apiServer", "kube-apiserver"],
  ["controllerManager", "kube-controller-manager"],
  ["scheduler", "kube-scheduler"],
  ["proxy", "kube-proxy"],
  ["etcd", "etcd"],
] as const satisfies readonly (readonly [keyof Cluster, Component])[];

function endpointProblems(
  { controlPlane, network: networks = {}, externalCloudProvider = {} }: Cluster,
  { complete, talos }: DocumentScope,
  at: At,
): readonly Problem[] {
  const { endpoint } = controlPlane ?? {};
  const before = !isAtLeast(talos ?? "1.14", "1.14");
  const { dnsDomain = "" } = networks;
  const found: Problem[] = [];
  if (complete && endpoint === undefined && (controlPlane !== undefined || before)) {
    found.push(fieldMissing(at("controlPlane", "endpoint"), "an https:// URL with a host"));
  }
  if (endpoint !== undefined && !isEndpoint(endpoint)) {
    found.push(wrongValue(at("controlPlane", "endpoint"), endpoint, "an https:// URL with a host"));
  }
  if (dnsDomain !== "" && !isDnsName(dnsDomain)) {
    found.push(wrongValue(at("network", "dnsDomain"), dnsDomain, "a DNS name, such as cluster.local"));
  }
  const { enabled, manifests = [] } = externalCloudProvider;
  if (!enabled && manifests.length > 0) {
    found.push(fieldMissing(at("externalCloudProvider", "enabled"), "true, without which the manifests are not used"));
  } else {
    manifests.forEach((one, index) => {
      if (!isEndpoint(one)) {
        found.push(wrongValue(at("externalCloudProvider", "manifests", index), one, "an http:// or https:// URL"));
      }
    });
  }
  return found;
}

/** What only control planes have, and how it looks there. */
function roleProblems(given: Cluster, type: string, { complete }: DocumentScope, at: At): readonly Problem[] {
  const found: Problem[] = [];
  if (type === "worker" || type === "join") {
    if (given.etcd !== undefined) found.push(fieldNotAllowed(at("etcd"), "on workers"));
    if (given.ca?.key) found.push(fieldNotAllowed(at("ca", "key"), "on workers"));
    return found;
  }
  if (given.etcd !== undefined) {
    const { ca, subnet = "", advertisedSubnets = [] } = given.etcd;
    if (complete && ca === undefined) found.push(fieldMissing(at("etcd", "ca"), "etcd's authority"));
    if (subnet !== "" && advertisedSubnets.length > 0) {
      found.push(fieldsExclude(at("etcd", "advertisedSubnets"), "subnet", "advertisedSubnets"));
    }
  }
  if (given.network?.cni !== undefined)
    found.push(...cniProblems(given.network.cni, (...path) => at("network", "cni", ...path)));
  return found;
}

const A_CNI = "flannel, custom or none";

function cniProblems(
  { name = "", urls = [], flannel = {} }: NonNullable<NonNullable<Cluster["network"]>["cni"]>,
  at: At,
): readonly Problem[] {
  if (name === "") return [fieldMissing(at("name"), A_CNI)];
  if (!["flannel", "custom", "none"].includes(name)) return [wrongValue(at("name"), name, A_CNI)];
  const found: Problem[] = [];
  if (name !== "custom" && urls.length > 0) found.push(fieldNotAllowed(at("urls"), `with the CNI "${name}"`));
  if (name === "custom") {
    urls.forEach((one, index) => {
      if (!isEndpoint(one)) found.push(wrongValue(at("urls", index), one, "an http:// or https:// URL"));
    });
  }
  if (name === "none" || name === "custom") {
    if ((flannel.extraArgs?.length ?? 0) > 0) {
      found.push(fieldNotAllowed(at("flannel", "extraArgs"), `with the CNI "${name}"`));
    }
    if (flannel.kubeNetworkPoliciesEnabled) {
      found.push(fieldNotAllowed(at("flannel", "kubeNetworkPoliciesEnabled"), `with the CNI "${name}"`));
    }
  }
  return found;
}

function manifestProblems({ inlineManifests = [] }: Cluster, at: At): readonly Problem[] {
  const names = inlineManifests.map(({ name = "" }) => name);
  return names.flatMap((name, index) => {
    const place = at("inlineManifests", index, "name");
    const found: Problem[] = name.trim() === "" ? [fieldMissing(place, "a name")] : [];
    if (names.indexOf(name) < index) found.push(duplicateEntry(place, "manifest", name));
    return found;
  });
}

function discoveryProblems(
  { discovery: given, id, secret }: Cluster,
  { complete }: DocumentScope,
  at: At,
): readonly Problem[] {
  if (given === undefined || given.enabled === false) return [];
  // Without `enabled` a complete configuration has no discovery; a change leaves it as it is.
  if (complete && given.enabled === undefined) return [];
  const { disabled, endpoint = "" } = given.registries?.service ?? {};
  if (disabled) return [];
  const found: Problem[] = [];
  if (endpoint !== "") {
    const parts = urlParts(endpoint);
    const isRequest = parts !== undefined && (parts.scheme !== "" || endpoint.startsWith("/"));
    if (!isRequest || !["", "/"].includes(parts.path)) {
      found.push(
        wrongValue(at("discovery", "registries", "service", "endpoint"), endpoint, "an https:// URL without a path"),
      );
    }
  }
  if (complete && !id) found.push(fieldMissing(at("id"), "the cluster's id, which discovery needs"));
  if (complete && !secret) found.push(fieldMissing(at("secret"), "the cluster's secret, which discovery needs"));
  return found;
}

function apiServerProblems({ apiServer: given }: Cluster, at: At): readonly Problem[] {
  if (given === undefined) return [];
  const policy = given.auditPolicy;
  const authorizers = (given.authorizationConfig ?? []).flatMap(({ type = "", name = "" }, index) => {
    const found: Problem[] = [];
    if (!["Node", "RBAC", "Webhook"].includes(type)) {
      found.push(wrongValue(at("authorizationConfig", index, "type"), type, "Node, RBAC or Webhook"));
    }
    if (name === "") found.push(fieldMissing(at("authorizationConfig", index, "name"), "a name"));
    return found;
  });
  return [
    ...authorizers,
    ...(policy === undefined ? [] : auditPolicyProblems(policy, (...path) => at("auditPolicy", ...path))),
    ...resourceProblems(given.resources, (...path) => at("resources", ...path)),
  ];
}

function componentProblems(given: Cluster, type: string, { talos }: DocumentScope, at: At): readonly Problem[] {
  const release = talos ?? "1.14";
  const checksImages = isAtLeast(release, "1.14") && type !== "worker" && type !== "join";
  return (["apiServer", "controllerManager", "scheduler"] as const).flatMap((name) => {
    const { image = "", resources: asked } = given[name] ?? {};
    return [
      ...(checksImages && image !== "" ? kubernetesImageProblems(image, at(name, "image"), talos) : []),
      ...(name === "apiServer" ? [] : resourceProblems(asked, (...path) => at(name, "resources", ...path))),
    ];
  });
}
