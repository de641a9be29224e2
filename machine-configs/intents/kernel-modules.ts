import { kernelModuleConfig } from "../documents/kernel-module-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesMachineDocuments } from "../releases";

/** A kernel module with what it is told when it is loaded. */
export interface KernelModule {
  readonly name: string;
  /** Such as `usermode_helper=disabled`. A change counts when the module is loaded anew, which takes a restart. */
  readonly parameters: readonly string[];
}

/**
 * Kernel modules to load, by name, or with parameters: `["drbd_transport_tcp", { name: "drbd", parameters: [...] }]`.
 * They must be in the image: in Talos itself or in an extension of the schematic. Loaded without a restart; removing
 * one needs a restart.
 */
export function kernelModules(modules: readonly (string | KernelModule)[]): Intent {
  const named = modules.map((module) => (typeof module === "string" ? { name: module } : module));
  return {
    name: "kernelModules",
    documents: ({ contract }) =>
      usesMachineDocuments(contract)
        ? named.map((module) => kernelModuleConfig.build(module))
        : [v1alpha1.build({ machine: { kernel: { modules: named } } })],
  };
}
