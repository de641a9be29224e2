import {
  admissionPlugins,
  apiServer,
  auditPolicy,
  authorizers,
  controllerManager,
  etcd,
  etcdEncryption,
  externalCloudProvider,
  externalManifests,
  inlineManifests,
  kubelet,
  kubeNetwork,
  kubeProxy,
  nodeAnnotations,
  nodeLabels,
  nodeTaints,
  oidc,
  podSecurity,
  schedulableControlPlanes,
  scheduler,
  talosApiAccess,
  withoutCni,
  withoutCoreDns,
  withoutKubeProxy,
} from "../../../machine-configs";
import { certificate } from "../machines";
import type { Example } from "./example";

const provider = { issuerUrl: "https://id.example.com/application/o/kubernetes/", clientId: "kubernetes" };

/** As long as a key, and none. */
const key = Buffer.alloc(32).toString("base64");

export const kubernetes: readonly Example[] = [
  {
    title: "TAL-8: kubelet",
    need: "settings of the kubelet",
    file: "kubelet",
    role: "worker",
    intent: () =>
      kubelet({
        config: { serializeImagePulls: false, maxParallelImagePulls: 50 },
        extraArgs: { "rotate-server-certificates": "true" },
      }),
  },
  {
    title: "kubelet on a machine with several networks",
    file: "kubelet-network",
    role: "worker",
    intent: () => kubelet({ clusterDNS: ["169.254.20.10"], nodeIPValidSubnets: ["10.20.66.0/23", "!10.20.66.20"] }),
  },
  {
    title: "TAL-24: kubelet with a directory for local volumes",
    file: "kubelet-mounts",
    role: "worker",
    contracts: ["1.11", "1.12", "1.13"],
    intent: () => kubelet({ extraMounts: [{ source: "/var/lib/openebs" }] }),
  },
  {
    title: "nodeLabels",
    need: "labels of the node",
    file: "node-labels",
    role: "worker",
    intent: () => nodeLabels({ "topology.kubernetes.io/zone": "baldar", tier: "1" }),
  },
  {
    title: "TAL-26: nodeLabels by which Proxmox CSI finds the host of a machine",
    file: "node-labels-topology",
    role: "worker",
    intent: () => nodeLabels({ "topology.kubernetes.io/region": "home", "topology.kubernetes.io/zone": "baldar" }),
  },
  {
    title: "nodeAnnotations",
    need: "annotations of the node",
    file: "node-annotations",
    role: "worker",
    intent: () => nodeAnnotations({ "node.longhorn.io/default-node-tags": '["fast"]' }),
  },
  {
    title: "nodeTaints",
    need: "taints of the node",
    file: "node-taints",
    role: "worker",
    intent: () => nodeTaints({ dedicated: "storage:NoSchedule", drained: "NoExecute" }),
  },
  {
    title: "schedulableControlPlanes",
    need: "pods on control planes",
    file: "schedulable-control-planes",
    role: "controlplane",
    intent: () => schedulableControlPlanes(),
  },
  {
    title: "TAL-16: oidc",
    need: "users from OpenID Connect",
    file: "oidc",
    role: "controlplane",
    intent: () => oidc({ ...provider, usernameClaim: "email", groupsClaim: "groups" }),
  },
  {
    title: "oidc with everything",
    file: "oidc-full",
    role: "controlplane",
    intent: () => oidc({ ...provider, groupsClaim: "groups", groupsPrefix: "sso:", caPem: certificate }),
  },
  {
    title: "TAL-17, T-3: auditPolicy",
    need: "an audit log",
    file: "audit-policy",
    role: "controlplane",
    intent: () =>
      auditPolicy({
        omitStages: ["RequestReceived"],
        rules: [
          { level: "None", nonResourceURLs: ["/healthz*", "/livez*", "/readyz*"] },
          { level: "Metadata", resources: [{ group: "", resources: ["secrets", "configmaps"] }] },
          { level: "RequestResponse", verbs: ["create", "update", "patch", "delete"] },
          { level: "Metadata" },
        ],
        logMaxAgeDays: 7,
        logMaxBackups: 3,
        logMaxSizeMegabytes: 100,
      }),
  },
  {
    title: "CNI-1: withoutCni",
    need: "another network plugin than Flannel",
    file: "without-cni",
    role: "controlplane",
    intent: () => withoutCni(),
  },
  {
    title: "podSecurity",
    need: "what pods may do",
    file: "pod-security",
    role: "controlplane",
    intent: () => podSecurity({ enforce: "restricted", exemptNamespaces: ["longhorn-system", "monitoring"] }),
  },
  {
    title: "admissionPlugins",
    need: "admission plugins",
    file: "admission-plugins",
    role: "controlplane",
    intent: () =>
      admissionPlugins({
        EventRateLimit: {
          apiVersion: "eventratelimit.admission.k8s.io/v1alpha1",
          kind: "Configuration",
          limits: [{ type: "Server", qps: 50, burst: 100 }],
        },
        AlwaysPullImages: {},
      }),
  },
  {
    title: "authorizers",
    need: "a webhook that authorizes",
    file: "authorizers",
    role: "controlplane",
    contracts: ["1.11", "1.12", "1.13"],
    intent: () =>
      authorizers({
        "policy.example.com": {
          kubeconfig: "apiVersion: v1\nkind: Config\n",
          failurePolicy: "NoOpinion",
          matchConditions: ["has(request.resourceAttributes)"],
        },
      }),
  },
  {
    title: "etcd",
    need: "etcd's network and arguments",
    file: "etcd",
    role: "controlplane",
    intent: () =>
      etcd({
        advertisedSubnets: ["10.20.66.0/23"],
        listenSubnets: ["10.20.66.0/23", "!10.20.66.20"],
        extraArgs: { "quota-backend-bytes": "8589934592" },
      }),
  },
  {
    title: "etcdEncryption",
    need: "a key of one's own for secrets in etcd",
    file: "etcd-encryption",
    role: "controlplane",
    intent: () => etcdEncryption({ keys: [{ secret: key }] }),
  },
  {
    title: "etcdEncryption while its key is rotated",
    file: "etcd-encryption-rotation",
    role: "controlplane",
    contracts: ["1.14"],
    intent: () =>
      etcdEncryption({
        keys: [{ name: "2026-11", secret: key }, { secret: key }],
        resources: ["secrets", "configmaps"],
      }),
  },
  {
    title: "CNI-1: withoutKubeProxy",
    need: "no kube-proxy",
    file: "without-kube-proxy",
    role: "controlplane",
    intent: () => withoutKubeProxy(),
  },
  {
    title: "kubeProxy",
    need: "settings of kube-proxy",
    file: "kube-proxy",
    role: "controlplane",
    intent: () => kubeProxy({ mode: "nftables", metricsBindAddress: "0.0.0.0:10249" }),
  },
  {
    title: "withoutCoreDns",
    need: "another DNS than CoreDNS",
    file: "without-core-dns",
    role: "controlplane",
    intent: () => withoutCoreDns(),
  },
  {
    title: "kubeNetwork",
    need: "the networks of pods and services",
    file: "kube-network",
    role: "worker",
    intent: () =>
      kubeNetwork({
        podSubnets: ["10.42.0.0/16", "fd00:42::/56"],
        serviceSubnets: ["10.43.0.0/16", "fd00:43::/112"],
        dnsDomain: "k8s.example.com",
        nodeCIDRMaskSizeIPv4: 25,
      }),
  },
  {
    title: "TAL-11, TAL-32: apiServer",
    need: "kube-apiserver's names, arguments and resources",
    file: "api-server",
    role: "controlplane",
    intent: () =>
      apiServer({
        certSANs: ["k8s.example.com", "10.20.66.20"],
        extraArgs: { "event-ttl": "24h", "goaway-chance": "0.001" },
        resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { memory: "4Gi" } },
      }),
  },
  {
    title: "controllerManager",
    need: "kube-controller-manager's arguments and resources",
    file: "controller-manager",
    role: "controlplane",
    intent: () =>
      controllerManager({ extraArgs: { "bind-address": "0.0.0.0" }, resources: { requests: { cpu: "100m" } } }),
  },
  {
    title: "scheduler",
    need: "kube-scheduler's configuration, arguments and resources",
    file: "scheduler",
    role: "controlplane",
    intent: () =>
      scheduler({
        config: {
          profiles: [
            {
              schedulerName: "default-scheduler",
              pluginConfig: [{ name: "NodeResourcesFit", args: { scoringStrategy: { type: "MostAllocated" } } }],
            },
          ],
        },
        extraArgs: { "bind-address": "0.0.0.0" },
        resources: { requests: { cpu: "50m", memory: "128Mi" } },
      }),
  },
  {
    title: "inlineManifests",
    need: "objects that Kubernetes begins with",
    file: "inline-manifests",
    role: "controlplane",
    intent: () =>
      inlineManifests({
        "namespace-ci": "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ci\n",
        "namespace-lab": "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: lab\n",
      }),
  },
  {
    title: "externalManifests",
    need: "objects from somewhere else",
    file: "external-manifests",
    role: "controlplane",
    intent: () =>
      externalManifests({ "cert-approver": { url: "https://charts.example.com/cert-approver/v0.9.0/install.yaml" } }),
  },
  {
    title: "externalManifests with headers",
    file: "external-manifests-headers",
    role: "controlplane",
    contracts: ["1.14"],
    intent: () =>
      externalManifests({ storage: { url: "https://git.example.com/storage.yaml", headers: { Accept: "text/yaml" } } }),
  },
  {
    title: "talosApiAccess",
    need: "the Talos API for pods",
    file: "talos-api-access",
    role: "controlplane",
    intent: () => talosApiAccess({ allowedRoles: ["os:reader"], allowedKubernetesNamespaces: ["kube-system"] }),
  },
  {
    title: "TAL-26: externalCloudProvider",
    need: "a cloud controller manager",
    file: "external-cloud-provider",
    role: "worker",
    intent: () => externalCloudProvider({ manifests: ["https://charts.example.com/proxmox-ccm/v0.9.0.yaml"] }),
  },
];
