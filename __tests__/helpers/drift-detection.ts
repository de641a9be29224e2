import type { App } from "cdktf";
import {
  DriftDetection,
  type DriftDetectionProps,
  KubernetesNamespace,
  KubernetesStack,
  ProxmoxSite,
} from "../../index";

/** One that is right in everything; a test names what it changes. */
export const driftProps = {
  namespace: "monitoring",
  image: `registry.example.com/drift:1@sha256:${"0123456789abcdef".repeat(4)}`,
  scale: { stacks: 126, secondsPerStack: 22, shards: 4 },
  repository: { url: "git@git.example.com:infra.git", deployKey: "infra-deploy-key" },
} as const satisfies DriftDetectionProps;

/** Credentials of every form. */
export const driftCredentials = {
  nowhere: { from: "nowhere" },
  secret: {
    from: "secret",
    secret: "drift",
    env: { PROXMOX_VE_API_TOKEN: "proxmox" },
    files: { kubeconfig: "kubeconfig" },
  },
  vault: {
    from: "vault",
    address: "https://vault.example.com:8200",
    ca: "-----BEGIN CERTIFICATE-----\n",
    env: {
      AWS_ACCESS_KEY_ID: { path: "secret/data/state", key: "id" },
      AWS_SECRET_ACCESS_KEY: { path: "secret/data/state", key: "secret" },
    },
    files: { kubeconfig: { path: "secret/data/cluster", key: "kubeconfig" } },
    readsAlso: ["secret/data/infra/*"],
  },
} as const satisfies Readonly<Record<string, DriftDetectionProps["credentials"]>>;

export const driftMonitoring = {
  pushgateway: "http://pushgateway.monitoring:9091",
  runbooks: "https://docs.example.com/drift",
} as const;

/** `drift` in the stack `test-integrity`. */
export function addDriftDetection(app: App, changes: Partial<DriftDetectionProps> = {}): DriftDetection {
  const site = new ProxmoxSite("test", {
    endpoint: "https://pve.example.com:8006",
    hosts: ["pve1"],
    datastores: { local: {} },
  });
  const stack = new KubernetesStack(app, "integrity", { site, kubeContext: "admin@lab" });
  return new DriftDetection(stack, "drift", { ...driftProps, ...changes });
}

/** One with credentials of each form, in a namespace of theirs, with all that there can be around them. */
export function addDriftDetections(stack: KubernetesStack): void {
  const { namespaceName: namespace, resource } = new KubernetesNamespace(stack, "monitoring");
  for (const [name, credentials] of Object.entries(driftCredentials)) {
    new DriftDetection(stack, `drift-${name}`, {
      ...driftProps,
      namespace,
      credentials,
      monitoring: { ...driftMonitoring, fileIntegrity: true },
      volume: { storageClass: "ceph" },
      egress: ["10.0.20.0/24"],
      dependsOn: [resource],
    });
  }
}
