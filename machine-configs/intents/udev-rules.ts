import { udevRulesConfig } from "../documents/udev-rules-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesMachineDocuments } from "../releases";

/**
 * Rules by which device files get names, groups and permissions, one text each:
 * `SUBSYSTEM=="drm", KERNEL=="renderD*", GROUP="44", MODE="0660"`. They stay in their order.
 *
 * Applied without a restart from Talos 1.14 on; before, a change restarts the machine.
 */
export function udevRules(rules: readonly string[]): Intent {
  return {
    name: "udevRules",
    documents: ({ contract }) => [
      usesMachineDocuments(contract)
        ? udevRulesConfig.build({ rules })
        : v1alpha1.build({ machine: { udev: { rules } } }),
    ],
  };
}
