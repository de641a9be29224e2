import { kubeletConfig } from "../documents/kubelet-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";

export interface KubeletProps {
  /**
   * Fields of the KubeletConfiguration, such as `{ serializeImagePulls: false, maxParallelImagePulls: 50 }` (TAL-8).
   * Parallel pulls need `serializeImagePulls: false`. Fields that Talos sets itself, such as `staticPodPath`, are
   * refused.
   *
   * @default - the kubelet's own
   * @see https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/
   */
  readonly config?: Readonly<Record<string, unknown>>;
  /**
   * Arguments without the leading dashes; a list repeats the argument. Prefer `config`, which Kubernetes prefers too.
   *
   * @default - none beyond those of Talos
   */
  readonly extraArgs?: Readonly<Record<string, string | readonly string[]>>;
}

/** Settings of the kubelet. Applied without a restart of the machine; the kubelet restarts, its pods do not. */
export function kubelet({ config, extraArgs }: KubeletProps): Intent {
  return {
    name: "kubelet",
    documents: ({ contract }) => [
      usesKubeDocuments(contract)
        ? kubeletConfig.build({ config, extraArgs })
        : v1alpha1.build({ machine: { kubelet: { extraConfig: config, extraArgs } } }),
    ],
  };
}
