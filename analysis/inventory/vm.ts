import { disksOf } from "./disks";
import { bearsPciDevices, computeOf, consoleOf, devicesOf, firmwareOf, ignoring } from "./hardware";
import { networkOf } from "./network";
import type { GuestAnswer } from "./read";
import { VmConfig } from "./vm-config";
import { kept, together, type VmPart } from "./vm-part";

/** A VM as code: a `ProxmoxVm` with props, and lines about its resource. */
export interface VmCode {
  readonly vmId: number;
  readonly host: string;
  readonly name: string;
  /** Id of the construct. */
  readonly id: string;
  readonly part: Required<VmPart>;
  readonly running: boolean;
  readonly disks: readonly { readonly datastore: string; readonly sizeGiB: number }[];
}

/** Why a machine is not in the code, and what to do about it. */
export interface LeftOut {
  readonly why: string;
  readonly remedy: string;
}

/** The code of a guest. What Proxmox alone knows about every VM is no setting: its digest, its UUIDs, its snapshots. */
export function vmCodeOf(guest: GuestAnswer): VmCode | LeftOut {
  const { vmid, node, running } = guest;
  if (guest.config === undefined) {
    return { why: `there is no nodes/${node}/qemu/${vmid}/config`, remedy: "Save it, and write the code again." };
  }
  if (running === undefined) {
    return {
      why: "Proxmox does not know whether it runs",
      remedy: "Save the inventory again when its host answers: Terraform would stop what the code takes to be off.",
    };
  }
  const config = new VmConfig(guest.config);
  const name = config.text("name");
  if (name === undefined || !isDnsName(name)) {
    const why = name === undefined ? "it has no name" : "its name is no DNS name";
    return { why, remedy: "Give it one, and save the inventory again." };
  }
  const lock = config.text("lock");
  if (lock !== undefined) {
    return { why: `it is locked (${lock})`, remedy: "Wait for what locks it, and save the inventory again." };
  }
  const disks = disksOf(config);
  if (disks === undefined && config.malformed.length === 0) {
    return { why: "it has no disk on a storage", remedy: "Give it one, or leave it to Proxmox." };
  }
  const datastore = disks?.datastore ?? "";
  const bearsPci = bearsPciDevices(config);
  const part = together([
    operationOf(config, guest),
    computeOf(config),
    firmwareOf(config, datastore),
    disks?.part ?? {},
    networkOf(config, disks?.hasCloudInit ?? false),
    devicesOf(config, bearsPci),
    consoleOf(config),
    identityOf(config, name),
  ]);
  const { malformed } = config;
  if (malformed.length > 0) {
    return {
      why: `${malformed.join(", ")} cannot be read`,
      remedy: "Correct it in Proxmox, and save the inventory again.",
    };
  }
  const all = together([part, { left: config.unread.map((setting) => [printable(setting), "unknown"] as const) }]);
  if (/\$\{|%\{/.test(JSON.stringify([all.props, all.statements]))) {
    return { why: "Terraform would take a text of it for a template", remedy: "Take ${ and %{ out of its settings." };
  }
  return { vmId: vmid, host: node, name, id: idOf(name), part: all, running, disks: disks?.sizes ?? [] };
}

/** How Proxmox runs it. */
function operationOf(config: VmConfig, { pool, running, highlyAvailable }: GuestAnswer): VmPart {
  const startup = config.parts("startup", "order");
  const delays = {
    order: startup?.number("order"),
    upDelaySeconds: startup?.number("up"),
    downDelaySeconds: startup?.number("down"),
  };
  const agent = config.parts("agent", "enabled");
  const hasAgent = agent?.flag("enabled") ?? false;
  if (agent?.value("type") === "virtio") {
    agent.text("type");
  }
  const order = /^order=(.+)$/.exec(config.value("boot") ?? "")?.[1]?.split(";");
  if (order !== undefined) {
    config.text("boot");
  }
  return together([
    {
      props: {
        agent: hasAgent || undefined,
        started: running ? undefined : false,
        onBoot: config.flag("onboot") === true ? undefined : false,
        startup: startup === undefined ? undefined : delays,
        protection: config.flag("protection") || undefined,
      },
      statements: order === undefined || order.join() === "scsi0" ? [] : [{ set: "bootOrder", to: order }],
      left: highlyAvailable ? [["high availability", "elsewhere"]] : [],
    },
    tagsOf(config),
    // To join the pool that it is in fails.
    pool === undefined ? {} : kept([`pool ${pool}`], "elsewhere", "pool_id"),
    ignoring(config, "description", "mayBeSecret", "description"),
    ignoring(config, "args", "rootOnly", "kvm_arguments"),
    ignoring(config, "hookscript", "rootOnly", "hook_script_file_id"),
  ]);
}

function tagsOf(config: VmConfig): VmPart {
  const tags =
    config
      .text("tags")
      ?.split(/[;, ]+/)
      .filter((tag) => tag !== "") ?? [];
  if (tags.length === 0) {
    return {};
  }
  const isExact = tags.every((tag) => /^[a-z0-9_][a-z0-9_+.-]*$/.test(tag));
  return isExact ? { props: { tags: [...new Set(tags)].sort() } } : { ignored: ["tags"], left: [["tags", "inexact"]] };
}

/** Its name, and what tells it apart beside that. */
function identityOf(config: VmConfig, name: string): VmPart {
  for (const key of ["digest", "meta", "vmgenid", "parent", "snaptime", "template"]) {
    config.text(key);
  }
  const smbios = config.parts("smbios1", "uuid");
  smbios?.text("uuid");
  const hasMore = smbios !== undefined && smbios.rest.length > 0;
  smbios?.drop();
  return together([
    { statements: name === idOf(name) ? [] : [{ set: "name", to: name }] },
    hasMore ? { ignored: ["smbios"], left: [["smbios1", "inexact"]] } : {},
  ]);
}

/** Proxmox takes no other today, and neither does the provider. */
function isDnsName(name: string): boolean {
  return name.split(".").every((label) => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i.test(label));
}

/** A name that constructs take; Proxmox has more. */
function idOf(name: string): string {
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replace(/^-/, "")
      .slice(0, 63)
      .replace(/-$/, "") || "vm"
  );
}

/** A setting may be any text, and stands in a comment. */
function printable(setting: string): string {
  return /^[\w. -]+$/.test(setting) ? setting : JSON.stringify(setting);
}
