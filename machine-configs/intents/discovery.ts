import { discoveryServiceConfig } from "../documents/discovery-service-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesMachineDocuments } from "../releases";

export type DiscoveryProps =
  | {
      /** Off: no machine knows of the others. KubeSpan needs it, and KubePrism then knows only the cluster's endpoint. */
      readonly enabled: false;
      readonly endpoint?: never;
    }
  | {
      readonly enabled?: true;
      /** URL of a service of one's own, such as `https://discovery.example.com/`. */
      readonly endpoint: string;
    };

/** The service that is generated. */
const SERVICE = "default";

/**
 * How the machines of a cluster find each other: by a service on the internet that is Sidero Labs' own, which sees
 * encrypted data only, unless this says otherwise. Applied without a restart.
 */
export function discovery({ enabled = true, endpoint }: DiscoveryProps): Intent {
  return {
    name: "discovery",
    documents: ({ contract }) => {
      if (usesMachineDocuments(contract)) {
        return [
          endpoint === undefined
            ? discoveryServiceConfig.deletion(SERVICE)
            : discoveryServiceConfig.build({ name: SERVICE, endpoint }),
        ];
      }
      const registries = endpoint === undefined ? undefined : { service: { endpoint } };
      return [v1alpha1.build({ cluster: { discovery: { enabled, registries } } })];
    },
  };
}
