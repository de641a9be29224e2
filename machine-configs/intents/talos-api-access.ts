import { kubeTalosApiAccessConfig } from "../documents/kube-talos-api-access-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";
import type { TalosRole } from "../rules/api-access";

export interface TalosApiAccessProps {
  /** What pods may ask for, by a ServiceAccount of Talos: `os:reader` is enough for most. */
  readonly allowedRoles: readonly TalosRole[];
  /** Where such pods may run. */
  readonly allowedKubernetesNamespaces: readonly string[];
}

/**
 * Lets pods use the Talos API, as Talos' cloud controller manager and backups of etcd do. Several of these add their
 * roles and namespaces, and each namespace may ask for each role. Applied without a restart; nothing on workers.
 */
export function talosApiAccess(props: TalosApiAccessProps): Intent {
  return {
    name: "talosApiAccess",
    documents: ({ role, contract }) => {
      if (role === "worker") return [];
      return [
        usesKubeDocuments(contract)
          ? kubeTalosApiAccessConfig.build(props)
          : v1alpha1.build({ machine: { features: { kubernetesTalosAPIAccess: { enabled: true, ...props } } } }),
      ];
    },
  };
}
