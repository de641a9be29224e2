/** Moves of what makes the machine a node of a Kubernetes cluster. */
import type { TalosDocument } from "../document";
import { discoveryIdentityConfig } from "../documents/discovery-identity-config";
import { discoveryServiceConfig } from "../documents/discovery-service-config";
import { kubeApiServerCaConfig } from "../documents/kube-api-server-ca-config";
import { kubeClusterConfig } from "../documents/kube-cluster-config";
import { kubeNodeConfig } from "../documents/kube-node-config";
import { kubeServiceAccountConfig } from "../documents/kube-service-account-config";
import { kubeStaticPodConfig } from "../documents/kube-static-pod-config";
import { kubeTalosApiAccessConfig } from "../documents/kube-talos-api-access-config";
import { valueAt } from "../plain-data";
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

const KUBERNETES_REGISTRY = withoutDocument(
  "Set cluster.discovery.registries.kubernetes.disabled to true, and use the discovery service.",
);

const WITHOUT_DISCOVERY = { ...discoveryServiceConfig.deletion(), name: "default" };

export const nodeMoves: readonly Move[] = [
  rename("machine.kubelet.image", "KubeletConfig.image"),
  rename("machine.kubelet.extraArgs", "KubeletConfig.extraArgs"),
  rename("machine.kubelet.extraConfig", "KubeletConfig.config"),
  rename("machine.kubelet.clusterDNS", "KubeletConfig.clusterDNS"),
  rename("machine.kubelet.defaultRuntimeSeccompProfileEnabled", "KubeletConfig.defaultRuntimeSeccompProfileEnabled"),
  move("machine.kubelet.disableManifestsDirectory", ["KubeletConfig"], (disabled) =>
    disabled ? becomesNothing("it is always so") : withoutDocument("Give each static pod as a KubeStaticPodConfig."),
  ),
  remains(
    "machine.kubelet.extraMounts",
    withoutDocument("Keep the data in a UserVolumeConfig, which is mounted below /var/mnt, or in /var."),
    { since: "1.14" },
  ),
  rename("machine.kubelet.credentialProviderConfig", "KubeCredentialProviderConfig.configuration"),
  rename("machine.kubelet.nodeIP", "KubeNodeConfig.nodeIP"),
  rename("machine.kubelet.registerWithFQDN", "KubeNodeConfig.registerWithFQDN"),
  rename("machine.kubelet.skipNodeRegistration", "KubeNodeConfig.skipNodeRegistration"),
  rename("machine.nodeLabels", "KubeNodeConfig.labels"),
  rename("machine.nodeAnnotations", "KubeNodeConfig.annotations"),
  rename("machine.nodeTaints", "KubeNodeConfig.taints"),
  move("cluster.allowSchedulingOnControlPlanes", ["KubeNodeConfig"], schedulingOutcome),
  move("cluster.allowSchedulingOnMasters", ["KubeNodeConfig"], schedulingOutcome),
  move("machine.pods.*", ["KubeStaticPodConfig"], (pod) => {
    const part = (key: string) => {
      const text = valueAt(pod, ["metadata", key]);
      return typeof text === "string" ? text : "default";
    };
    return becomes([kubeStaticPodConfig.build({ name: `${part("namespace")}-${part("name")}`, pod })]);
  }),
  rename("cluster.clusterName", "KubeClusterConfig.clusterName"),
  move(
    "cluster.controlPlane.endpoint",
    ["KubeClusterConfig", "KubeServiceAccountConfig"],
    (endpoint, { whole, role }) =>
      becomes([
        kubeClusterConfig.build({ endpoint }),
        // The section names the issuer of service accounts as well; beside the document, the generator did.
        ...(whole || role === "worker" ? [] : [kubeServiceAccountConfig.build({ issuer: { issuerURL: endpoint } })]),
      ]),
  ),
  rename("cluster.network.dnsDomain", "KubeNetworkConfig.dnsDomain"),
  rename("cluster.network.podSubnets", "KubeNetworkConfig.podSubnets"),
  rename("cluster.network.serviceSubnets", "KubeNetworkConfig.serviceSubnets"),
  move("cluster.ca", ["KubeAPIServerCAConfig"], ({ crt, key }, { whole, role }) => {
    if (key) return becomes([kubeApiServerCaConfig.build({ issuingCA: { cert: pem(crt), key: pem(key) } })]);
    if (role === "controlplane") return undecided("Give the certificate together with its key.");
    // The section replaces the generated authority; merging would add to it.
    return becomes([
      ...(whole ? [] : [kubeApiServerCaConfig.deletion()]),
      kubeApiServerCaConfig.build({ acceptedCAs: [pem(crt)] }),
    ]);
  }),
  move("cluster.acceptedCAs", ["KubeAPIServerCAConfig"], (authorities) =>
    becomes([kubeApiServerCaConfig.build({ acceptedCAs: authorities.map(({ crt }) => pem(crt)) })]),
  ),
  moveFields("cluster", ["id", "secret"], ["DiscoveryIdentityConfig"], ({ id = "", secret = "" }, scope) =>
    scope.whole && usesKubernetesRegistry(scope)
      ? KUBERNETES_REGISTRY
      : becomes([discoveryIdentityConfig.build({ clusterID: id, clusterSecret: secret })]),
  ),
  move("cluster.discovery", ["DiscoveryServiceConfig"], discoveryOutcome, {
    deletion: () => WITHOUT_DISCOVERY,
  }),
  move(
    "machine.features.kubernetesTalosAPIAccess",
    ["KubeTalosAPIAccessConfig"],
    ({ enabled, ...access }, { whole }) => {
      if (enabled) return becomes([kubeTalosApiAccessConfig.build(access)]);
      if (whole) return becomesNothing("it is off, as it is without KubeTalosAPIAccessConfig");
      return enabled === undefined
        ? undecided("Say whether it is enabled: the document by itself turns it on.")
        : becomes([kubeTalosApiAccessConfig.deletion()]);
    },
  ),
];

