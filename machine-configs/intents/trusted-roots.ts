import { trustedRootsConfig } from "../documents/trusted-roots-config";
import type { Intent } from "../intent";

/**
 * Authorities that the whole machine trusts beside the public ones, in PEM, by a name of yours: `{ "lab-ca": pem }`.
 * They count for Talos, for pulls and for what Talos runs, and not inside of pods.
 *
 * Applied without a restart, but containerd and running services keep those that they started with.
 */
export function trustedRoots(certificates: Readonly<Record<string, string>>): Intent {
  return {
    name: "trustedRoots",
    documents: () =>
      Object.entries(certificates).map(([name, pem]) => trustedRootsConfig.build({ name, certificates: pem })),
  };
}
