import type { App } from "cdktf";
import { FileIntegrity, KubernetesStack, type ProxmoxSite } from "../index";

/** What tells the nodes from those of Talos. The master, which is set up by hand, gets it by `kubectl label`. */
export const nodeLabels = { "example.com/os": "ubuntu" };

const aideImage = `registry.example.com/aide:0.19.1@sha256:${"0123456789abcdef".repeat(4)}`;

/** AIDE watches the files of the nodes. */
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
  return stack;
}
