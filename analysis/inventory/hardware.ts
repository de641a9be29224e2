import type { PropertyString } from "./property-string";
import type { VmConfig } from "./vm-config";
import { kept, type LiteralObject, present, type Statement, together, type VmPart } from "./vm-part";

/** Processor and memory. */
export function computeOf(config: VmConfig): VmPart {
  const cpu = config.parts("cpu", "cputype");
  const type = cpu?.text("cputype") ?? "qemu64";
  const cores = config.whole("cores") ?? 1;
  const others = present({
    sockets: moreThan(1, config.whole("sockets")),
    numa: config.flag("numa") || undefined,
    limit: moreThan(0, config.whole("cpulimit")),
    units: config.whole("cpuunits"),
    flags: cpu?.text("flags")?.split(";"),
  });
  const hotplugged = config.whole("vcpus");
  const memory = config.parts("memory", "current");
  const memoryMiB = memory?.number("current") ?? 512;
  const hasProp =
    /^(host|max|x86-64-v2|x86-64-v2-AES|x86-64-v3|x86-64-v4|custom-.+)$/.test(type) && hotplugged === undefined;
  const model = { ...(type === "host" ? {} : { type }), ...others };
  return together([
    {
      props: {
        cores,
        memoryMiB,
        balloonMiB: moreThan(0, config.whole("balloon")),
        ...(hasProp && Object.keys(model).length > 0 ? { cpu: model } : {}),
      },
      statements: hasProp ? [] : [{ call: "putCpu", with: { type, cores, ...others, ...present({ hotplugged }) } }],
    },
    ignoring(config, "affinity", "rootOnly", "cpu[0].affinity"),
    ignoring(config, "arch", "rootOnly", "cpu[0].architecture"),
    ignoring(config, "cpulimit", "inexact", "cpu[0].limit"),
    ignoring(config, "hugepages", "rootOnly", "memory[0].hugepages"),
    ignoring(config, "keephugepages", "rootOnly", "memory[0].keep_hugepages"),
    ignoring(config, "ivshmem", "rootOnly", "memory[0].shared"),
    kept(
      config.numbered("numa").map(([key]) => taken(config, key)),
      "inexact",
      "numa",
    ),
  ]);
}

/** What starts the guest. */
export function firmwareOf(config: VmConfig, datastore: string): VmPart {
  const bios = config.text("bios") ?? "seabios";
  const machine = config.text("machine");
  const isMachine = machine === undefined || machineForm.test(machine);
  const efi = config.parts("efidisk0", "file");
  const tpm = config.parts("tpmstate0", "file");
  const [efiDatastore, tpmDatastore] = [efi, tpm].map((disk) => disk?.text("file")?.replace(/:.*/, ""));
  const efiType = efi?.text("efitype") ?? "2m";
  const preEnrolledKeys = efi?.flag("pre-enrolled-keys") ?? false;
  const tpmVersion = tpm?.text("version") ?? "v2.0";
  for (const disk of [efi, tpm]) {
    disk?.text("size");
    disk?.text("format");
  }
  const hasEfiProp = efi !== undefined && efiDatastore === datastore && efiType === "4m";
  const hasTpmProp = tpm !== undefined && tpmDatastore === datastore && tpmVersion === "v2.0";
  const firmware = present({
    secureBootKeys: hasEfiProp && preEnrolledKeys ? "microsoft" : undefined,
    tpm: hasTpmProp || undefined,
  });
  const efiStatement: Statement =
    efi === undefined
      ? { call: "resetEfiDisk" }
      : { call: "putEfiDisk", with: present({ datastoreId: efiDatastore, type: efiType, preEnrolledKeys }) };
  return together([
    {
      props: Object.keys(firmware).length === 0 ? {} : { firmware },
      statements: [
        ...(bios === "ovmf" ? [] : [{ set: "bios", to: bios }]),
        ...machineStatements(isMachine ? machine : "q35"),
        ...(hasEfiProp ? [] : [efiStatement]),
        ...(tpm === undefined || hasTpmProp || tpmVersion !== "v2.0"
          ? []
          : [{ call: "putTpmState", with: present({ datastoreId: tpmDatastore, version: tpmVersion }) }]),
      ],
    },
    isMachine ? {} : kept(["machine"], "inexact", "machine"),
    // The provider takes every TPM for one of version 2.
    tpmVersion === "v2.0" ? {} : kept(["tpmstate0"], "inexact", "tpm_state"),
    controllerOf(config),
    operatingSystemOf(config),
  ]);
}

/** What the provider takes for a machine. */
const machineForm = /^(pc|pc-i440fx-\d+\.\d+(\+pve\d+)?|q35|pc-q35-\d+\.\d+(\+pve\d+)?)(,viommu=(intel|virtio))?$/;

function machineStatements(machine: string | undefined): Statement[] {
  if (machine === undefined) {
    return [{ call: "resetMachine" }];
  }
  return machine === "q35" ? [] : [{ set: "machine", to: machine }];
}

/** Whether a VM may have PCI devices of the host, as the constructs see it. */
export function bearsPciDevices(config: VmConfig): boolean {
  const hasFirmware = config.value("bios") === "ovmf" && /(^|-)q35(-|,|$)/.test(config.value("machine") ?? "");
  return hasFirmware && ["0", undefined].includes(config.value("balloon"));
}

/** Without a word Proxmox has another one than the provider. */
function controllerOf(config: VmConfig): VmPart {
  const scsihw = config.text("scsihw");
  if (scsihw === undefined) {
    return kept(["scsihw"], "inexact", "scsi_hardware");
  }
  return scsihw === "virtio-scsi-pci" ? {} : { statements: [{ set: "scsiHardware", to: scsihw }] };
}

