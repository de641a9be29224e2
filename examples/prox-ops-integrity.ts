import type { App } from "cdktf";
import { KubernetesNamespace, KubernetesStack, type ProxmoxSite, type TalosCluster, TalosDrift } from "../index";

/** The namespace whose pods may read the Talos API. */
export const integrityNamespace = "integrity";

/** Each hour, whether the machines still are what they were made to be. */
export function proxOpsIntegrity(app: App, site: ProxmoxSite, cluster: TalosCluster): KubernetesStack {
  const stack = new KubernetesStack(app, "integrity", { site, kubeContext: "admin@prox-ops" });
  const { namespaceName: namespace, resource } = new KubernetesNamespace(stack, integrityNamespace);
  new TalosDrift(stack, "talos-drift", {
    namespace,
    cluster,
    image: `registry.example.com/talos-drift:v1.14.4@sha256:${"0123456789abcdef".repeat(4)}`,
    pushgateway: "http://prometheus-pushgateway.monitoring.svc:9091",
    runbooks: "https://git.example.com/infra/src/main/docs/talos-drift.md",
    dependsOn: [resource],
  });
  return stack;
}