const CONTROL_PLANE = "node-role.kubernetes.io/control-plane";

function schedulingOutcome(allowed: boolean, { whole, role }: Scope): Outcome {
  if (role === "worker") return becomesNothing("workers have no such taint");
  // Of a whole configuration the taint is written or left out with the rest of the document.
  if (whole) return becomes([kubeNodeConfig.build({})]);
  return becomes([
    kubeNodeConfig.build({ taints: { [CONTROL_PLANE]: allowed ? { $patch: "delete" } : "NoSchedule" } }),
  ]);
}

/** What Talos gives a control plane without being asked, unless a KubeNodeConfig says it. */
export function nodeOfControlPlane({ root: { cluster = {} } }: Pick<Scope, "root">): TalosDocument {
  const schedulable = cluster.allowSchedulingOnControlPlanes || cluster.allowSchedulingOnMasters;
  return kubeNodeConfig.build({
    labels: { [CONTROL_PLANE]: "" },
    ...(schedulable ? {} : { taints: { [CONTROL_PLANE]: "NoSchedule" } }),
  });
}

const DISCOVERY = "https://discovery.talos.dev/";

function discoveryOutcome(given: NonNullable<ValueOf<"cluster.discovery">>, scope: Scope): Outcome {
  if (usesKubernetesRegistry(scope)) return KUBERNETES_REGISTRY;
  const { enabled = !scope.whole, registries: { service = {} } = {} } = given;
  if (!enabled || service.disabled) {
    return scope.whole
      ? becomesNothing("it is off, as it is without DiscoveryServiceConfig")
      : becomes([WITHOUT_DISCOVERY]);
  }
  return becomes([discoveryServiceConfig.build({ name: "default", endpoint: service.endpoint || DISCOVERY })]);
}

/** The members are in Kubernetes as well; a whole configuration has to turn that off, and a patch to turn it on. */
function usesKubernetesRegistry({
  root: { cluster: { discovery: { enabled, registries = {} } = {} } = {} },
  whole,
}: Scope): boolean {
  const { disabled = !whole } = registries.kubernetes ?? {};
  return !disabled && (enabled ?? !whole);
}
