import { changesWith } from "./disruptions";
import type { PlannedObject } from "./plan-objects";
import { blocksOf, numberOf, textOf, textsOf, type Values } from "./values";

/**
 * The data disks, by interface, that are destroyed with their VM. A disk is kept if it belongs to another VM or to the
 * host, from where this one only borrows it.
 */
export function destroyedDataDisks({ before, actions }: PlannedObject): string[] {
  return actions.includes("delete") && before !== undefined
    ? interfacesOf(dataDisksOf(before).filter(isOwn(before)))
    : [];
}

/**
 * The disks that a VM loses while it stays: what was on them is left behind on the datastore, in no configuration. Of the
 * other VM resources a disk that is no longer named stays where it is.
 */
export function detachedDisks({ type, before, after, actions }: PlannedObject): string[] {
  const detaches = type === "proxmox_virtual_environment_vm" && actions.includes("update");
  if (!detaches || before === undefined || after === undefined) {
    return [];
  }
  const kept = interfacesOf(blocksOf(after, "disk"));
  return interfacesOf(blocksOf(before, "disk").filter(isOwn(before))).filter((one) => !kept.includes(one));
}

/** The disks that would become smaller. */
export function shrunkDisks({ before, after, actions }: PlannedObject): string[] {
  const sizes = new Map(blocksOf(before, "disk").map((disk) => [textOf(disk, "interface"), numberOf(disk, "size")]));
  const smaller = (disk: Values): boolean =>
    (numberOf(disk, "size") ?? Number.POSITIVE_INFINITY) < (sizes.get(textOf(disk, "interface")) ?? 0);
  return actions.includes("update") ? interfacesOf(blocksOf(after, "disk").filter(smaller)) : [];
}

/** The devices of the host that keep a running VM from moving to another one: those that it has and does not lose. */
export function devicesInTheWay(vm: PlannedObject, running: boolean): string[] {
  if (!running || changesWith(vm, "migrate").length === 0) {
    return [];
  }
  const remaining = hostDevicesOf(vm.after);
  return hostDevicesOf(vm.before).filter((device) => remaining.includes(device));
}

/** PCI and USB devices and shared directories; Proxmox numbers those of the latter two as they come. */
function hostDevicesOf(vm: Values | undefined): string[] {
  return [
    ...blocksOf(vm, "hostpci").flatMap((block) => textOf(block, "device") ?? []),
    ...blocksOf(vm, "usb").flatMap((block, index) => (textOf(block, "host") === "spice" ? [] : [`usb${index}`])),
    ...blocksOf(vm, "virtiofs").map((_, index) => `virtiofs${index}`),
  ];
}

/** All but the disk that the VM boots from. One that never ran and has no image holds nothing but data. */
function dataDisksOf(vm: Values): Values[] {
  const disks = blocksOf(vm, "disk");
  const withImage = disks.filter((disk) => textOf(disk, "import_from") ?? textOf(disk, "file_id"));
  if (vm["started"] === false && withImage.length === 0 && blocksOf(vm, "clone").length === 0) {
    return disks;
  }
  const booted = textsOf(vm, "boot_order").flatMap((one) => disks.filter((disk) => textOf(disk, "interface") === one));
  const system = [...booted, ...withImage, ...disks][0];
  return disks.filter((disk) => disk !== system);
}

/** Proxmox names volumes after the VM that they belong to, and destroys them with it. */
function isOwn(vm: Values): (disk: Values) => boolean {
  const id = numberOf(vm, "vm_id") ?? numberOf(vm, "id");
  return (disk) => {
    const path = textOf(disk, "path_in_datastore") ?? "";
    const [, owner] = /.*(?:^|\/)vm-(\d+)-/.exec(path) ?? [];
    return !path.startsWith("/") && (owner === undefined || Number(owner) === id);
  };
}

function interfacesOf(disks: readonly Values[]): string[] {
  return disks.map((disk) => textOf(disk, "interface") ?? "a disk");
}
