/**
 * What Talos' generator writes for a contract and role, with made-up secrets: the ground on which a patch is judged when
 * nobody gives the configuration that it is for. Never part of a machine's configuration.
 */
import { parseAllDocuments } from "yaml";
import { type MachineRole, renderDocuments, type TalosDocument } from "./document";
import { type Contract, isAtLeast, releases } from "./releases";

/** The text of a generated configuration. */
export function generatedConfiguration(contract: Contract, role: MachineRole): string {
  return renderDocuments(generatedDocuments(contract, role));
}

/** What the generator is told of the cluster. */
export interface Cluster {
  readonly name: string;
  /** URL of the Kubernetes API. */
  readonly endpoint: string;
  /** The Kubernetes release, such as `1.37.1`. */
  readonly kubernetes: string;
}

/** The same as data, for a made-up cluster or a given one. */
export function generatedDocuments(
  contract: Contract,
  role: MachineRole,
  cluster: Cluster = { name: "example", endpoint: ENDPOINT, kubernetes: newestKubernetes(contract) },
): readonly TalosDocument[] {
  return isAtLeast(contract, "1.14") ? documents(role, cluster) : sections(contract, role, cluster);
}

/** Whether a text is one that every cluster has a value of its own for: a key, a token or an identity. */
export function isMadeUp(text: string): boolean {
  return [SECRET, TOKEN, PAIR.cert, PAIR.key, base64(PAIR.cert), base64(PAIR.key)].includes(text);
}

/** Whether a text is a whole configuration rather than a patch: it says what the machine is, and in which cluster. */
export function isComplete(text: string): boolean {
  return parseAllDocuments(text, { logLevel: "silent" }).some((document) => {
    const has = (path: readonly string[]) => document.hasIn(path);
    return !has(["kind"]) && has(["machine", "type"]) && has(["machine", "token"]) && has(["cluster"]);
  });
}

/** Up to contract 1.13: nearly all in the v1alpha1 document. */
function sections(contract: Contract, role: MachineRole, cluster: Cluster): readonly TalosDocument[] {
  const isControlPlane = role === "controlplane";
  const root = {
    ...ROOT,
    machine: {
      ...machineIdentity(role),
      kubelet: {
        image: image("ghcr.io/siderolabs/kubelet", cluster),
        defaultRuntimeSeccompProfileEnabled: true,
        disableManifestsDirectory: true,
      },
      ...(isAtLeast(contract, "1.13") ? {} : { network: {} }),
      install: { disk: "/dev/sda", wipe: false, ...(isAtLeast(contract, "1.12") ? { grubUseUKICmdline: true } : {}) },
      features: {
        ...(isAtLeast(contract, "1.12") ? {} : { rbac: true, stableHostname: true, apidCheckExtKeyUsage: true }),
        diskQuotaSupport: true,
        kubePrism: { enabled: true, port: 7445 },
        hostDNS: { enabled: true, forwardKubeDNSToHost: true },
      },
      ...(isControlPlane ? { nodeLabels: { [WITHOUT_LOAD_BALANCERS]: "" } } : {}),
    },
    cluster: {
      id: SECRET,
      secret: SECRET,
      controlPlane: { endpoint: cluster.endpoint },
      clusterName: cluster.name,
      network: NETWORK,
      token: TOKEN,
      ca: encodedPair(isControlPlane),
      discovery: { enabled: true, registries: { kubernetes: { disabled: true }, service: {} } },
      ...(isControlPlane ? controlPlaneSections(contract, cluster) : {}),
    },
  };
  return isAtLeast(contract, "1.12") ? [root, HOSTNAME] : [root];
}

/** What the machine is and what it proves it by: the same in all contracts. */
function machineIdentity(role: MachineRole) {
  return { type: role, token: TOKEN, ca: encodedPair(role === "controlplane"), certSANs: [] };
}

function controlPlaneSections(contract: Contract, cluster: Cluster) {
  return {
    secretboxEncryptionSecret: SECRET,
    aggregatorCA: encodedPair(true),
    serviceAccount: { key: encodedPair(true).key },
    apiServer: {
      image: image("registry.k8s.io/kube-apiserver", cluster),
      ...(isAtLeast(contract, "1.12")
        ? {}
        : { certSANs: [new URL(cluster.endpoint).hostname], disablePodSecurityPolicy: true }),
      admissionControl: [{ name: "PodSecurity", configuration: POD_SECURITY }],
      auditPolicy: AUDIT_POLICY,
    },
    controllerManager: { image: image("registry.k8s.io/kube-controller-manager", cluster) },
    proxy: { image: image("registry.k8s.io/kube-proxy", cluster) },
    scheduler: { image: image("registry.k8s.io/kube-scheduler", cluster) },
    etcd: { ca: encodedPair(true) },
  };
}

