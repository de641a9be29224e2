import { kubeNodeConfig } from "../documents/kube-node-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";

/**
 * Lets ordinary pods run on control planes, as a cluster without workers needs it. For control planes only.
 *
 * Takes effect without a restart where Talos sets the taints itself; on a node that is already in Kubernetes remove
 * the taint `node-role.kubernetes.io/control-plane` with `kubectl taint`.
 */
export function schedulableControlPlanes(): Intent {
  return {
    name: "schedulableControlPlanes",
    documents: ({ role, contract }) => {
      if (role !== "controlplane") return [];
      return [
        usesKubeDocuments(contract)
          ? kubeNodeConfig.build({ taints: { "node-role.kubernetes.io/control-plane": { $patch: "delete" } } })
          : v1alpha1.build({ cluster: { allowSchedulingOnControlPlanes: true } }),
      ];
    },
  };
}
