/** Forms of objects that are served no more, and what took their place (GATE-13). */
import { outdatedApi, type Problem } from "../errors";

export interface OutdatedApi {
  /** Group and version. */
  readonly apiVersion: string;
  /** The kinds that have left: others may be new in the same version. */
  readonly kinds: readonly string[];
  /** Who does not serve it any more, from which release on. */
  readonly goneFrom: string;
  /** Group and version in its place. */
  readonly now: string;
}

const workloads = ["DaemonSet", "Deployment", "ReplicaSet"];
const certManagerKinds = ["Certificate", "CertificateRequest", "ClusterIssuer", "Issuer"];
const certManagerVersions = ["v1alpha2", "v1alpha3", "v1beta1"];

/**
 * By Kubernetes' guide to deprecated APIs and the notes of External Secrets 0.16 and 0.17, cert-manager 1.7 and the
 * snapshot controller 6.0.
 */
export const outdatedApis: readonly OutdatedApi[] = [
  kubernetes("1.16", "extensions/v1beta1", "apps/v1", workloads),
  kubernetes("1.16", "extensions/v1beta1", "networking.k8s.io/v1", ["NetworkPolicy"]),
  kubernetes("1.16", "apps/v1beta1", "apps/v1", ["Deployment", "StatefulSet"]),
  kubernetes("1.16", "apps/v1beta2", "apps/v1", [...workloads, "StatefulSet"]),
  kubernetes("1.22", "extensions/v1beta1", "networking.k8s.io/v1", ["Ingress"]),
  kubernetes("1.22", "networking.k8s.io/v1beta1", "networking.k8s.io/v1", ["Ingress", "IngressClass"]),
  kubernetes("1.22", "admissionregistration.k8s.io/v1beta1", "admissionregistration.k8s.io/v1", [
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
  ]),
  kubernetes("1.22", "apiextensions.k8s.io/v1beta1", "apiextensions.k8s.io/v1", ["CustomResourceDefinition"]),
  kubernetes("1.22", "apiregistration.k8s.io/v1beta1", "apiregistration.k8s.io/v1", ["APIService"]),
  kubernetes("1.22", "certificates.k8s.io/v1beta1", "certificates.k8s.io/v1", ["CertificateSigningRequest"]),
  kubernetes("1.22", "coordination.k8s.io/v1beta1", "coordination.k8s.io/v1", ["Lease"]),
  kubernetes("1.22", "rbac.authorization.k8s.io/v1beta1", "rbac.authorization.k8s.io/v1", [
    "ClusterRole",
    "ClusterRoleBinding",
    "Role",
    "RoleBinding",
  ]),
  kubernetes("1.22", "scheduling.k8s.io/v1beta1", "scheduling.k8s.io/v1", ["PriorityClass"]),
  kubernetes("1.22", "storage.k8s.io/v1beta1", "storage.k8s.io/v1", ["CSIDriver", "CSINode", "StorageClass"]),
  kubernetes("1.25", "autoscaling/v2beta1", "autoscaling/v2", ["HorizontalPodAutoscaler"]),
  kubernetes("1.25", "batch/v1beta1", "batch/v1", ["CronJob"]),
  kubernetes("1.25", "discovery.k8s.io/v1beta1", "discovery.k8s.io/v1", ["EndpointSlice"]),
  kubernetes("1.25", "node.k8s.io/v1beta1", "node.k8s.io/v1", ["RuntimeClass"]),
  kubernetes("1.25", "policy/v1beta1", "policy/v1", ["PodDisruptionBudget"]),
  kubernetes("1.26", "autoscaling/v2beta2", "autoscaling/v2", ["HorizontalPodAutoscaler"]),
  kubernetes("1.27", "storage.k8s.io/v1beta1", "storage.k8s.io/v1", ["CSIStorageCapacity"]),
  ...(
    [
      ["1.26", "v1beta1"],
      ["1.29", "v1beta2"],
      ["1.32", "v1beta3"],
    ] as const
  ).map(([release, version]) =>
    kubernetes(release, `flowcontrol.apiserver.k8s.io/${version}`, "flowcontrol.apiserver.k8s.io/v1", [
      "FlowSchema",
      "PriorityLevelConfiguration",
    ]),
  ),
  ...(
    [
      ["0.16", "v1alpha1"],
      ["0.17", "v1beta1"],
    ] as const
  ).map(([release, version]) => ({
    apiVersion: `external-secrets.io/${version}`,
    kinds: ["ClusterExternalSecret", "ClusterSecretStore", "ExternalSecret", "SecretStore"],
    goneFrom: `External Secrets ${release}`,
    now: "external-secrets.io/v1",
  })),
  ...certManagerVersions.flatMap((version) => [
    certManager(`cert-manager.io/${version}`, "cert-manager.io/v1", certManagerKinds),
    certManager(`acme.cert-manager.io/${version}`, "acme.cert-manager.io/v1", ["Challenge", "Order"]),
  ]),
  {
    apiVersion: "snapshot.storage.k8s.io/v1beta1",
    kinds: ["VolumeSnapshot", "VolumeSnapshotClass", "VolumeSnapshotContent"],
    goneFrom: "the snapshot controller 6.0",
    now: "snapshot.storage.k8s.io/v1",
  },
];

/** What is outdated in data that holds objects, wherever in it they are, such as the values of a chart. */
export function outdatedApiProblems(where: string, data: unknown): readonly Problem[] {
  if (typeof data !== "object" || data === null) return [];
  const { apiVersion, kind, metadata, name } = data as Readonly<Record<string, unknown>>;
  const found = outdatedApis.find((one) => one.apiVersion === apiVersion && one.kinds.some((known) => known === kind));
  const inner = Object.values(data).flatMap((value) => outdatedApiProblems(where, value));
  if (found === undefined) return inner;
  const called = [nameIn(metadata), name].find((one) => typeof one === "string");
  const object = [kind, called].filter((word) => word !== undefined).join(" ");
  return [outdatedApi(where, object, found.apiVersion, found.goneFrom, found.now), ...inner];
}

function nameIn(metadata: unknown): unknown {
  return typeof metadata === "object" && metadata !== null && "name" in metadata ? metadata.name : undefined;
}

function kubernetes(release: string, apiVersion: string, now: string, kinds: readonly string[]): OutdatedApi {
  return { apiVersion, kinds, goneFrom: `Kubernetes ${release}`, now };
}

function certManager(apiVersion: string, now: string, kinds: readonly string[]): OutdatedApi {
  return { apiVersion, kinds, goneFrom: "cert-manager 1.7", now };
}
