import { diskEncryption, rawVolume, swap, systemVolume, userVolume } from "../../../machine-configs";
import type { Example } from "./example";

export const storage: readonly Example[] = [
  {
    title: "systemVolume",
    need: "room on the system disk, or another disk for `/var`",
    file: "system-volume",
    role: "worker",
    intent: () => systemVolume({ name: "EPHEMERAL", minSize: "20GiB", maxSize: "40GiB" }),
  },
  {
    title: "systemVolume, on a partition of its own",
    file: "system-volume-etcd",
    role: "controlplane",
    contracts: ["1.14"],
    intent: () =>
      systemVolume({ name: "ETCD", disk: { serial: "etcd" }, maxSize: "8GiB", encryption: { 0: { nodeID: {} } } }),
  },
  {
    title: "diskEncryption",
    need: "encryption of the system disk",
    file: "disk-encryption",
    role: "worker",
    intent: () =>
      diskEncryption({
        state: { 0: { tpm: { checkSecurebootStatusOnEnroll: true } } },
        ephemeral: {
          0: { tpm: {}, lockToState: true },
          1: { kms: { endpoint: "https://kms.example.com:4443" } },
        },
      }),
  },
  {
    title: "TAL-24, STO-4: userVolume",
    need: "a volume for data of pods",
    file: "user-volume",
    role: "worker",
    intent: () =>
      userVolume({ name: "local", disk: { match: "!system_disk" }, minSize: "100GiB", filesystem: "ext4", grow: true }),
  },
  {
    title: "TAL-24: userVolume, a whole disk",
    file: "user-volume-disk",
    role: "worker",
    contracts: ["1.12", "1.13", "1.14"],
    intent: () =>
      userVolume({ name: "scratch", type: "disk", disk: { serial: "scratch" }, encryption: { 0: { nodeID: {} } } }),
  },
  {
    title: "TAL-24: userVolume, a folder",
    file: "user-volume-directory",
    role: "worker",
    contracts: ["1.12", "1.13", "1.14"],
    intent: () => userVolume({ name: "cache", type: "directory" }),
  },
  {
    title: "rawVolume",
    need: "a partition without a filesystem",
    file: "raw-volume",
    role: "worker",
    intent: () => rawVolume({ name: "ceph", disk: { serial: "ceph" }, minSize: "100GiB", maxSize: "1.5TiB" }),
  },
  {
    title: "swap",
    need: "swap",
    file: "swap",
    role: "worker",
    intent: () =>
      swap({
        disk: { serial: "swap" },
        size: "4GiB",
        encryption: { 0: { nodeID: {} } },
        zswap: { maxPoolPercent: 20, shrinkerEnabled: true },
      }),
  },
];
