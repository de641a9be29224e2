/** Moves of what only control planes read. */
import type { TalosDocument } from "../document";
import { kubeAdmissionControlConfig } from "../documents/kube-admission-control-config";
import { kubeAggregatorCaConfig } from "../documents/kube-aggregator-ca-config";
import { kubeApiServerConfig } from "../documents/kube-api-server-config";
import { kubeAuthorizerConfig } from "../documents/kube-authorizer-config";
import { kubeControllerManagerConfig } from "../documents/kube-controller-manager-config";
import { kubeCoreDnsConfig } from "../documents/kube-core-dns-config";
import { kubeEtcdEncryptionConfig } from "../documents/kube-etcd-encryption-config";
import { kubeExternalManifestConfig } from "../documents/kube-external-manifest-config";
import { kubeFlannelCniConfig } from "../documents/kube-flannel-cni-config";
import { kubeInlineManifestConfig } from "../documents/kube-inline-manifest-config";
import { kubeProxyConfig } from "../documents/kube-proxy-config";
import { kubeSchedulerConfig } from "../documents/kube-scheduler-config";
import { kubeServiceAccountConfig } from "../documents/kube-service-account-config";
import { valueAt } from "../plain-data";
import { authentication, authenticationMove } from "./authentication";
import {
  becomes,
  becomesNothing,
  type Move,
  move,
  moveFields,
  type Outcome,
  remains,
  rename,
  type Scope,
  undecided,
  type ValueOf,
  withoutDocument,
} from "./move";
import { pem } from "./pem";

const EXTRA_VOLUMES = withoutDocument("Delete it: Talos mounts what its own settings need, such as the audit log.");