/** From contract 1.14 on: nearly all in documents. */
function documents(role: MachineRole, cluster: Cluster): readonly TalosDocument[] {
  const isControlPlane = role === "controlplane";
  const root = {
    ...ROOT,
    machine: {
      ...machineIdentity(role),
      features: { diskQuotaSupport: true },
    },
    cluster: { token: TOKEN, ...(isControlPlane ? { etcd: { ca: encodedPair(true) } } : {}) },
  };
  const labels = { [CONTROL_PLANE]: "", [WITHOUT_LOAD_BALANCERS]: "" };
  const node = isControlPlane ? { labels, taints: { [CONTROL_PLANE]: "NoSchedule" } } : {};
  return [
    root,
    of("DiscoveryServiceConfig", { name: "default", endpoint: "https://discovery.talos.dev/" }),
    of("DiscoveryIdentityConfig", { clusterID: SECRET, clusterSecret: SECRET }),
    of("UnattendedInstallConfig", {
      installer: {},
      provisioning: { diskSelector: { match: 'disk.dev_path == "/dev/sda"' }, wipe: false },
    }),
    of("ResolverConfig", { hostDNS: { enabled: true, forwardKubeDNSToHost: true } }),
    of("VolumeConfig", { name: "EPHEMERAL", mount: { secure: true } }),
    of("FilesystemTrimConfig", { interval: "168h0m0s" }),
    of("SecurityProfileConfig", { workloadIsolation: true }),
    HOSTNAME,
    of("KubeClusterConfig", { clusterName: cluster.name, endpoint: cluster.endpoint }),
    of("KubeNodeConfig", { nodeIP: {}, ...node }),
    of("KubeletConfig", {
      image: image("ghcr.io/siderolabs/kubelet", cluster),
      config: {},
      defaultRuntimeSeccompProfileEnabled: true,
    }),
    of("KubeNetworkConfig", NETWORK),
    of("KubeAPIServerCAConfig", isControlPlane ? { issuingCA: PAIR } : { acceptedCAs: [PAIR.cert] }),
    of("KubePrismConfig", { port: 7445 }),
    ...(isControlPlane ? controlPlaneDocuments(cluster) : []),
  ];
}

function controlPlaneDocuments(cluster: Cluster): readonly TalosDocument[] {
  const component = (name: string) => image(`registry.k8s.io/kube-${name}`, cluster);
  const paths = ["/livez", "/readyz", "/healthz"].map((path) => ({ path }));
  const keys = [{ name: "key2", secret: SECRET }];
  return [
    of("KubeAggregatorCAConfig", { issuingCA: PAIR }),
    of("KubeAdmissionControlConfig", { name: "PodSecurity", configuration: POD_SECURITY }),
    of("KubeAuditPolicyConfig", { configuration: AUDIT_POLICY }),
    of("KubeAuthenticationConfig", { configuration: { anonymous: { enabled: true, conditions: paths }, jwt: [] } }),
    of("KubeAuthorizerConfig", { name: "node", type: "Node" }),
    of("KubeAuthorizerConfig", { name: "rbac", type: "RBAC" }),
    of("KubeEtcdEncryptionConfig", {
      config: { resources: [{ providers: [{ secretbox: { keys } }], resources: ["secrets"] }] },
    }),
    of("KubeServiceAccountConfig", { issuer: { privateKey: PAIR.key, issuerURL: cluster.endpoint } }),
    of("KubeAPIServerConfig", { image: component("apiserver") }),
    of("KubeControllerManagerConfig", { image: component("controller-manager") }),
    of("KubeSchedulerConfig", { image: component("scheduler"), config: {} }),
    of("KubeProxyConfig", { image: component("proxy"), config: {} }),
    of("KubeFlannelCNIConfig", { backendType: "vxlan", backendPort: 4789 }),
    of("KubeCoreDNSConfig", { enabled: true }),
  ];
}

function of(kind: string, fields: Readonly<Record<string, unknown>>): TalosDocument {
  return { apiVersion: "v1alpha1", kind, ...fields };
}

function image(name: string, { kubernetes }: Cluster): string {
  return `${name}:v${kubernetes}`;
}

/** The newest Kubernetes that the contract's Talos accepts. */
function newestKubernetes(contract: Contract): string {
  const [, newest] = releases[contract].kubernetes;
  return `${newest}.0`;
}

const ROOT = { version: "v1alpha1", debug: false, persist: true };
const ENDPOINT = "https://10.0.0.10:6443";
const TOKEN = "abcdef.0123456789abcdef";
const SECRET = Buffer.from("made up, and never used".padEnd(32, ".")).toString("base64");
const CONTROL_PLANE = "node-role.kubernetes.io/control-plane";
const WITHOUT_LOAD_BALANCERS = "node.kubernetes.io/exclude-from-external-load-balancers";
const NETWORK = { dnsDomain: "cluster.local", podSubnets: ["10.244.0.0/16"], serviceSubnets: ["10.96.0.0/12"] };
const HOSTNAME: TalosDocument = of("HostnameConfig", { auto: "stable" });

const AUDIT_POLICY = { apiVersion: "audit.k8s.io/v1", kind: "Policy", rules: [{ level: "Metadata" }] };

const POD_SECURITY = {
  apiVersion: "pod-security.admission.config.k8s.io/v1alpha1",
  kind: "PodSecurityConfiguration",
  defaults: {
    audit: "restricted",
    "audit-version": "latest",
    enforce: "baseline",
    "enforce-version": "latest",
    warn: "restricted",
    "warn-version": "latest",
  },
  exemptions: { namespaces: ["kube-system"], runtimeClasses: [], usernames: [] },
};

/** Texts of the form of a certificate and its key; neither is one. */
const PAIR = { cert: pem("CERTIFICATE"), key: pem(["EC", "PRIVATE", "KEY"].join(" ")) };

function pem(label: string): string {
  return `-----BEGIN ${label}-----\n${SECRET}\n-----END ${label}-----\n`;
}

/** A worker gets no key. */
function encodedPair(withKey: boolean) {
  return { crt: base64(PAIR.cert), key: withKey ? base64(PAIR.key) : "" };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
