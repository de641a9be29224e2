import { hostnameMalformed } from "../../errors";
import { placesIn } from "../document";
import { hostnameConfig } from "../documents/hostname-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesNetworkDocuments } from "../releases";

/**
 * A fixed hostname, which is also the name of the Kubernetes node (TAL-2).
 *
 * Applied without a restart, but a node that is already registered stays in Kubernetes under its old name.
 *
 * @param name a DNS name in lower case whose first part has at most 63 characters.
 */
export function hostname(name: string): Intent {
  return {
    name: "hostname",
    documents: ({ contract }) => [
      usesNetworkDocuments(contract)
        ? hostnameConfig.build({ hostname: name, auto: "off" })
        : v1alpha1.build({ machine: { network: { hostname: name } } }),
    ],
    problems: (machine) => (NODE_NAME.test(name) ? [] : [hostnameMalformed(placesIn(machine, "hostname")(), name)]),
  };
}

/** What Kubernetes accepts; the length of the first part is left to the document. */
const NODE_NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
