import type { PropertyString } from "./property-string";
import type { VmConfig } from "./vm-config";
import { type LiteralObject, present, type Reason, type VmPart } from "./vm-part";

/** A disk of a VM, in the words of the Terraform resource; what is left out is the provider's default. */
interface Disk {
  readonly interface: string;
  readonly datastoreId: string;
  readonly size: number;
  /** Whether its size has no fraction: the provider counts in whole GiB. */
  readonly isWhole: boolean;
  readonly options: LiteralObject;
}

/** The disks of a VM. */
export interface Disks {
  readonly part: VmPart;
  /** That of the disk that it boots from, where a new VM would have its other volumes, too. */
  readonly datastore: string;
  readonly sizes: readonly { readonly datastore: string; readonly sizeGiB: number }[];
  readonly hasCloudInit: boolean;
}

/** Nothing if there is no disk that code could have. */
export function disksOf(config: VmConfig): Disks | undefined {
  const booted = config.value("bootdisk") ?? /(?:ide|sata|scsi|virtio)\d+/.exec(config.value("boot") ?? "")?.[0];
  const drives = ["ide", "sata", "scsi", "virtio"].flatMap((bus) =>
    config.numbered(bus).flatMap(([slot]) => {
      const drive = config.parts(slot, "file");
      return drive === undefined ? [] : [{ slot, drive, file: drive.text("file") ?? "", media: drive.text("media") }];
    }),
  );
  const hasCloudInit = drives.some(({ file }) => isCloudInit(file));
  // The provider takes what lies in a drive for a disk, and would take it out.
  const optical = drives.filter(({ file, media }) => media === "cdrom" && !isCloudInit(file) && file !== "none");
  const found = drives
    .filter(({ file, media }) => media !== "cdrom" && !isCloudInit(file))
    .map(({ slot, drive, file }) => diskOf(slot, file, drive));
  const disks = found.flatMap(({ disk }) => (disk === undefined ? [] : [disk])).sort(bySlot);
  const main = ["scsi0", booted].flatMap((slot) => disks.filter((disk) => disk.interface === slot)).concat(disks)[0];
  if (main === undefined) {
    return undefined;
  }
  for (const { drive } of drives.filter(({ media }) => media === "cdrom")) drive.drop();
  const isExact = optical.length === 0 && found.every((one) => one.isExact);
  const fractions = disks.flatMap(({ isWhole }, index) => (isWhole ? [] : [`disk[${index}].size`]));
  return {
    part: {
      ...written(disks, main),
      ignored: isExact ? fractions : ["disk"],
      left: [...found.flatMap(({ left }) => left), ...optical.map(({ slot }) => [slot, "inexact"] as const)],
    },
    datastore: main.datastoreId,
    sizes: disks.map(({ datastoreId, size }) => ({ datastore: datastoreId, sizeGiB: size })),
    hasCloudInit,
  };
}

interface Found {
  readonly disk: Disk | undefined;
  /** Whether Terraform would leave the disk as it is. */
  readonly isExact: boolean;
  readonly left: readonly (readonly [setting: string, reason: Reason])[];
}

/** A file or a device of the host is none that code could have. */
function diskOf(slot: string, file: string, drive: PropertyString): Found {
  const [, datastoreId] = /^([A-Za-z][\w.-]*):./.exec(file) ?? [];
  const size = sizeOf(drive.text("size"));
  if (datastoreId === undefined || size === undefined) {
    const reason = datastoreId === undefined ? "rootOnly" : "inexact";
    drive.drop();
    return { disk: undefined, isExact: false, left: [[slot, reason]] };
  }
  // The storage knows it.
  drive.text("format");
  const speed = speedOf(drive);
  const options = present({
    aio: drive.text("aio"),
    backup: onlyFalse(drive.flag("backup")),
    cache: unless("none", drive.text("cache")),
    discard: unless("ignore", drive.text("discard")),
    iothread: drive.flag("iothread") || undefined,
    queues: drive.number("queues"),
    replicate: onlyFalse(drive.flag("replicate")),
    serial: drive.text("serial"),
    ssd: drive.flag("ssd") || undefined,
    speed: Object.keys(speed).length === 0 ? undefined : speed,
  });
  const isWhole = Number.isInteger(size);
  const inexact = [
    ...(isWhole ? [] : ["size"]),
    // Those that are no whole numbers.
    ...limits.flatMap(([, limit]) => (drive.text(limit) === undefined ? [] : [limit])),
  ];
  return {
    disk: { interface: slot, datastoreId, size: Math.ceil(size), isWhole, options },
    isExact: inexact.every((option) => option === "size"),
    left: inexact.map((option) => [`${slot} ${option}`, "inexact"] as const),
  };
}

