import { manifestMalformed, type Problem } from "../../errors";
import { type MachineTarget, placesIn } from "../document";
import { kubeInlineManifestConfig } from "../documents/kube-inline-manifest-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";
import { manifestFault } from "../rules/manifests";

/**
 * Kubernetes objects that Talos applies, by a name of the manifest: YAML, of one object or several. Talos applies them
 * when the cluster begins and when Kubernetes is upgraded, so it is the place for what everything else needs first, such
 * as a network plugin. Nothing on workers.
 *
 * The text is in the machine configuration of each control plane: keep it small, and put no secrets into it.
 */
export function inlineManifests(manifests: Readonly<Record<string, string>>): Intent {
  const named = Object.entries(manifests);
  return {
    name: "inlineManifests",
    documents: ({ role, contract }) => {
      if (role === "worker") return [];
      return usesKubeDocuments(contract)
        ? named.map(([name, manifest]) => kubeInlineManifestConfig.build({ name, manifest }))
        : [v1alpha1.build({ cluster: { inlineManifests: named.map(([name, contents]) => ({ name, contents })) } })];
    },
    problems: (machine) =>
      machine.role === "worker" ? [] : named.flatMap(([name, manifest]) => manifestProblems(name, manifest, machine)),
  };
}

function manifestProblems(name: string, manifest: string, machine: MachineTarget): readonly Problem[] {
  const at = placesIn(machine, "inlineManifests");
  const fault = machine.isUnknown?.(manifest) ? undefined : manifestFault(manifest);
  const document = kubeInlineManifestConfig.build({ name, manifest });
  return [
    ...(fault === undefined ? [] : [manifestMalformed(at(name), fault)]),
    // From contract 1.14 on these are the problems of the document itself.
    ...(usesKubeDocuments(machine.contract)
      ? []
      : kubeInlineManifestConfig.documentProblems(document, (...path) => at(name, ...path), machine)),
  ];
}
