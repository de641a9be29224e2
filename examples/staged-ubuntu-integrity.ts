import type { App } from "cdktf";
import { DriftDetection, FileIntegrity, KubernetesNamespace, KubernetesStack, type ProxmoxSite } from "../index";

/** What tells the nodes from those of Talos. The master, which is set up by hand, gets it by `kubectl label`. */
export const nodeLabels = { "example.com/os": "ubuntu" };

const driftImage = `registry.example.com/drift:1@sha256:${"0123456789abcdef".repeat(4)}`;
const aideImage = `registry.example.com/aide:0.19.1@sha256:${"0123456789abcdef".repeat(4)}`;

/** AIDE watches the files of the nodes, and Terraform what it has made. */
export function stagedUbuntuIntegrity(app: App, site: ProxmoxSite): KubernetesStack {
  const stack = new KubernetesStack(app, "integrity", { site, kubeContext: "kubernetes-admin@kubernetes" });
  new FileIntegrity(stack, "file-integrity", {
    image: aideImage,
    nodeSelector: nodeLabels,
    // When unattended-upgrades does its work.
    patchWindows: [{ from: "06:00", until: "07:30" }],
    brokenPolicies: [{ validatingPolicy: "disallow-host-path" }],
    runbooks: "https://docs.example.com/file-integrity",
  });
  drift(stack);
  return stack;
}

/** The look each morning at all that Terraform has made here, in 126 stacks of which each takes 22 s. */
function drift(stack: KubernetesStack): void {
  const { namespaceName: namespace, resource } = new KubernetesNamespace(stack, "drift");
  new DriftDetection(stack, "drift-detection", {
    namespace,
    image: driftImage,
    scale: { stacks: 126, secondsPerStack: 22, within: 1200 },
    repository: {
      url: "git@git.example.com:infra.git",
      deployKey: "infra-deploy-key",
      folder: "stacks",
      rules: "drift.json",
    },
    credentials: {
      from: "vault",
      address: "https://vault.example.com:8200",
      env: {
        PROXMOX_VE_API_TOKEN: { path: "secret/data/terraform/proxmox", key: "read_only_token" },
        AWS_ACCESS_KEY_ID: { path: "secret/data/terraform/state", key: "read_only_id" },
        AWS_SECRET_ACCESS_KEY: { path: "secret/data/terraform/state", key: "read_only_key" },
      },
      files: { kubeconfig: { path: "secret/data/terraform/kubernetes", key: "read_only_kubeconfig" } },
    },
    env: { KUBE_CONFIG_PATH: "/credentials/kubeconfig" },
    monitoring: {
      pushgateway: "http://prometheus-pushgateway.monitoring.svc:9091",
      runbooks: "https://docs.example.com/drift",
      fileIntegrity: true,
    },
    dependsOn: [resource],
  });
}
