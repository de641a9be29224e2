import { placesIn } from "../document";
import { volumeConfig } from "../documents/volume-config";
import type { Intent } from "../intent";
import { type EncryptionKeys, encryptionOf, keyProblems, type StateEncryptionKey } from "../volumes";

export interface DiskEncryptionProps {
  /** Keys of STATE, which holds the machine configuration with its secrets. @default - not encrypted */
  readonly state?: EncryptionKeys<StateEncryptionKey>;
  /**
   * Keys of EPHEMERAL, which is `/var`: etcd, images, logs and what pods leave on the machine.
   *
   * @default - not encrypted
   */
  readonly ephemeral?: EncryptionKeys;
}

/**
 * Encrypts the partitions of the system disk. Only an empty partition is encrypted, so give it from the beginning: on a
 * running machine it does nothing until the partition is wiped, with all that is on it.
 *
 * A key that is added or removed counts after the machine's next restart.
 */
export function diskEncryption({ state, ephemeral }: DiskEncryptionProps): Intent {
  const volumes = [
    { name: "STATE", prop: "state", keys: state },
    { name: "EPHEMERAL", prop: "ephemeral", keys: ephemeral },
  ] as const;
  return {
    name: "diskEncryption",
    documents: () =>
      volumes.flatMap(({ name, keys }) =>
        keys === undefined ? [] : [volumeConfig.build({ name, encryption: encryptionOf(keys) })],
      ),
    problems: (machine) => {
      const at = placesIn(machine, "diskEncryption");
      return volumes.flatMap(({ prop, keys }) => keyProblems(keys, (...path) => at(prop, ...path)));
    },
  };
}
