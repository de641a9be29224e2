import { kernelModuleConfig } from "../documents/kernel-module-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKernelDocuments } from "../releases";

/**
 * Kernel modules to load, by name. They must be in the image: in Talos itself or in an extension of the schematic.
 * Loaded without a restart; removing one needs a restart.
 */
export function kernelModules(modules: readonly string[]): Intent {
  const named = modules.map((name) => ({ name }));
  return {
    name: "kernelModules",
    documents: ({ contract }) =>
      usesKernelDocuments(contract)
        ? named.map((module) => kernelModuleConfig.build(module))
        : [v1alpha1.build({ machine: { kernel: { modules: named } } })],
  };
}
