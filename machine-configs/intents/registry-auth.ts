import { placesIn } from "../document";
import { registryAuthConfig } from "../documents/registry-auth-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Exclusive } from "../exclusive";
import type { Intent } from "../intent";
import { usesNetworkDocuments } from "../releases";
import { registryHostProblems } from "../rules/registries";

/** How a machine identifies itself to a registry. Password, token and `auth` are secrets. */
export type RegistryAuth = Exclusive<
  | { readonly username: string; readonly password: string }
  | { readonly identityToken: string }
  /** `username:password` in base64. */
  | { readonly auth: string }
>;

/**
 * Logins of registries, by the host that is asked, with its port if it has one: of a mirror that is the mirror's. They
 * count for every pull on the machine, so prefer a pull secret of Kubernetes for what only some pods may pull.
 *
 * containerd reads logins when it starts. From Talos 1.14 on a change restarts containerd, and no pod; before, restart
 * the machine.
 */
export function registryAuth(logins: Readonly<Record<string, RegistryAuth>>): Intent {
  return {
    name: "registryAuth",
    documents: ({ contract }) => {
      const hosts = Object.entries(logins);
      if (usesNetworkDocuments(contract)) {
        return hosts.map(([name, login]) => registryAuthConfig.build({ name, ...login }));
      }
      const config = Object.fromEntries(hosts.map(([host, auth]) => [host, { auth }]));
      return [v1alpha1.build({ machine: { registries: { config } } })];
    },
    problems: (machine) => registryHostProblems(Object.keys(logins), placesIn(machine, "registryAuth")),
  };
}
