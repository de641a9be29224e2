import type { Intent } from "../intent";
import { nvidiaNeedsBpfHardening } from "../releases";
import type { Extension } from "../schematic";
import { kernelModules } from "./kernel-modules";
import { nodeLabels } from "./node-labels";
import { nodeTaints } from "./node-taints";
import { sysctls } from "./sysctls";

export interface NvidiaDriverProps {
  /**
   * The driver's branch. Kernel modules and container toolkit are always of the same one.
   *
   * @default "production"
   */
  readonly driver?: "production" | "lts";
  /**
   * Which kernel modules: the open ones support Turing and later, the nonfree ones the cards before.
   *
   * @default "open"
   */
  readonly modules?: "open" | "nonfree";
  /**
   * Whether the node is labelled `gpu: "true"` (TAL-13).
   *
   * @default true
   */
  readonly label?: boolean;
  /**
   * Whether pods that do not tolerate `nvidia.com/gpu` are kept away, by the taint `nvidia.com/gpu=true:NoSchedule`
   * (TAL-14). Set at the node's registration only.
   *
   * @default true
   */
  readonly taint?: boolean;
}

/**
 * An NVIDIA GPU: the driver's kernel modules (TAL-12), which Talos does not load by itself, and the node's label and
 * taint. The driver comes with the image: see {@link nvidiaExtensions}.
 *
 * Writes no files: containerd learns about the GPU through CDI, which the toolkit extension prepares at boot. The
 * files that guides ask for (a runtime under `/var/cri/conf.d`, `no-cgroups`) are not read by Talos (T-1, T-2, TAL-19
 * to TAL-21). Talos up to 1.12 needs a hardened BPF compiler as well, which is set for it (T-6).
 *
 * Modules are loaded without a restart; removing them needs one.
 */
export function nvidiaDriver({ label = true, taint = true }: NvidiaDriverProps = {}): Intent {
  const parts = [kernelModules(["nvidia", "nvidia_uvm", "nvidia_drm", "nvidia_modeset"])];
  if (label) parts.push(nodeLabels({ gpu: "true" }));
  if (taint) parts.push(nodeTaints({ "nvidia.com/gpu": "true:NoSchedule" }));
  return {
    name: "nvidiaDriver",
    documents: (machine) => {
      const hardening = nvidiaNeedsBpfHardening(machine.talos) ? [sysctls({ "net.core.bpf_jit_harden": "1" })] : [];
      return [...parts, ...hardening].flatMap((part) => part.documents(machine));
    },
  };
}

/**
 * The two extensions that the image of a GPU machine needs (TAL-15): kernel modules and container toolkit of one
 * branch. Without versions, since the factory takes those of the Talos release (IMG-5).
 */
export function nvidiaExtensions(props: NvidiaDriverProps = {}): readonly Extension[] {
  const { driver = "production", modules = "open" } = props;
  return [
    modules === "open"
      ? `siderolabs/nvidia-open-gpu-kernel-modules-${driver}`
      : `siderolabs/nonfree-kmod-nvidia-${driver}`,
    `siderolabs/nvidia-container-toolkit-${driver}`,
  ];
}
