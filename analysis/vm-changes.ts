import { changedPaths } from "./changed-paths";
import { blocksOf, numberOf, textOf, type Values } from "./values";

/**
 * What the provider does to a running VM for a change:
 *
 * - `none`: nothing leaves Terraform; the attribute is for the provider itself, or read when the VM is created
 * - `live`: it is written to Proxmox, and the VM runs on
 * - `restart`: the VM is shut down and started again; with `reboot_after_update = false` it stays pending instead
 * - `stop`: the VM is shut down
 * - `migrate`: the VM moves to another host while it runs
 * - `replace`: the VM is destroyed, its disks with it, and another one is created
 */
export type VmEffect = "none" | "live" | "restart" | "stop" | "migrate" | "replace";

/** What a change of an attribute does. */
export interface VmChange {
  /** Attribute or block, dotted and without indexes. It stands for all in it that has no entry of its own. */
  readonly path: string;
  readonly effect: VmEffect;

  /** The case in which the effect is another one. @default - none */
  readonly unless?: VmCondition;
}

export interface VmCondition {
  /** The case in words, to be read after "unless". */
  readonly when: string;
  readonly effect: VmEffect;
  readonly holds: (before: Values, after: Values) => boolean;
}

/**
 * Every attribute of `proxmox_virtual_environment_vm`, as bpg/proxmox 0.111.1 treats it in an update. In which cases it
 * replaces is in `providers/schemas/behaviour` as well, and a test compares the two.
 */
export const vmChanges: readonly VmChange[] = [
  ...changes("none", [
    "delete_unreferenced_disks_on_destroy",
    "disk.import_from",
    "id",
    "ipv4_addresses",
    "ipv6_addresses",
    "mac_addresses",
    "migrate",
    "network_interface_names",
    "purge_on_destroy",
    "reboot",
    "reboot_after_update",
    "stop_on_destroy",
    "timeout_clone",
    "timeout_create",
    "timeout_migrate",
    "timeout_move_disk",
    "timeout_reboot",
    "timeout_shutdown_vm",
    "timeout_start_vm",
    "timeout_stop_vm",
  ]),
  ...changes("live", [
    "cdrom",
    "description",
    "disk",
    "hook_script_file_id",
    "hotplug",
    "name",
    "network_device",
    "on_boot",
    "pool_id",
    "protection",
    "smbios",
    "startup",
    "tags",
  ]),
  {
    path: "disk.size",
    effect: "live",
    unless: { when: "`hotplug` leaves out `disk`", effect: "restart", holds: (_, after) => !hotplugs(after, "disk") },
  },
  ...changes("restart", [
    "acpi",
    "agent",
    "audio_device",
    "bios",
    "boot_order",
    "cpu",
    "disk.aio",
    "disk.datastore_id",
    "disk.queues",
    "efi_disk",
    "hostpci",
    "initialization",
    "keyboard_layout",
    "kvm_arguments",
    "machine",
    "memory.hugepages",
    "memory.keep_hugepages",
    "numa",
    "operating_system",
    "rng",
    "scsi_hardware",
    "serial_device",
    "tablet_device",
    "tpm_state",
    "usb",
    "vga",
    "virtiofs",
    "watchdog",
  ]),
  {
    path: "cpu.hotplugged",
    effect: "restart",
    unless: { when: "`hotplug` has `cpu`", effect: "live", holds: (_, after) => hotplugs(after, "cpu") },
  },
  {
    path: "memory",
    effect: "restart",
    unless: {
      when: "it only grows and `hotplug` has `memory`",
      effect: "live",
      holds: (before, after) => hotplugs(after, "memory") && !memoryShrinks(before, after),
    },
  },
  {
    path: "started",
    effect: "stop",
    unless: { when: "it becomes true", effect: "live", holds: (_, after) => after["started"] !== false },
  },
  {
    path: "template",
    effect: "stop",
    unless: { when: "it becomes false, which fails", effect: "none", holds: (_, after) => after["template"] !== true },
  },
  {
    path: "node_name",
    effect: "replace",
    unless: { when: "`migrate` is true", effect: "migrate", holds: (_, after) => after["migrate"] === true },
  },
  ...changes("replace", [
    "amd_sev",
    "clone",
    "disk.file_id",
    "efi_disk.type",
    "initialization.meta_data_file_id",
    "initialization.network_data_file_id",
    "initialization.type",
    "initialization.user_data_file_id",
    "initialization.vendor_data_file_id",
    "tpm_state.version",
    "vm_id",
  ]),
];

/** An attribute that an update changes, and what the provider does for it. */
export interface VmEffectOf {
  /** Dotted, without indexes; of a block that comes or goes, the block. */
  readonly path: string;
  readonly effect: VmEffect;
}

/**
 * What an update of a VM in place does, attribute by attribute. `unknown` is the plan's `after_unknown`: a value that is
 * known only at apply counts as changed.
 */
export function vmEffects(before: Values, after: Values, unknown: unknown): VmEffectOf[] {
  return changedPaths(before, after, unknown).map((path) => {
    const { effect, unless } = changeOf(path);
    return { path, effect: unless?.holds(before, after) ? unless.effect : effect };
  });
}

const byPath = new Map(vmChanges.map((change) => [change.path, change]));

/** The entry of the path or of what it is in. An attribute that a later provider brings may do anything. */
function changeOf(path: string): VmChange {
  const outer = path.includes(".") ? changeOf(path.slice(0, path.lastIndexOf("."))) : undefined;
  return byPath.get(path) ?? outer ?? { path, effect: "restart" };
}

function changes(effect: VmEffect, paths: readonly string[]): VmChange[] {
  return paths.map((path) => ({ path, effect }));
}

function hotplugs(vm: Values, feature: string): boolean {
  const hotplug = textOf(vm, "hotplug") ?? "network,disk,usb";
  return hotplug === "1" || hotplug.split(",").includes(feature);
}

function memoryShrinks(before: Values, after: Values): boolean {
  const size = (vm: Values, name: string): number => numberOf(blocksOf(vm, "memory")[0], name) ?? 0;
  return ["dedicated", "floating", "shared"].some((name) => size(after, name) < size(before, name));
}