/** The limits that the provider knows, and as what. */
const limits = [
  ["iopsRead", "iops_rd"],
  ["iopsReadBurstable", "iops_rd_max"],
  ["iopsWrite", "iops_wr"],
  ["iopsWriteBurstable", "iops_wr_max"],
  ["read", "mbps_rd"],
  ["readBurstable", "mbps_rd_max"],
  ["write", "mbps_wr"],
  ["writeBurstable", "mbps_wr_max"],
] as const;

/** It takes whole numbers only; others stay. */
function speedOf(drive: PropertyString): LiteralObject {
  return present(Object.fromEntries(limits.map(([name, key]) => [name, drive.whole(key)])));
}

/** As props where they are such that a new VM would have, as a list of the resource otherwise. */
function written(disks: readonly Disk[], main: Disk): VmPart {
  const others = disks.filter((disk) => disk !== main);
  const numbers = [...disks].sort((a, b) => a.interface.localeCompare(b.interface, "en", { numeric: true }));
  const inOrder = disks[0] === main && disks.every((disk, index) => disk === numbers[index]);
  if (inOrder && isProfile(main) && others.every(hasProps)) {
    const dataDisks = Object.fromEntries(others.map((disk) => [disk.interface, dataDisk(disk)]));
    return {
      props: { disk: size(main), dataDisks: others.length === 0 ? undefined : dataDisks },
    };
  }
  const list = disks.map(({ interface: slot, datastoreId, size: gib, options }) => ({
    interface: slot,
    datastoreId,
    size: gib,
    ...options,
  }));
  return { props: { disk: size(main) }, statements: [{ call: "putDisk", with: list }] };
}

function size({ datastoreId, size: sizeGiB }: Disk): LiteralObject {
  return { datastore: datastoreId, sizeGiB };
}

/** What the system disk of a new VM is. */
function isProfile({ interface: slot, options: { discard, ssd, ...others } }: Disk): boolean {
  return slot === "scsi0" && discard === "on" && ssd === true && Object.keys(others).length === 0;
}

/** Whether the props of a data disk say all about it. */
function hasProps({ interface: slot, options }: Disk): boolean {
  const { aio, queues, speed, iothread, serial = "" } = options;
  const isPlain = aio === undefined && queues === undefined && speed === undefined;
  return (
    isPlain &&
    /^(scsi|sata|virtio)/.test(slot) &&
    (iothread === undefined || slot.startsWith("virtio")) &&
    /^[\w.-]*$/.test(String(serial))
  );
}

function dataDisk({ interface: slot, datastoreId, size: sizeGiB, options }: Disk): LiteralObject {
  const { discard, ssd, ...others } = options;
  return {
    datastore: datastoreId,
    sizeGiB,
    ...others,
    ...(discard === "on" ? {} : { discard: false }),
    ...(ssd === true || slot.startsWith("virtio") ? {} : { ssd: false }),
  };
}

/** In the order in which an import has them, which is that of texts. */
function bySlot(a: Disk, b: Disk): number {
  return a.interface < b.interface ? -1 : 1;
}

function isCloudInit(file: string): boolean {
  return /[:/]vm-\d+-cloudinit(\.\w+)?$|:cloudinit$/.test(file);
}

/** In GiB; Proxmox writes the largest unit that has no fraction. */
function sizeOf(text = ""): number | undefined {
  const [, number, unit = "B"] = /^(\d+(?:\.\d+)?)([KMGT]?)$/.exec(text) ?? [];
  const power = { B: 3, K: 2, M: 1, G: 0, T: -1 }[unit || "B"] ?? 0;
  return number === undefined ? undefined : Number(number) / 1024 ** power;
}

function onlyFalse(value: boolean | undefined): false | undefined {
  return value === false ? false : undefined;
}

function unless(usual: string, value: string | undefined): string | undefined {
  return value === usual ? undefined : value;
}
