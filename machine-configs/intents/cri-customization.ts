import { criCustomizationConfig } from "../documents/cri-customization-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesMachineDocuments } from "../releases";
import { CRI_PART } from "../rules/containerd";

export interface CriCustomizationProps {
  /** A name of yours, at most 63 letters, digits, `-`, `_` and `.`; parts are merged in the order of their names. */
  readonly name: string;
  /** A part of containerd's configuration, in TOML, with the names that plugins have in containerd 2 (T-2). */
  readonly content: string;
}

/**
 * Settings of containerd, the runtime of the pods, such as its metrics or NRI plugins. Up to contract 1.13 a machine
 * has one such part, in the one file outside of `/var` that Talos lets be made (T-1, TAL-19).
 *
 * From Talos 1.14 on a change restarts containerd, and no pod; before, it restarts the machine.
 */
export function criCustomization({ name, content }: CriCustomizationProps): Intent {
  return {
    name: "criCustomization",
    documents: ({ contract }) => [
      usesMachineDocuments(contract)
        ? criCustomizationConfig.build({ name, content })
        : v1alpha1.build({ machine: { files: [{ path: CRI_PART, op: "create", permissions: 0o644, content }] } }),
    ],
  };
}
