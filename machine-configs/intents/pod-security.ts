import { type Problem, wrongValue } from "../../errors";
import { placesIn } from "../document";
import { kubeAdmissionControlConfig } from "../documents/kube-admission-control-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";
import { isNamespace } from "../rules/names";

/** How much a pod may do: everything, what needs no privileges, or what is best practice. */
export type PodSecurityLevel = "privileged" | "baseline" | "restricted";

export interface PodSecurityProps {
  /**
   * What pods are refused beyond.
   *
   * @default "baseline" - as Talos sets it
   */
  readonly enforce?: PodSecurityLevel;
  /**
   * What pods are noted in the audit log beyond.
   *
   * @default "restricted" - as Talos sets it
   */
  readonly audit?: PodSecurityLevel;
  /**
   * What users are warned beyond.
   *
   * @default "restricted" - as Talos sets it
   */
  readonly warn?: PodSecurityLevel;
  /**
   * Namespaces, beside `kube-system`, whose pods may do everything, such as those of storage.
   *
   * @default - none
   */
  readonly exemptNamespaces?: readonly string[];
}

/**
 * What pods may do in namespaces that do not say it themselves, by the labels `pod-security.kubernetes.io/…`.
 * kube-apiserver restarts on each control plane; nothing on workers.
 *
 * Several of these add their namespaces; `kube-system` is exempt already, and kube-apiserver would not start with it
 * listed twice, so it is left out here.
 */
export function podSecurity({ exemptNamespaces = [], ...defaults }: PodSecurityProps): Intent {
  const namespaces = [...new Set(exemptNamespaces)].filter((name) => name !== "kube-system");
  const configuration = {
    ...(Object.keys(defaults).length === 0 ? {} : { defaults }),
    ...(namespaces.length === 0 ? {} : { exemptions: { namespaces } }),
  };
  const plugin = { name: "PodSecurity", configuration };
  return {
    name: "podSecurity",
    documents: ({ role, contract }) => {
      if (role === "worker") return [];
      return [
        usesKubeDocuments(contract)
          ? kubeAdmissionControlConfig.build(plugin)
          : v1alpha1.build({ cluster: { apiServer: { admissionControl: [plugin] } } }),
      ];
    },
    problems: (machine) => {
      if (machine.role === "worker") return [];
      const at = placesIn(machine, "podSecurity");
      return exemptNamespaces.flatMap((name, index): readonly Problem[] =>
        isNamespace(name) ? [] : [wrongValue(at("exemptNamespaces", index), name, "the name of a namespace")],
      );
    },
  };
}
