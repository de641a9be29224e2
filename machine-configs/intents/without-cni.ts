import { kubeFlannelCniConfig } from "../documents/kube-flannel-cni-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";

/**
 * No network plugin from Talos, which would be Flannel: for Cilium or another one that is installed afterwards. Until
 * then nodes are not ready. Nothing on workers.
 *
 * For new clusters: Talos does not remove Flannel where it runs already, so delete its DaemonSet there.
 */
export function withoutCni(): Intent {
  return {
    name: "withoutCni",
    documents: ({ role, contract }) => {
      if (role === "worker") return [];
      return [
        usesKubeDocuments(contract)
          ? kubeFlannelCniConfig.deletion()
          : v1alpha1.build({ cluster: { network: { cni: { name: "none" } } } }),
      ];
    },
  };
}
