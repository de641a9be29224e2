import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";

export interface ExternalCloudProviderProps {
  /**
   * URLs of manifests that Talos fetches and applies, such as those of the cloud controller manager.
   *
   * @default - none
   */
  readonly manifests?: readonly string[];
}

/**
 * Leaves it to a cloud controller manager to say what a node is, such as the one for Proxmox, which gives nodes the
 * labels of their region and zone (TAL-26). For every machine of a cluster, in the same form in every contract. The
 * kubelet restarts.
 *
 * New nodes keep the taint `node.cloudprovider.kubernetes.io/uninitialized` until the controller has seen them: without
 * one, no pod runs there.
 */
export function externalCloudProvider({ manifests = [] }: ExternalCloudProviderProps = {}): Intent {
  return {
    name: "externalCloudProvider",
    documents: ({ role }) => {
      const applied = role === "worker" || manifests.length === 0 ? {} : { manifests };
      return [v1alpha1.build({ cluster: { externalCloudProvider: { enabled: true, ...applied } } })];
    },
  };
}
