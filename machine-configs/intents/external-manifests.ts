import { intentNeedsContract, type Problem } from "../../errors";
import { type MachineTarget, placesIn } from "../document";
import { kubeExternalManifestConfig } from "../documents/kube-external-manifest-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";

/** Kubernetes objects that are somewhere else. */
export interface ExternalManifest {
  /** Where they are, with `http://` or `https://`. Name a release, so that they change only when you change it. */
  readonly url: string;
  /**
   * Headers of the request. Secret: pass tokens as Terraform values. Needs contract 1.14, since before they would be
   * sent to the servers of all manifests.
   *
   * @default - none
   */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Kubernetes objects that Talos fetches and applies, by a name of the manifest, when the cluster begins and when
 * Kubernetes is upgraded. The control planes have to reach the servers then. Nothing on workers.
 */
export function externalManifests(manifests: Readonly<Record<string, ExternalManifest>>): Intent {
  const named = Object.entries(manifests);
  return {
    name: "externalManifests",
    documents: ({ role, contract }) => {
      if (role === "worker") return [];
      return usesKubeDocuments(contract)
        ? named.map(([name, manifest]) => kubeExternalManifestConfig.build({ name, ...manifest }))
        : [v1alpha1.build({ cluster: { extraManifests: named.map(([, { url }]) => url) } })];
    },
    problems: (machine) => {
      // From contract 1.14 on these are the problems of the documents themselves.
      if (machine.role === "worker" || usesKubeDocuments(machine.contract)) return [];
      return named.flatMap(([name, manifest]) => manifestProblems(name, manifest, machine));
    },
  };
}

function manifestProblems(
  name: string,
  { url, headers }: ExternalManifest,
  machine: MachineTarget,
): readonly Problem[] {
  const at = placesIn(machine, "externalManifests");
  const document = kubeExternalManifestConfig.build({ name, url });
  const problems = [...kubeExternalManifestConfig.documentProblems(document, (...path) => at(name, ...path), machine)];
  if (headers !== undefined) {
    const remedy = "Leave the headers out, or use inlineManifests.";
    problems.push(
      intentNeedsContract(at(name, "headers"), "Headers of one manifest", "1.14", machine.contract, remedy),
    );
  }
  return problems;
}
