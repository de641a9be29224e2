import { kubeNodeConfig } from "../documents/kube-node-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";
import type { Taint } from "../rules/node";

/**
 * Taints of the Kubernetes node, by key: `{ "nvidia.com/gpu": "true:NoSchedule" }`.
 *
 * A worker may set its taints only when it registers (T-38): on a node that is already in Kubernetes a change has no
 * effect until the node is deleted there and registers again; use `kubectl taint` or Terraform meanwhile.
 */
export function nodeTaints(taints: Readonly<Record<string, Taint>>): Intent {
  return {
    name: "nodeTaints",
    documents: ({ contract }) => [
      usesKubeDocuments(contract)
        ? kubeNodeConfig.build({ taints })
        : v1alpha1.build({ machine: { nodeTaints: taints } }),
    ],
  };
}
