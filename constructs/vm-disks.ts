import { type TerraformResource, Token } from "cdktf";
import type { IConstruct } from "constructs";
import {
  diskOnOtherHost,
  iothreadWithoutSingle,
  malformedImport,
  malformedSerial,
  type Problem,
  unusableDiskSlot,
} from "../errors";
import type { VirtualEnvironmentVm, VirtualEnvironmentVmDisk } from "../providers/proxmox/virtual-environment-vm";
import type { KeptDisk } from "./kept-disk";
import { given } from "./private/given";
import { boundsProblems } from "./private/numbers";
import type { ProxmoxSite } from "./proxmox-site";

/** The disk that the machine boots from, at `scsi0`. */
export interface SystemDisk<Datastore extends string = string> {
  /** Where it is stored; needs the content type `images`. Another datastore moves it, which restarts the VM. */
  readonly datastore: Datastore;

  /** Size in GiB. It can grow, without a restart; Proxmox cannot shrink it. */
  readonly sizeGiB: number;

  /**
   * Disk image it begins as: `<datastore>:import/<file>`. Read at creation only; a change does nothing.
   *
   * @default - none: only for a VM that exists
   */
  readonly importFrom?: string;

  /**
   * The resource that puts the image there, in this stack or another. A change does nothing.
   *
   * @default - the image is there already
   */
  readonly importAfter?: TerraformResource;
}

/** How a disk is attached. */
export interface DiskOptions {
  /**
   * Serial number that the guest sees, at most 20 characters: `/dev/disk/by-id/…` has it. Changed while the VM runs; the
   * guest sees it after its next start.
   *
   * @default - none
   */
  readonly serial?: string;

  /** Whether backups of the VM have it. Changed while the VM runs. @default true */
  readonly backup?: boolean;

  /** Whether replication jobs of the VM have it. Changed while the VM runs. @default true */
  readonly replicate?: boolean;

  /** Whether the datastore learns what the guest frees. Changed while the VM runs. @default true */
  readonly discard?: boolean;

  /** How the host caches it. Changed while the VM runs. @default "none" */
  readonly cache?: "none" | "writethrough" | "writeback" | "directsync" | "unsafe";
}

/** A disk of the VM's own: it is destroyed with the VM, also when the VM is replaced. */
export interface OwnDisk<Datastore extends string = string> {
  /** Where it is stored; needs the content type `images`. Another datastore moves it, which restarts the VM. */
  readonly datastore: Datastore;

  /** Size in GiB. It can grow, without a restart; Proxmox cannot shrink it. */
  readonly sizeGiB: number;
  readonly kept?: never;
}

/** A disk that the VM only uses: it stays when the VM is destroyed or replaced. */
export interface AttachedDisk {
  /** The disk. Another one in its place detaches this one while the VM runs. */
  readonly kept: KeptDisk;
  readonly datastore?: never;
  readonly sizeGiB?: never;
}

/** A disk beside the system disk. */
export type DataDisk<Datastore extends string = string> = DiskOptions & (OwnDisk<Datastore> | AttachedDisk);

/** What the guest is told about the medium: an SSD, unless it says otherwise. */
interface Medium {
  /** Whether the guest takes it for an SSD. Changed while the VM runs. @default true */
  readonly ssd?: boolean;
}

/** Who works for the disk on the host. */
interface Thread {
  /** Whether it has a thread of its own on the host. Changed while the VM runs. @default false */
  readonly iothread?: boolean;
}

type Numbers<Last extends number, Found extends number[] = []> = Found["length"] extends Last
  ? Found[number] | Last
  : Numbers<Last, [...Found, Found["length"]]>;

/**
 * Data disks by the slot that they are in. The slot is what tells them apart: a disk in another slot is another disk,
 * and the old one is detached and left behind as `unused…`.
 */
export type DataDisks<Datastore extends string = string> = {
  readonly [Slot in `scsi${Exclude<Numbers<30>, 0>}`]?: DataDisk<Datastore> & Medium;
} & { readonly [Slot in `virtio${Numbers<15>}`]?: DataDisk<Datastore> & Thread } & {
  readonly [Slot in `sata${Numbers<5>}`]?: DataDisk<Datastore> & Medium;
};

/** The disks of a VM. */
export interface Disks<Datastore extends string = string> {
  readonly disk: SystemDisk<NoInfer<Datastore>>;

