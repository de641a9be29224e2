import { placesIn } from "../document";
import { kubeControllerManagerConfig } from "../documents/kube-controller-manager-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";
import { type ArgumentsOfIntents, type ComponentProps, intentArgumentProblems, ownArguments } from "./component";

/** Settings of kube-controller-manager. It restarts on each control plane; nothing on workers. */
export function controllerManager({ extraArgs, resources }: ComponentProps): Intent {
  return {
    name: "controllerManager",
    documents: ({ role, contract }) => {
      if (role === "worker") return [];
      const fields = { extraArgs: ownArguments(extraArgs, OTHERS), resources };
      return [
        usesKubeDocuments(contract)
          ? kubeControllerManagerConfig.build(fields)
          : v1alpha1.build({ cluster: { controllerManager: fields } }),
      ];
    },
    problems: (machine) => {
      if (machine.role === "worker") return [];
      return intentArgumentProblems(
        "kube-controller-manager",
        extraArgs,
        OTHERS,
        placesIn(machine, "controllerManager"),
      );
    },
  };
}

const OTHERS: ArgumentsOfIntents = [
  [/^(?:cluster-cidr|service-cluster-ip-range|node-cidr-mask-size(?:-ipv[46])?)$/, "kubeNetwork"],
];
