import { placesIn } from "../document";
import { swapVolumeConfig } from "../documents/swap-volume-config";
import { zswapConfig } from "../documents/zswap-config";
import type { Intent } from "../intent";
import {
  type EncryptionKeys,
  encryptionOf,
  provisioningOf,
  type VolumeDisk,
  type VolumeSize,
  volumeProblems,
} from "../volumes";
import { kubelet } from "./kubelet";

/** Compressed memory, which pages go to before they go to the disk. */
export interface ZswapProps {
  /** Percent of the memory that it may take. */
  readonly maxPoolPercent: number;
  /** Whether pages that nobody asks for go on to the disk. @default - as the kernel does */
  readonly shrinkerEnabled?: boolean;
}

export interface SwapProps {
  readonly disk: VolumeDisk;
  readonly size: VolumeSize;
  /** Keys, without which parts of memory lie on the disk in clear. @default - not encrypted */
  readonly encryption?: EncryptionKeys;
  /** @default - no compressed memory */
  readonly zswap?: ZswapProps;
  /**
   * Whether pods may swap: those whose memory request is below their limit. Needs Kubernetes 1.30. A change restarts
   * the kubelet.
   *
   * @default true
   */
  readonly pods?: boolean;
  /** What tells it from a second swap volume. @default "swap" */
  readonly name?: string;
}

/** A swap partition, made and taken into use without a restart. Without the intent it is no longer used, and stays. */
export function swap({ disk, size, encryption, zswap, pods = true, name = "swap" }: SwapProps): Intent {
  // Talos makes 100MiB of a volume without a largest size.
  const provisioning = provisioningOf({ disk, minSize: size, maxSize: size });
  const use = pods ? [kubelet({ config: { memorySwap: { swapBehavior: "LimitedSwap" } } })] : [];
  return {
    name: "swap",
    documents: (machine) => [
      swapVolumeConfig.build({ name, provisioning, encryption: encryptionOf(encryption) }),
      ...(zswap === undefined ? [] : [zswapConfig.build({ ...zswap })]),
      ...use.flatMap((intent) => intent.documents(machine)),
    ],
    problems: (machine) => volumeProblems({ disk, encryption }, placesIn(machine, "swap")),
  };
}