export const controlPlaneMoves: readonly Move[] = [
  rename("cluster.controlPlane.localAPIServerPort", "KubeAPIServerConfig.apiPort"),
  rename("cluster.apiServer.image", "KubeAPIServerConfig.image"),
  rename("cluster.apiServer.env", "KubeAPIServerConfig.env"),
  rename("cluster.apiServer.resources", "KubeAPIServerConfig.resources"),
  rename("cluster.apiServer.certSANs", "KubeAPIServerConfig.certExtraSANs"),
  authenticationMove,
  move("cluster.apiServer.extraArgs.*", ["KubeAPIServerConfig"], argumentOutcome, {
    deletion: (name) => ({
      apiVersion: "v1alpha1",
      kind: "KubeAPIServerConfig",
      extraArgs: { [name]: { $patch: "delete" } },
    }),
  }),
  remains("cluster.apiServer.extraVolumes", EXTRA_VOLUMES, { since: "1.14", controlPlaneOnly: true }),
  move("cluster.apiServer.disablePodSecurityPolicy", ["KubeAPIServerConfig"], () =>
    becomesNothing("Kubernetes has no such policies any more"),
  ),
  rename("cluster.apiServer.auditPolicy", "KubeAuditPolicyConfig.configuration"),
  move(
    "cluster.apiServer.admissionControl.*",
    ["KubeAdmissionControlConfig"],
    ({ name = "", configuration }) => becomes([kubeAdmissionControlConfig.build({ name, configuration })]),
    { deletion: (name) => ({ ...kubeAdmissionControlConfig.deletion(), name }) },
  ),
  move("cluster.apiServer.authorizationConfig", ["KubeAuthorizerConfig"], authorizersOutcome),
  ...component("controllerManager", "KubeControllerManagerConfig"),
  move("machine.controlPlane.controllerManager", ["KubeControllerManagerConfig"], ({ disabled }) =>
    becomes([kubeControllerManagerConfig.build({ enabled: !disabled })]),
  ),
  ...component("scheduler", "KubeSchedulerConfig"),
  rename("cluster.scheduler.config", "KubeSchedulerConfig.config"),
  move("machine.controlPlane.scheduler", ["KubeSchedulerConfig"], ({ disabled }) =>
    becomes([kubeSchedulerConfig.build({ enabled: !disabled })]),
  ),
  rename("cluster.proxy.image", "KubeProxyConfig.image"),
  rename("cluster.proxy.mode", "KubeProxyConfig.mode"),
  move("cluster.proxy.disabled", ["KubeProxyConfig"], (disabled) =>
    becomes([kubeProxyConfig.build({ enabled: !disabled })]),
  ),
  remains(
    "cluster.proxy.extraArgs",
    undecided(
      "Give the fields in the config of KubeProxyConfig: beside the file that kube-proxy reads, most arguments have no effect.",
    ),
    { since: "1.14", controlPlaneOnly: true },
  ),
  rename("cluster.coreDNS.image", "KubeCoreDNSConfig.image"),
  move("cluster.coreDNS.disabled", ["KubeCoreDNSConfig"], (disabled) =>
    becomes([kubeCoreDnsConfig.build({ enabled: !disabled })]),
  ),
  move("cluster.network.cni", ["KubeFlannelCNIConfig", "KubeExternalManifestConfig"], cniOutcome, {
    controlPlaneOnly: true,
  }),
  move(
    "cluster.inlineManifests.*",
    ["KubeInlineManifestConfig"],
    ({ name = "", contents: manifest }) => becomes([kubeInlineManifestConfig.build({ name, manifest })]),
    { controlPlaneOnly: true },
  ),
  moveFields(
    "cluster",
    ["extraManifests", "extraManifestHeaders"],
    ["KubeExternalManifestConfig"],
    ({ extraManifests = [], extraManifestHeaders: headers }) =>
      extraManifests.length === 0
        ? undecided("Give the headers to each KubeExternalManifestConfig that needs them.")
        : becomes(extraManifests.map((url) => manifestFrom(url, headers))),
    { controlPlaneOnly: true },
  ),
  move("cluster.aggregatorCA", ["KubeAggregatorCAConfig"], ({ crt, key }) =>
    becomes([kubeAggregatorCaConfig.build({ issuingCA: { cert: pem(crt), key: pem(key) } })]),
  ),
  move("cluster.serviceAccount.key", ["KubeServiceAccountConfig"], (key, { whole, root }) =>
    becomes([
      kubeServiceAccountConfig.build({
        issuer: { privateKey: pem(key), ...(whole ? { issuerURL: root.cluster?.controlPlane?.endpoint } : {}) },
      }),
    ]),
  ),
  moveFields(
    "cluster",
    ["secretboxEncryptionSecret", "aescbcEncryptionSecret"],
    ["KubeEtcdEncryptionConfig"],
    encryptionOutcome,
  ),
];

/** What the controller manager and the scheduler have in common. */
function component(section: "controllerManager" | "scheduler", kind: string): readonly Move[] {
  return [
    rename(`cluster.${section}.image`, `${kind}.image`),
    rename(`cluster.${section}.extraArgs`, `${kind}.extraArgs`),
    rename(`cluster.${section}.env`, `${kind}.env`),
    rename(`cluster.${section}.resources`, `${kind}.resources`),
    remains(`cluster.${section}.extraVolumes`, EXTRA_VOLUMES, { since: "1.14", controlPlaneOnly: true }),
  ];
}

/** Arguments that Talos does not take beside the documents. */
function argumentOutcome(value: string | string[], { key }: Scope): Outcome {
  if (key.startsWith("authorization-")) {
    return undecided("Give each authorizer as a KubeAuthorizerConfig, and delete the argument.");
  }
  if (/^(?:oidc-|authentication-config)/.test(key)) {
    return undecided("Write it into the configuration of a KubeAuthenticationConfig, and delete the argument.");
  }
  return becomes([kubeApiServerConfig.build({ extraArgs: { [key]: value } })]);
}

type Authorizers = NonNullable<ValueOf<"cluster.apiServer.authorizationConfig">>;