function operatingSystemOf(config: VmConfig): VmPart {
  const type = config.text("ostype") ?? "other";
  if (type === "l26") {
    return {};
  }
  return {
    statements: [type === "other" ? { call: "resetOperatingSystem" } : { call: "putOperatingSystem", with: { type } }],
  };
}

/** Devices of the host: those that mappings name. */
export function devicesOf(config: VmConfig, bearsPci: boolean): VmPart {
  const pci = config.numbered("hostpci").map(([key]) => {
    const device = config.parts(key, "host");
    const mapping = device?.text("mapping");
    const values = present({
      device: key,
      mapping,
      mdev: device?.text("mdev"),
      pcie: device?.flag("pcie") ?? false,
      rombar: device?.flag("rombar") ?? true,
      romFile: device?.text("romfile"),
      xvga: device?.flag("x-vga") || undefined,
    });
    return { key, values, isExact: isRead(device) && mapping !== undefined };
  });
  const usb = config.numbered("usb").map(([key], index) => {
    const device = config.parts(key, "host");
    const values = present({ mapping: device?.text("mapping"), usb3: device?.flag("usb3") || undefined });
    return { key, values, isExact: isRead(device) && values["mapping"] !== undefined && key === `usb${index}` };
  });
  const directories = config.numbered("virtiofs").map(([key], index) => {
    const device = config.parts(key, "dirid");
    const values = present({
      mapping: device?.text("dirid"),
      cache: device?.text("cache"),
      directIo: device?.flag("direct-io") || undefined,
      exposeAcl: device?.flag("expose-acl") || undefined,
      exposeXattr: device?.flag("expose-xattr") || undefined,
    });
    return { key, values, isExact: isRead(device) && key === `virtiofs${index}` };
  });
  return together([
    written(pci, "putHostpci", "hostpci", bearsPci),
    written(usb, "putUsb", "usb"),
    written(directories, "putVirtiofs", "virtiofs"),
  ]);
}

/** Whether all of a device is known; what is not is the device's own, and not listed by itself. */
function isRead(device: PropertyString | undefined): boolean {
  const isKnown = device?.rest.length === 0;
  device?.drop();
  return isKnown;
}

interface Device {
  readonly key: string;
  readonly values: LiteralObject;
  readonly isExact: boolean;
}

/** All devices of a kind, or else none: the provider has them in one list. */
function written(devices: readonly Device[], call: string, attribute: string, bears = true): VmPart {
  if (devices.length === 0) {
    return {};
  }
  return bears && devices.every(({ isExact }) => isExact)
    ? { statements: [{ call, with: devices.map(({ values }) => values) }] }
    : kept(
        devices.map(({ key }) => key),
        "unmapped",
        attribute,
      );
}

/** What one sees and types on, and what watches. */
export function consoleOf(config: VmConfig): VmPart {
  const serial = config
    .numbered("serial")
    .map(([key, index]) => ({ key, isPlain: config.value(key) === "socket", index }));
  const isPlain = serial.every((port, position) => port.isPlain && port.index === position);
  for (const { key } of serial) {
    config.text(key);
  }
  const vga = config.parts("vga", "type");
  const type = vga?.text("type") ?? "std";
  const display = present({ type, memory: vga?.number("memory"), clipboard: vga?.text("clipboard") });
  const isSimple = Object.keys(display).length === 1;
  const isProp = isSimple && ["serial0", "virtio", "none"].includes(type);
  const keyboard = config.text("keyboard") ?? "en-us";
  return together([
    { props: { serialPorts: isPlain && serial.length === 1 ? undefined : isPlain ? serial.length : 0 } },
    isPlain
      ? {}
      : kept(
          serial.map(({ key }) => key),
          "rootOnly",
          "serial_device",
        ),
    { props: isProp ? { display: type } : {} },
    { statements: isProp || (isSimple && type === "std") ? [] : [{ call: "putVga", with: display }] },
    { statements: keyboard === "en-us" ? [] : [{ set: "keyboardLayout", to: keyboard }] },
    { statements: config.flag("tablet") === false ? [{ set: "tabletDevice", to: false }] : [] },
    { statements: config.flag("acpi") === false ? [{ set: "acpi", to: false }] : [] },
    watchdogOf(config),
    ignoring(config, "audio0", "inexact", "audio_device"),
    ignoring(config, "rng0", "rootOnly", "rng"),
    ignoring(config, "amd-sev", "rootOnly", "amd_sev"),
  ]);
}

function watchdogOf(config: VmConfig): VmPart {
  const text = config.parts("watchdog", "model");
  if (text === undefined) {
    return {};
  }
  const model = text.text("model") ?? "i6300esb";
  const action = text.text("action") ?? "none";
  return ["reset", "shutdown", "poweroff", "pause"].includes(action)
    ? { props: { watchdog: { action, ...(model === "i6300esb" ? {} : { model }) } } }
    : { statements: [{ call: "putWatchdog", with: { enabled: true, model, action } }] };
}

/** A setting that stays, because Terraform ignores the attribute that it is. */
export function ignoring(config: VmConfig, key: string, reason: Parameters<typeof kept>[1], attribute: string): VmPart {
  return config.text(key) === undefined ? {} : kept([key], reason, attribute);
}

function taken(config: VmConfig, key: string): string {
  config.text(key);
  return key;
}

function moreThan(least: number, value: number | undefined): number | undefined {
  return value !== undefined && value > least ? value : undefined;
}
