import { readFileSync } from "node:fs";
import * as path from "node:path";

/**
 * What bpg/proxmox reads of a VM that it imports, as attributes of the resource, from what Proxmox answers. Written after the
 * provider's own reading, and not after our code: a setting that it does not read stays unknown to it.
 */
export function importedVm(host: string, vmId: number, running: boolean, config: Answer): Attributes {
  const has = (key: string) => config[key] !== undefined;
  const text = (key: string, otherwise = "") => String(config[key] ?? otherwise);
  const number = (key: string, otherwise = 0) => Number(config[key] ?? otherwise);
  const flag = (key: string, otherwise = false) => (has(key) ? isOn(text(key)) : otherwise);
  const all = (kind: RegExp) =>
    Object.keys(config)
      .filter((key) => kind.test(key))
      .sort();
  const cpu = parts(text("cpu", "qemu64"), "cputype");
  const isLeft = ({ file }: Parts) => file === "none" || file?.includes("cloudinit") === true;
  const drives = all(/^(ide|sata|scsi|virtio)\d+$/).map((slot) => [slot, parts(text(slot), "file")] as const);
  const smbios = parts(text("smbios1", "uuid="), "uuid");
  return {
    ...empty(),
    id: String(vmId),
    vm_id: vmId,
    node_name: host,
    name: text("name"),
    started: running,
    acpi: flag("acpi", true),
    bios: text("bios", "seabios"),
    description: text("description"),
    keyboard_layout: text("keyboard", "en-us"),
    kvm_arguments: text("args"),
    machine: text("machine"),
    protection: flag("protection"),
    scsi_hardware: text("scsihw"),
    tablet_device: flag("tablet", true),
    tags: text("tags")
      .split(";")
      .filter((tag) => tag !== "")
      .sort(),
    template: flag("template"),
    agent: has("agent") ? [block("agent", agentOf(parts(text("agent"), "enabled")))] : [],
    cpu: [
      block("cpu", {
        type: cpu["cputype"],
        flags: cpu["flags"]?.split(";") ?? [],
        cores: number("cores", 1),
        sockets: number("sockets", 1),
        hotplugged: number("vcpus"),
        limit: Math.floor(number("cpulimit")),
        numa: flag("numa"),
        units: number("cpuunits", 1024),
        affinity: text("affinity"),
        architecture: text("arch"),
      }),
    ],
    disk: drives.filter(([, drive]) => !isLeft(drive)).map(([slot, drive]) => diskOf(slot, drive)),
    efi_disk: has("efidisk0") ? [efiOf(parts(text("efidisk0"), "file"))] : [],
    tpm_state: has("tpmstate0")
      ? [block("tpm_state", { datastore_id: datastoreOf(parts(text("tpmstate0"), "file")), version: "v2.0" })]
      : [],
    hostpci: all(/^hostpci\d+$/).map((device) => hostpciOf(device, parts(text(device), "host"))),
    usb: all(/^usb\d+$/).map((key) => usbOf(parts(text(key), "host"))),
    virtiofs: all(/^virtiofs\d+$/).map((key) => virtiofsOf(parts(text(key), "dirid"))),
    audio_device: has("audio0") ? [audioOf(parts(text("audio0"), "device"))] : [],
    hotplug: text("hotplug", "network,disk,usb"),
    numa: all(/^numa\d+$/).map((device) => numaOf(device, parts(text(device), "cpus"))),
    memory: [
      block("memory", {
        dedicated: number("memory", 512),
        floating: number("balloon"),
        shared: 0,
        hugepages: text("hugepages"),
        keep_hugepages: flag("keephugepages"),
      }),
    ],
    network_device: cardsOf(config),
    operating_system:
      has("ostype") && text("ostype") !== "other" ? [block("operating_system", { type: text("ostype") })] : [],
    rng: has("rng0") ? [block("rng", { source: parts(text("rng0"), "source")["source"] })] : [],
    serial_device: all(/^serial\d$/).map((key) => block("serial_device", { device: text(key) })),
    smbios: Object.keys(smbios).length > 1 ? [block("smbios", { uuid: smbios["uuid"], manufacturer: "Example" })] : [],
    startup: has("startup") ? [startupOf(parts(text("startup"), "order"))] : [],
    vga: has("vga") ? [vgaOf(parts(text("vga"), "type"))] : [],
    watchdog: has("watchdog") ? [watchdogOf(parts(text("watchdog"), "model"))] : [],
    initialization: drives.some(([, { file }]) => file?.includes("cloudinit"))
      ? [block("initialization", { datastore_id: "anything", interface: "ide2" })]
      : [],
  };
}

type Answer = Readonly<Record<string, string | number>>;
type Attributes = Record<string, unknown>;
type Parts = Readonly<Record<string, string>>;

interface Schema {
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly block_types?: Readonly<Record<string, { readonly block: Schema }>>;
}

const root = path.resolve(__dirname, "../../..");
const schema: Schema = vmSchema();

function vmSchema(): Schema {
  const file = path.join(root, "providers/schemas/proxmox.json");
  const { provider_schemas: providers } = JSON.parse(readFileSync(file, "utf8"));
  const [provider] = Object.values<{ resource_schemas: Record<string, { block: Schema }> }>(providers);
  return provider?.resource_schemas["proxmox_virtual_environment_vm"]?.block ?? {};
}

/** A resource or block with nothing in it. */
function emptyOf({ attributes = {}, block_types: blocks = {} }: Schema): Attributes {
  return {
    ...Object.fromEntries(Object.keys(attributes).map((name) => [name, null])),
    ...Object.fromEntries(Object.keys(blocks).map((name) => [name, []])),
  };
}