/** Up to 1.13, Talos itself puts those two first that are missing; the documents are all that there are. */
function authorizersOutcome(given: Authorizers, { whole }: Scope): Outcome {
  if (given.some((one) => valueAt(one, ["webhook", "connectionInfo", "kubeConfigFile"]) !== undefined)) {
    return withoutDocument("Use RBAC, or an admission policy: kube-apiserver cannot be given a file any more.");
  }
  if (whole) return becomes(withDefaults(given).map(authorizer));
  // The generated ones come first, unless they are written anew.
  const areGiven = given.some(({ type }) => type === "Node" || type === "RBAC");
  const generated = DEFAULT_AUTHORIZERS.map(({ name }) => ({ ...kubeAuthorizerConfig.deletion(), name }));
  return becomes(areGiven ? [...generated, ...withDefaults(given).map(authorizer)] : given.map(authorizer));
}

const DEFAULT_AUTHORIZERS = [
  { type: "Node", name: "node" },
  { type: "RBAC", name: "rbac" },
];

function withDefaults(given: Authorizers): Authorizers {
  const all = [...given];
  for (const [index, one] of DEFAULT_AUTHORIZERS.entries()) {
    if (!all.some(({ type }) => type === one.type)) all.splice(index, 0, one);
  }
  return all;
}

function authorizer({ name = "", ...one }: Authorizers[number]): TalosDocument {
  return { apiVersion: "v1alpha1", kind: "KubeAuthorizerConfig", name, ...one };
}

/** What Talos gives kube-apiserver without being asked, unless a KubeAPIServerConfig is there. */
export function apiServerWithoutDocuments(identities: readonly string[]): readonly TalosDocument[] {
  const has = (kind: string) => identities.some((identity) => identity.split("/")[0] === kind);
  return [
    ...(has("KubeAuthenticationConfig") ? [] : authentication(false, [])),
    ...(has("KubeAuthorizerConfig") ? [] : withDefaults([]).map(authorizer)),
  ];
}

type Cni = NonNullable<ValueOf<"cluster.network.cni">>;

function cniOutcome({ name = "", urls = [], flannel = {} }: Cni, { whole }: Scope): Outcome {
  if (name === "none" || name === "custom") {
    const manifests = name === "custom" ? urls.map((url) => manifestFrom(url)) : [];
    return whole && manifests.length === 0
      ? becomesNothing("without KubeFlannelCNIConfig there is no network plugin")
      : becomes([...(whole ? [] : [kubeFlannelCniConfig.deletion()]), ...manifests]);
  }
  return becomes([kubeFlannelCniConfig.build({ ...(whole ? FLANNEL : {}), ...flannel })]);
}

/** What Talos generates. */
export const FLANNEL = { backendType: "vxlan", backendPort: 4789 };

/** A name that follows from the address, so that manifests of several files do not share one. */
function manifestFrom(url: string, headers?: Readonly<Record<string, string>>): TalosDocument {
  const name = url
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  return kubeExternalManifestConfig.build({ name, url, headers });
}

/** What is in etcd can only be read with keys of the same names, and what was never encrypted only as it is. */
function encryptionOutcome(
  {
    secretboxEncryptionSecret: secretbox,
    aescbcEncryptionSecret: aescbc,
  }: { readonly secretboxEncryptionSecret?: string | undefined; readonly aescbcEncryptionSecret?: string | undefined },
  { whole }: Scope,
): Outcome {
  if (!whole && !secretbox) return undecided("Give the secretboxEncryptionSecret of the cluster in the same file.");
  const provider = (type: string, name: string, secret = "") =>
    secret === "" ? [] : [{ [type]: { keys: [{ name, secret }] } }];
  const providers = [
    ...provider("secretbox", "key2", secretbox),
    ...provider("aescbc", "key1", aescbc),
    { identity: {} },
  ];
  return becomes([
    // Merged, the generated key would stay the first.
    ...(whole ? [] : [kubeEtcdEncryptionConfig.deletion()]),
    kubeEtcdEncryptionConfig.build({ config: { resources: [{ providers, resources: ["secrets"] }] } }),
  ]);
}
