import { kubeCoreDnsConfig } from "../documents/kube-core-dns-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";

/**
 * No CoreDNS from Talos, for a DNS of one's own at the same service address, the tenth of the service subnet. Nothing on
 * workers.
 *
 * For new clusters: Talos does not remove CoreDNS where it runs already, so delete its Deployment there.
 */
export function withoutCoreDns(): Intent {
  return {
    name: "withoutCoreDns",
    documents: ({ role, contract }) => {
      if (role === "worker") return [];
      return [
        usesKubeDocuments(contract)
          ? kubeCoreDnsConfig.build({ enabled: false })
          : v1alpha1.build({ cluster: { coreDNS: { disabled: true } } }),
      ];
    },
  };
}