function empty(): Attributes {
  return emptyOf(schema);
}

function block(name: string, values: Attributes): Attributes {
  return { ...emptyOf(schema.block_types?.[name]?.block ?? {}), ...values };
}

function parts(text: string, defaultKey: string): Parts {
  return Object.fromEntries(
    text.split(",").map((part) => {
      const [key = "", ...value] = part.split("=");
      return value.length === 0 ? [defaultKey, key] : [key, value.join("=")];
    }),
  );
}

function isOn(text = ""): boolean {
  return ["1", "on", "yes", "true"].includes(text);
}

function datastoreOf({ file = "" }: Parts): string {
  return file.startsWith("/") ? "" : (file.split(":")[0] ?? "");
}

function agentOf({ enabled, fstrim_cloned_disks: trim, type = "virtio" }: Parts): Attributes {
  return { enabled: isOn(enabled), trim: isOn(trim), type, timeout: "15m" };
}

function diskOf(slot: string, drive: Parts): Attributes {
  const { file = "", size = "0G", aio = "io_uring", cache = "none", discard = "ignore", serial = "" } = drive;
  const gib = { K: 1024 ** 2, M: 1024, G: 1, T: 1 / 1024 }[size.slice(-1)] ?? 1;
  const limits = {
    iops_read: drive["iops_rd"],
    iops_write: drive["iops_wr"],
    read: drive["mbps_rd"],
    write: drive["mbps_wr"],
  };
  const speed = Object.fromEntries(
    Object.entries(limits).map(([name, limit]) => [name, Math.floor(Number(limit ?? 0))]),
  );
  const isLimited = Object.values(limits).some((limit) => limit !== undefined);
  return block("disk", {
    interface: slot,
    datastore_id: datastoreOf(drive),
    path_in_datastore: file.startsWith("/") ? file : file.split(":")[1],
    file_format: "raw",
    size: Math.floor(Number(size.slice(0, -1)) / gib),
    aio,
    cache,
    discard,
    serial,
    backup: drive["backup"] === undefined || isOn(drive["backup"]),
    replicate: drive["replicate"] === undefined || isOn(drive["replicate"]),
    iothread: isOn(drive["iothread"]),
    ssd: isOn(drive["ssd"]),
    speed: isLimited ? [{ ...speedless, ...speed }] : [],
  });
}

const speedless = {
  iops_read: 0,
  iops_read_burstable: 0,
  iops_write: 0,
  iops_write_burstable: 0,
  read: 0,
  read_burstable: 0,
  write: 0,
  write_burstable: 0,
};

function efiOf(disk: Parts): Attributes {
  return block("efi_disk", {
    datastore_id: datastoreOf(disk),
    file_format: "raw",
    type: disk["efitype"] ?? "2m",
    pre_enrolled_keys: isOn(disk["pre-enrolled-keys"]),
  });
}

function hostpciOf(device: string, values: Parts): Attributes {
  const { host: id = "", mapping = "", mdev = "", romfile = "", pcie, rombar = "1", "x-vga": xvga } = values;
  return block("hostpci", {
    device,
    id,
    mapping,
    mdev,
    rom_file: romfile,
    pcie: isOn(pcie),
    rombar: isOn(rombar),
    xvga: isOn(xvga),
  });
}

function usbOf({ host = "", mapping = "", usb3 }: Parts): Attributes {
  return block("usb", { host, mapping, usb3: isOn(usb3) });
}

function virtiofsOf(values: Parts): Attributes {
  return block("virtiofs", {
    mapping: values["dirid"],
    cache: values["cache"] ?? "auto",
    direct_io: isOn(values["direct-io"]),
    expose_acl: isOn(values["expose-acl"]),
    expose_xattr: isOn(values["expose-xattr"]),
  });
}

/** Cards stand in a list, with a hole where there is none. */
function cardsOf(config: Answer): Attributes[] {
  const keys = Object.keys(config).filter((key) => /^net\d+$/.test(key));
  const length = Math.max(-1, ...keys.map((key) => Number(key.slice(3)))) + 1;
  return Array.from({ length }, (_, index) => {
    const {
      bridge = "",
      tag = 0,
      queues = 0,
      rate = 0,
      mtu = 0,
      trunks = "",
      ...others
    } = parts(String(config[`net${index}`] ?? ""), "model");
    const [model = "", mac = ""] = Object.entries(others).find(([, value]) => /^[0-9A-F:]{17}$/.test(value)) ?? [];
    return {
      bridge,
      model,
      mac_address: mac,
      trunks,
      vlan_id: Number(tag),
      queues: Number(queues),
      rate_limit: Number(rate),
      mtu: Number(mtu),
      firewall: isOn(others["firewall"]),
      disconnected: isOn(others["link_down"]),
      enabled: true,
    };
  });
}

function startupOf({ order = -1, up = -1, down = -1 }: Readonly<Record<string, string | number>>): Attributes {
  return block("startup", { order: Number(order), up_delay: Number(up), down_delay: Number(down) });
}

function audioOf({ device = "", driver = "" }: Parts): Attributes {
  return block("audio_device", { device, driver, enabled: true });
}

function numaOf(device: string, { cpus = "", hostnodes = "", memory = "0", policy = "" }: Parts): Attributes {
  return block("numa", { device, cpus, hostnodes, memory: Number(memory), policy });
}

function vgaOf({ type = "std", memory = 16, clipboard = "" }: Readonly<Record<string, string | number>>): Attributes {
  return block("vga", { type, memory: Number(memory), clipboard });
}

function watchdogOf({ model = "i6300esb", action = "none" }: Parts): Attributes {
  return block("watchdog", { enabled: true, model, action });
}
