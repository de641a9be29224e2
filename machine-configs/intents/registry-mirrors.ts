import { mirrorEndpointShared, mirrorWithoutEndpoint, type Problem } from "../../errors";
import { type At, placesIn } from "../document";
import { registryMirrorConfig } from "../documents/registry-mirror-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesNetworkDocuments } from "../releases";
import { registryHostProblems } from "../rules/registries";

/** Where the images of one registry are pulled from. */
export interface RegistryMirror {
  /** URLs with `http://` or `https://`, tried in order. A pull-through cache needs a port of its own per registry. */
  readonly endpoints: readonly string[];
  /**
   * Whether the endpoints' paths are complete, so that `/v2` is not added. Needed for registries that keep mirrors
   * under a path, such as Harbor.
   *
   * @default false
   */
  readonly overridePath?: boolean;
  /**
   * Whether the registry itself is not asked when no endpoint answers.
   *
   * @default false
   */
  readonly skipFallback?: boolean;
}

/**
 * Pulls images through mirrors (TAL-6), by the host that image names begin with, such as `docker.io`, or `*` for all
 * others. Applied without a restart.
 *
 * Two registries may not share an endpoint: a cache would answer for the wrong one.
 */
export function registryMirrors(mirrors: Readonly<Record<string, RegistryMirror>>): Intent {
  return {
    name: "registryMirrors",
    documents: ({ contract }) => {
      if (!usesNetworkDocuments(contract)) return [v1alpha1.build({ machine: { registries: { mirrors } } })];
      return Object.entries(mirrors).map(([name, { endpoints, overridePath, skipFallback }]) =>
        registryMirrorConfig.build({
          name,
          endpoints: endpoints.map((url) => (overridePath === undefined ? { url } : { url, overridePath })),
          skipFallback,
        }),
      );
    },
    problems: (machine) => mirrorProblems(mirrors, placesIn(machine, "registryMirrors")),
  };
}

/** What is wrong with mirrors, whatever pulls through them. @internal */
export function mirrorProblems(mirrors: Readonly<Record<string, RegistryMirror>>, at: At): readonly Problem[] {
  const hosts = Object.keys(mirrors).filter((registry) => registry !== "*");
  const problems: Problem[] = [...registryHostProblems(hosts, at)];
  const owners = new Map<string, string>();
  for (const [registry, { endpoints }] of Object.entries(mirrors)) {
    if (endpoints.length === 0) problems.push(mirrorWithoutEndpoint(at(registry, "endpoints"), registry));
    endpoints.forEach((endpoint, index) => {
      const url = endpoint.replace(/\/+$/, "");
      const owner = owners.get(url);
      if (owner === undefined) owners.set(url, registry);
      else problems.push(mirrorEndpointShared(at(registry, "endpoints", index), endpoint, owner, registry));
    });
  }
  return problems;
}
