import { placesIn } from "../document";
import { volumeConfig } from "../documents/volume-config";
import type { Intent } from "../intent";
import {
  type EncryptionKeys,
  encryptionOf,
  type LargestSize,
  type OtherDisk,
  provisioningOf,
  type VolumeDisk,
  type VolumeLimits,
  volumeProblems,
} from "../volumes";

interface Partition extends VolumeLimits {
  /**
   * Whether device files and setuid programs on it are ignored, and any program where there should be none: on
   * EPHEMERAL, ETCD and LOG. Needs Talos 1.13.
   *
   * @default - true for volumes with a partition of their own, and for EPHEMERAL from contract 1.14 on
   */
  readonly secure?: boolean;
}

interface EphemeralPartition extends Partition {
  /** `/var`. */
  readonly name: "EPHEMERAL";
  /** @default "system" */
  readonly disk?: VolumeDisk;
}

interface DedicatedPartition extends Partition {
  /**
   * What otherwise is a folder on EPHEMERAL: the data of etcd, containers and their images, the data of the kubelet,
   * logs. Needs Talos 1.14.
   */
  readonly name: "ETCD" | "CRI" | "KUBELET" | "LOG";
  /** @default - not encrypted */
  readonly encryption?: EncryptionKeys;
}

/** On the system disk a volume without a limit would leave no room for EPHEMERAL. */
export type SystemVolumeProps =
  | EphemeralPartition
  | (DedicatedPartition & { readonly disk: OtherDisk })
  | (Omit<DedicatedPartition, "maxSize"> & { readonly disk?: "system"; readonly maxSize: LargestSize });

/**
 * Where one of Talos' own volumes is and how large. EPHEMERAL takes all of the system disk unless it has a `maxSize`:
 * that is what makes room for other volumes there.
 *
 * Counts when the machine is installed. A later change of disk or size does nothing, and one that makes a folder a
 * partition, or the other way round, is refused by the machine. ETCD is nothing on workers.
 */
export function systemVolume(props: SystemVolumeProps): Intent {
  const { name, secure } = props;
  const encryption = "encryption" in props ? props.encryption : undefined;
  return {
    name: "systemVolume",
    documents: ({ role }) =>
      name === "ETCD" && role === "worker"
        ? []
        : [
            volumeConfig.build({
              name,
              provisioning: provisioningOf(props),
              encryption: encryptionOf(encryption),
              mount: secure === undefined ? undefined : { secure },
            }),
          ],
    problems: (machine) => volumeProblems(props, placesIn(machine, "systemVolume")),
  };
}
