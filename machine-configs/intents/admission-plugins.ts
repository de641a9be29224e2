import { kubeAdmissionControlConfig } from "../documents/kube-admission-control-config";
import { kubeApiServerConfig } from "../documents/kube-api-server-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";

/** Plugins that are off unless they are enabled, or that take a configuration which needs no other file. */
export type AdmissionPlugin =
  | "AlwaysPullImages"
  | "DenyServiceExternalIPs"
  | "EventRateLimit"
  | "ExtendedResourceToleration"
  | "LimitPodHardAntiAffinityTopology"
  | "NamespaceAutoProvision"
  | "NamespaceExists"
  | "OwnerReferencesPermissionEnforcement"
  | "PodNodeSelector"
  | "PodSecurity"
  | "PodTolerationRestriction"
  | "ResourceQuota";

/**
 * Admission plugins of kube-apiserver, each with its configuration, or `{}` where it has none: they are enabled as well,
 * beside those that Kubernetes and Talos enable. Give all of them in one intent. kube-apiserver restarts on each control
 * plane; nothing on workers.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/
 */
export function admissionPlugins(
  plugins: Readonly<Partial<Record<AdmissionPlugin, Readonly<Record<string, unknown>>>>>,
): Intent {
  const configured = Object.entries(plugins).flatMap(([name, configuration]) =>
    Object.keys(configuration).length === 0 ? [] : [{ name, configuration }],
  );
  const extraArgs = { "enable-admission-plugins": Object.keys(plugins).sort().join(",") };
  return {
    name: "admissionPlugins",
    documents: ({ role, contract }) => {
      if (role === "worker") return [];
      if (!usesKubeDocuments(contract)) {
        const admissionControl = configured.length === 0 ? {} : { admissionControl: configured };
        return [v1alpha1.build({ cluster: { apiServer: { ...admissionControl, extraArgs } } })];
      }
      return [
        kubeApiServerConfig.build({ extraArgs }),
        ...configured.map((plugin) => kubeAdmissionControlConfig.build(plugin)),
      ];
    },
  };
}