  /**
   * Disks beside the system disk, by slot: `scsi1`, `virtio0`, `sata5`. One is added while the VM runs; one that is
   * taken out is detached while it runs, and stays on the datastore as an unused disk of the VM.
   *
   * @default - none
   */
  readonly dataDisks?: DataDisks<NoInfer<Datastore>> | undefined;
}

/** @internal */
export function disksConfig({ disk, dataDisks = {} }: Disks): VirtualEnvironmentVmDisk[] {
  const system = {
    interface: "scsi0",
    datastoreId: disk.datastore,
    size: disk.sizeGiB,
    discard: "on",
    ssd: true,
    cache: "none",
    ...given({ importFromAttribute: disk.importFrom }),
  };
  return [system, ...bySlot(dataDisks).map(([slot, dataDisk]) => dataDiskConfig(slot, dataDisk))];
}

/** A data disk of any slot. */
type AnyDisk = DataDisk & Medium & Thread;

/** In the order of their slots, so that the order in the code changes nothing. @internal */
export function bySlot(dataDisks: DataDisks): (readonly [slot: string, disk: AnyDisk])[] {
  return Object.entries<AnyDisk | undefined>(dataDisks)
    .flatMap(([slot, disk]) => (disk === undefined ? [] : [[slot, disk] as const]))
    .sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
}

function dataDiskConfig(slot: string, disk: AnyDisk): VirtualEnvironmentVmDisk {
  const { serial, backup, replicate, iothread, discard = true, cache = "none", ssd = true } = disk;
  return {
    interface: slot,
    ...(disk.kept === undefined ? { datastoreId: disk.datastore, size: disk.sizeGiB } : disk.kept.attachment()),
    discard: discard ? "on" : "ignore",
    cache,
    // Virtio has no such flag.
    ...(slot.startsWith("virtio") ? {} : { ssd }),
    ...given({ serial, backup, replicate, iothread }),
  };
}

/** What is wrong with the disks of a VM on a host. @internal */
export function diskProblems(vm: IConstruct, host: string, site: ProxmoxSite, { disk, dataDisks = {} }: Disks) {
  const where = vm.node.path;
  return [
    ...site.datastoreProblems(vm, disk.datastore, "images"),
    ...boundsProblems(where, [["disk.sizeGiB", disk.sizeGiB, 1]]),
    ...(disk.importFrom === undefined ||
    Token.isUnresolved(disk.importFrom) ||
    /^[\w.-]+:import\/[^/\s]+$/.test(disk.importFrom)
      ? []
      : [malformedImport(where, disk.importFrom)]),
    ...bySlot(dataDisks).flatMap(([slot, dataDisk]): Problem[] => [
      ...(isSlot(slot) ? [] : [unusableDiskSlot(where, slot)]),
      ...(dataDisk.kept === undefined
        ? [
            ...site.datastoreProblems(vm, dataDisk.datastore, "images"),
            ...boundsProblems(where, [[`dataDisks.${slot}.sizeGiB`, dataDisk.sizeGiB, 1]]),
          ]
        : keptDiskProblems(where, host, slot, dataDisk.kept)),
      ...serialProblems(where, slot, dataDisk.serial),
    ]),
  ];
}

function keptDiskProblems(where: string, host: string, slot: string, { isShared, host: has, node }: KeptDisk) {
  return isShared || has === host ? [] : [diskOnOtherHost(where, slot, node.id, has, host)];
}

function serialProblems(where: string, slot: string, serial = ""): Problem[] {
  return Token.isUnresolved(serial) || /^[\w.-]{0,20}$/.test(serial) ? [] : [malformedSerial(where, slot, serial)];
}

/** In plain JavaScript, and in TypeScript through a computed key, any text can be written. */
function isSlot(slot: string): boolean {
  const [, bus = "", index = ""] = /^(scsi|virtio|sata)(0|[1-9]\d*)$/.exec(slot) ?? [];
  const last = { scsi: 30, virtio: 15, sata: 5 }[bus] ?? -1;
  return slot !== "scsi0" && Number(index) <= last && bus !== "";
}

/** Threads for disks of a controller that has none. Read from the resource, because `resource` may have changed it. @internal */
export function controllerProblems(where: string, { diskInput: disks, scsiHardwareInput }: VirtualEnvironmentVm) {
  if (!Array.isArray(disks) || scsiHardwareInput === "virtio-scsi-single") {
    return [];
  }
  return disks
    .filter(({ interface: slot, iothread }) => slot.startsWith("scsi") && iothread === true)
    .map(({ interface: slot }) => iothreadWithoutSingle(where, slot, scsiHardwareInput ?? "virtio-scsi-pci"));
}
