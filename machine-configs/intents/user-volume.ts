import { placesIn } from "../document";
import { userVolumeConfig } from "../documents/user-volume-config";
import type { Intent } from "../intent";
import {
  type EncryptionKeys,
  encryptionOf,
  type OtherDisk,
  provisioningOf,
  type VolumeDisk,
  type VolumeSizes,
  volumeProblems,
} from "../volumes";

interface Named {
  /**
   * At most 34 letters, digits and hyphens. The volume is mounted at `/var/mnt/<name>`; another name is another volume.
   */
  readonly name: string;
  /** Whether device files and setuid programs on it are ignored. Needs Talos 1.13. @default true */
  readonly secure?: boolean;
}

interface Formatted extends Named {
  /** btrfs needs Talos 1.14. A change has no effect on a volume that exists. @default "xfs" */
  readonly filesystem?: "xfs" | "ext4" | "btrfs";
  /** Only a new volume is encrypted. @default - not encrypted */
  readonly encryption?: EncryptionKeys;
}

interface Partition extends Formatted {
  /** @default "partition" */
  readonly type?: "partition";
  readonly disk: VolumeDisk;
}

interface WholeDisk extends Formatted {
  /** Needs Talos 1.12. */
  readonly type: "disk";
  /** Has to be the same disk at every boot. */
  readonly disk: OtherDisk;
}

interface Directory extends Named {
  /** A folder on EPHEMERAL, whose room and encryption it has. Needs Talos 1.12. */
  readonly type: "directory";
}

/** A partition with its size, a whole disk without a partition table, or a folder. */
export type UserVolumeProps = (Partition & VolumeSizes) | WholeDisk | Directory;

/**
 * A volume for data of pods, at `/var/mnt/<name>`, which the kubelet sees: point host paths and local storage classes
 * there. It takes the place of the kubelet's extra mounts (TAL-24, STO-4), which contract 1.14 does not have.
 *
 * Made without a restart. Without the intent it is no longer mounted, and its data stays until somebody wipes it.
 */
export function userVolume(props: UserVolumeProps): Intent {
  return {
    name: "userVolume",
    documents: () => [userVolumeConfig.build(documentOf(props))],
    problems: (machine) => (props.type === "directory" ? [] : volumeProblems(props, placesIn(machine, "userVolume"))),
  };
}

function documentOf(props: UserVolumeProps) {
  const { name, secure } = props;
  const mount = secure === undefined ? undefined : { secure };
  if (props.type === "directory") return { name, volumeType: props.type, mount };
  return {
    name,
    // What is the default is left out: Talos 1.11 does not have the field.
    volumeType: props.type === "disk" ? props.type : undefined,
    provisioning: provisioningOf(props),
    filesystem: props.filesystem === undefined ? undefined : { type: props.filesystem },
    encryption: encryptionOf(props.encryption),
    mount,
  };
}
