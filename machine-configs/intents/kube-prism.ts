import { kubePrismConfig } from "../documents/kube-prism-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";

export type KubePrismProps =
  | {
      /** Off: everything on the machine uses the cluster's endpoint. */
      readonly enabled: false;
      readonly port?: never;
    }
  | {
      readonly enabled?: true;
      /** The port on `localhost`. Whatever was told the generated one, 7445, has to follow. */
      readonly port: number;
    };

/**
 * The way to the Kubernetes API that every machine has on `localhost`, which goes to a control plane that answers. It
 * is on unless it is turned off. Applied without a restart.
 */
export function kubePrism({ enabled = true, port }: KubePrismProps): Intent {
  return {
    name: "kubePrism",
    documents: ({ contract }) => {
      const kubePrism = { enabled, port };
      if (!usesKubeDocuments(contract)) return [v1alpha1.build({ machine: { features: { kubePrism } } })];
      return [enabled ? kubePrismConfig.build({ port }) : kubePrismConfig.deletion()];
    },
  };
}
