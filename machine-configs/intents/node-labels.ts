import { labelNotAllowed } from "../../errors";
import { placesIn } from "../document";
import { kubeNodeConfig } from "../documents/kube-node-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";
import { mayLabelItself } from "../rules/node";

/**
 * Labels of the Kubernetes node, such as `{ gpu: "true" }`. Applied without a restart.
 *
 * A worker labels itself, so Kubernetes refuses it most keys under `kubernetes.io` and `k8s.io`, roles among them
 * (T-38): set those from outside.
 */
export function nodeLabels(labels: Readonly<Record<string, string>>): Intent {
  return {
    name: "nodeLabels",
    documents: ({ contract }) => [
      usesKubeDocuments(contract)
        ? kubeNodeConfig.build({ labels })
        : v1alpha1.build({ machine: { nodeLabels: labels } }),
    ],
    problems: (machine) =>
      Object.keys(labels)
        .filter((key) => machine.role === "worker" && !mayLabelItself(key))
        .map((key) => labelNotAllowed(placesIn(machine, "nodeLabels")(key), key)),
  };
}
