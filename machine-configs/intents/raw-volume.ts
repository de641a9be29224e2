import { placesIn } from "../document";
import { rawVolumeConfig } from "../documents/raw-volume-config";
import type { Intent } from "../intent";
import {
  type EncryptionKeys,
  encryptionOf,
  provisioningOf,
  type VolumeDisk,
  type VolumeSizes,
  volumeProblems,
} from "../volumes";

interface RawPartition {
  /** At most 34 letters, digits and hyphens. The partition has the label `r-<name>`; another name is another volume. */
  readonly name: string;
  readonly disk: VolumeDisk;
  /** Only a new volume is encrypted. @default - not encrypted */
  readonly encryption?: EncryptionKeys;
}

export type RawVolumeProps = RawPartition & VolumeSizes;

/**
 * A partition without a filesystem, for storage that brings its own, at `/dev/disk/by-partlabel/r-<name>`. Made without
 * a restart. Without the intent it stays until somebody wipes it.
 */
export function rawVolume(props: RawVolumeProps): Intent {
  const { name, encryption } = props;
  return {
    name: "rawVolume",
    documents: () => [
      rawVolumeConfig.build({ name, provisioning: provisioningOf(props), encryption: encryptionOf(encryption) }),
    ],
    problems: (machine) => volumeProblems(props, placesIn(machine, "rawVolume")),
  };
}
