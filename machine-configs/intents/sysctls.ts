import { sysctlConfig } from "../documents/sysctl-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesMachineDocuments } from "../releases";

/**
 * Kernel parameters, such as `{ "fs.inotify.max_user_watches": "1048576" }` (TAL-7). Values are strings, as the kernel
 * reads them. Applied without a restart; a parameter that is removed keeps its value until the next one.
 */
export function sysctls(params: Readonly<Record<string, string>>): Intent {
  return {
    name: "sysctls",
    documents: ({ contract }) => [
      usesMachineDocuments(contract)
        ? sysctlConfig.build({ params })
        : v1alpha1.build({ machine: { sysctls: params } }),
    ],
  };
}
