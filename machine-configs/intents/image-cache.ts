import { imageCacheConfig } from "../documents/image-cache-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesMachineDocuments } from "../releases";

/**
 * Pulls from the image cache that the machine booted with, before any registry is asked. The machine's disk image has
 * to be one that was built with a cache: without one, Talos waits for it at boot. Applied without a restart.
 */
export function imageCache(): Intent {
  return {
    name: "imageCache",
    documents: ({ contract }) => [
      usesMachineDocuments(contract)
        ? imageCacheConfig.build({ local: { enabled: true } })
        : v1alpha1.build({ machine: { features: { imageCache: { localEnabled: true } } } }),
    ],
  };
}
