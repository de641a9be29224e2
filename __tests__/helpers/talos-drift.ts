import type { App } from "cdktf";
import { KubernetesNamespace, KubernetesStack, TalosDrift, type TalosDriftProps, talosApiAccess } from "../../index";
import { addCluster, type ClusterChanges } from "./clusters";

/** `talos-drift` in the stack `test-integrity`, of the cluster `lab` in `test-cluster`. */
export function addTalosDrift(app: App, changes: Partial<TalosDriftProps> = {}, clusterChanges: ClusterChanges = {}) {
  const namespace = "integrity";
  const access = talosApiAccess({ allowedRoles: ["os:reader"], allowedKubernetesNamespaces: [namespace] });
  const { site, cluster } = addCluster(app, { cluster: { intents: [access] }, ...clusterChanges });
  const stack = new KubernetesStack(app, "integrity", { site, kubeContext: "admin@lab" });
  const { resource } = new KubernetesNamespace(stack, namespace);
  const drift = new TalosDrift(stack, "talos-drift", {
    namespace,
    cluster,
    image: `registry.example.com/talos-drift:v1.14.4@sha256:${"0123456789abcdef".repeat(4)}`,
    pushgateway: "http://pushgateway.monitoring.svc:9091",
    runbooks: "https://docs.example.com/talos-drift",
    dependsOn: [resource],
    ...changes,
  });
  return { cluster, drift };
}
