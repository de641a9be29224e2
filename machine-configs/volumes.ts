/** How intents say on which disk a volume is, how large it is and how it is encrypted. */
import { fieldMissing, type Problem, wrongValue } from "../errors";
import type { At } from "./document";
import type { Exclusive } from "./exclusive";
import { urlParts } from "./rules/urls";

/** A size with its unit: `50GiB` is 50·2³⁰ bytes, `50GB` is 50·10⁹. */
export type VolumeSize = `${number}${"MiB" | "GiB" | "TiB" | "MB" | "GB" | "TB"}`;

/**
 * A largest size, or a part of the disk such as `80%` (Talos 1.12), or all but a size such as `-20GiB` (Talos 1.13).
 */
export type LargestSize = VolumeSize | `${number}%`;

/** The disk that a volume is made on: the one that Talos is installed on, or another one. */
export type VolumeDisk = "system" | OtherDisk;

export type OtherDisk = Exclusive<
  /** The serial that the disk has in Proxmox, at most 20 letters, digits, `-`, `_` and `.`. */
  | { readonly serial: string }
  /** An expression, such as `!system_disk` for any other disk that has the room. */
  | { readonly match: string }
>;

/** How large a partition may be. Counts when it is made: a change has no effect on one that exists, but for growth. */
export interface VolumeLimits {
  /** Room that the disk needs to have. @default - 2GiB for Talos' own volumes, 100MiB for others */
  readonly minSize?: VolumeSize;
  /** @default - all that is left of the disk */
  readonly maxSize?: LargestSize;
  /** Whether it grows with its disk, up to `maxSize`. @default - true for EPHEMERAL, false for others */
  readonly grow?: boolean;
}

/** Limits of which one is given, because Talos does not guess. */
export type VolumeSizes =
  | (Omit<VolumeLimits, "minSize"> & { readonly minSize: VolumeSize })
  | (Omit<VolumeLimits, "maxSize"> & { readonly maxSize: LargestSize });

type NodeIdKey = {
  /** Made from the VM's UUID: whoever has the disk alone cannot read it, whoever has the VM's configuration can. */
  readonly nodeID: Readonly<Record<string, never>>;
};

type StaticKey = {
  /** Kept in the configuration, so STATE has to be encrypted as well. The passphrase is a secret. */
  readonly static: { readonly passphrase: string };
};

type KmsKey = {
  /** Sealed by a server that the machine asks at every boot. */
  readonly kms: { readonly endpoint: `https://${string}` };
};

type TpmKey = {
  /** Sealed by the VM's TPM, which the VM needs to have, together with an image for secure boot. */
  readonly tpm: {
    /** Registers that the key is bound to, from 0 to 23; needs Talos 1.12. @default [7] - secure boot */
    readonly pcrs?: readonly number[];
    /** Whether no key is made as long as secure boot is off. @default false */
    readonly checkSecurebootStatusOnEnroll?: boolean;
  };
};

/** A key of an encrypted volume, by one method. */
export type EncryptionKey = Exclusive<NodeIdKey | StaticKey | KmsKey | TpmKey> & {
  /** Whether the volume can be read together with this machine's STATE only. @default false */
  readonly lockToState?: boolean;
};

/** A key of STATE, where a passphrase would lie beside it in clear. */
export type StateEncryptionKey = Exclusive<NodeIdKey | KmsKey | TpmKey>;

/**
 * Keys by their slot, from 0 to 31, any of which opens the volume. To replace a key, add the new one in another slot,
 * restart the machine, and then take the old one out.
 */
export type EncryptionKeys<Key = EncryptionKey> = Readonly<Record<number, Key>>;

/** Where a volume is and how large, as documents say it; nothing when nothing is said. */
export function provisioningOf({ disk, minSize, maxSize, grow }: VolumeLimits & { readonly disk?: VolumeDisk }) {
  if ([disk, minSize, maxSize, grow].every((given) => given === undefined)) return undefined;
  return { diskSelector: disk === undefined ? undefined : { match: expressionFor(disk) }, minSize, maxSize, grow };
}

function expressionFor(disk: VolumeDisk): string {
  if (disk === "system") return "system_disk";
  if (disk.match !== undefined) return disk.match;
  // Talos leaves `disk.serial` of SCSI disks empty, but the device has links with the serial.
  const links = [`scsi-0QEMU_QEMU_HARDDISK_${disk.serial}`, `virtio-${disk.serial}`];
  const linked = links.map((link) => `${JSON.stringify(`/dev/disk/by-id/${link}`)} in disk.symlinks`);
  return [...linked, `disk.serial == ${JSON.stringify(disk.serial)}`].join(" || ");
}

/** How a volume is encrypted, as documents say it. */
export function encryptionOf(keys: EncryptionKeys | undefined) {
  if (keys === undefined) return undefined;
  return {
    provider: "luks2" as const,
    keys: Object.entries(keys).map(([slot, { tpm, ...key }]) => ({
      slot: Number(slot),
      ...key,
      ...(tpm === undefined ? {} : { tpm: tpmOf(tpm) }),
    })),
  };
}

function tpmOf({ pcrs, ...tpm }: TpmKey["tpm"]) {
  return pcrs === undefined ? tpm : { ...tpm, options: { pcrs } };
}

/** What is wrong with the disk and the keys of a volume that documents would not reveal. */
export function volumeProblems(
  { disk, encryption }: { readonly disk?: VolumeDisk; readonly encryption?: EncryptionKeys | undefined },
  at: At,
): readonly Problem[] {
  return [...diskProblems(disk, at), ...keyProblems(encryption, (...path) => at("encryption", ...path))];
}

function diskProblems(disk: VolumeDisk | undefined, at: At): readonly Problem[] {
  if (disk === undefined || disk === "system" || disk.serial === undefined) return [];
  return /^[\w.-]{1,20}$/.test(disk.serial) ? [] : [wrongValue(at("disk", "serial"), disk.serial, A_SERIAL)];
}

const A_SERIAL = "a serial of 1 to 20 letters, digits, dots, - and _";

/** What is wrong with keys that documents would not reveal. */
export function keyProblems(keys: EncryptionKeys | undefined, at: At): readonly Problem[] {
  return Object.entries(keys ?? {}).flatMap(([slot, key]) => {
    const found: Problem[] = [];
    if (!/^(?:[12]?\d|3[01])$/.test(slot)) found.push(wrongValue(at(slot), slot, "a slot from 0 to 31"));
    if (key.static?.passphrase === "") found.push(fieldMissing(at(slot, "static", "passphrase"), "a passphrase"));
    if (key.kms !== undefined && !isHttps(key.kms.endpoint)) {
      found.push(wrongValue(at(slot, "kms", "endpoint"), key.kms.endpoint, A_SERVER));
    }
    return found;
  });
}

const A_SERVER = "an https:// URL, without which keys are sent in clear";

function isHttps(url: string): boolean {
  const parts = urlParts(url);
  return parts?.scheme === "https" && parts.host !== "";
}
