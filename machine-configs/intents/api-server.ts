import { type Problem, wrongValue } from "../../errors";
import { placesIn } from "../document";
import { kubeApiServerConfig } from "../documents/kube-api-server-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";
import { A_CERTIFICATE_NAME, isCertificateName } from "../rules/names";
import { type ArgumentsOfIntents, type ComponentProps, intentArgumentProblems, ownArguments } from "./component";

export interface ApiServerProps extends ComponentProps {
  /**
   * More names and addresses for the certificate of the Kubernetes API, such as that of a load balancer. Those of the
   * endpoint (TAL-11) and of the control planes are in it already.
   *
   * @default - none
   */
  readonly certSANs?: readonly string[];
}

/**
 * Settings of kube-apiserver. It restarts on each control plane, also when only the value of an argument changes
 * (TAL-32); nothing on workers.
 *
 * Talos writes and mounts the files of kube-apiserver itself, so there are no extra volumes here (TAL-18, T-3).
 */
export function apiServer({ extraArgs, resources, certSANs = [] }: ApiServerProps): Intent {
  return {
    name: "apiServer",
    documents: ({ role, contract }) => {
      if (role === "worker") return [];
      const common = { extraArgs: ownArguments(extraArgs, OTHERS), resources };
      const names = certSANs.length === 0 ? undefined : certSANs;
      return [
        usesKubeDocuments(contract)
          ? kubeApiServerConfig.build({ ...common, certExtraSANs: names })
          : v1alpha1.build({ cluster: { apiServer: { ...common, certSANs: names } } }),
      ];
    },
    problems: (machine) => {
      if (machine.role === "worker") return [];
      const at = placesIn(machine, "apiServer");
      return [
        ...intentArgumentProblems("kube-apiserver", extraArgs, OTHERS, at),
        ...certSANs.flatMap((name, index): readonly Problem[] =>
          isCertificateName(name) ? [] : [wrongValue(at("certSANs", index), name, A_CERTIFICATE_NAME)],
        ),
      ];
    },
  };
}

const OTHERS: ArgumentsOfIntents = [
  [/^oidc-/, "oidc"],
  [/^audit-(?:policy-file|log-(?:path|maxage|maxbackup|maxsize))$/, "auditPolicy"],
  [/^(?:admission-control-config-file|enable-admission-plugins)$/, "admissionPlugins"],
  [/^authorization-(?:config|mode|webhook-.*)$/, "authorizers"],
  [/^encryption-provider-config$/, "etcdEncryption"],
  [/^service-cluster-ip-range$/, "kubeNetwork"],
];
