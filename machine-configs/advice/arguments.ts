/** Arguments of Kubernetes components whose values Talos puts beside its own, where one would expect the opposite. */
import { argumentAdded } from "../../errors";
import { identityOf, kindOf, type Path, ROOT_KIND, type TalosDocument } from "../document";
import type { Component } from "../rules/arguments";
import type { PlacedProblem } from "../rules/conflicts";
import { entriesAt } from "./fields";

interface Additions {
  readonly component: Component;
  readonly kind: string;
  readonly section: Path;
  readonly names: readonly string[];
}

const ADDED: readonly Additions[] = [
  {
    component: "kube-apiserver",
    kind: "KubeAPIServerConfig",
    section: ["cluster", "apiServer"],
    names: ["authorization-mode", "service-cluster-ip-range"],
  },
  {
    component: "kube-controller-manager",
    kind: "KubeControllerManagerConfig",
    section: ["cluster", "controllerManager"],
    names: ["controllers", "service-cluster-ip-range"],
  },
];

/** Values that come on top of those of Talos. */
export function addedArguments(documents: readonly TalosDocument[]): readonly PlacedProblem[] {
  return ADDED.flatMap(({ component, kind, section, names }) =>
    documents.flatMap((document) => {
      const identity = identityOf(document);
      if (kindOf(document) !== kind && kindOf(document) !== ROOT_KIND) return [];
      const path = [...(kindOf(document) === ROOT_KIND ? section : []), "extraArgs"];
      return entriesAt(document, path)
        .filter(([name]) => names.includes(name))
        .map(([name, value]) => ({
          identity,
          path: [...path, name],
          problem: argumentAdded(identity, name, value, component),
        }));
    }),
  );
}
