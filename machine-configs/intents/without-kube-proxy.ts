import { kubeProxyConfig } from "../documents/kube-proxy-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";

/**
 * No kube-proxy, for a network plugin that does its work, such as Cilium. Such a plugin cannot reach the Kubernetes API
 * by its service address before it runs: tell it KubePrism, `localhost:7445` on every machine. Nothing on workers.
 *
 * For new clusters: Talos does not remove kube-proxy where it runs already, so delete its DaemonSet there.
 */
export function withoutKubeProxy(): Intent {
  return {
    name: "withoutKubeProxy",
    documents: ({ role, contract }) => {
      if (role === "worker") return [];
      return [
        usesKubeDocuments(contract)
          ? kubeProxyConfig.build({ enabled: false })
          : v1alpha1.build({ cluster: { proxy: { disabled: true } } }),
      ];
    },
  };
}
