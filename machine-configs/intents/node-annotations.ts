import { kubeNodeConfig } from "../documents/kube-node-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";

/**
 * Annotations of the Kubernetes node, such as `{ "node.longhorn.io/default-node-tags": '["fast"]' }`. Values are
 * strings. Applied without a restart.
 */
export function nodeAnnotations(annotations: Readonly<Record<string, string>>): Intent {
  return {
    name: "nodeAnnotations",
    documents: ({ contract }) => [
      usesKubeDocuments(contract)
        ? kubeNodeConfig.build({ annotations })
        : v1alpha1.build({ machine: { nodeAnnotations: annotations } }),
    ],
  };
}
