import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import {
  malformedText,
  mappingWithoutHost,
  mediatedMismatch,
  type Problem,
  passthroughPlatform,
  rawPciId,
  tooManyDevices,
} from "../errors";
import type { VirtualEnvironmentVm, VirtualEnvironmentVmConfig } from "../providers/proxmox/virtual-environment-vm";
import type { DirectoryMapping } from "./directory-mapping";
import type { PciMapping } from "./pci-mapping";
import { given } from "./private/given";
import { boundsProblems } from "./private/numbers";
import type { UsbMapping } from "./usb-mapping";

/** A part of a PCI device that the host's driver cuts into several (vGPU). */
export interface MediatedDevice {
  /** A mapping with `mediatedDevices`. A change restarts the VM. */
  readonly mapping: PciMapping;

  /** Kind of part, as `pvesh get /nodes/<host>/hardware/pci/<path>/mdev` prints it: `nvidia-63`. A change restarts the VM. */
  readonly mediatedType: string;
}

/** A directory of the host that the guest can mount by the name of its mapping. */
export interface SharedDirectory {
  /** A change restarts the VM. */
  readonly mapping: DirectoryMapping;

  /** What the guest keeps in its cache. A change restarts the VM. @default "auto" - set by Proxmox */
  readonly cache?: "auto" | "always" | "metadata" | "never";

  /** Whether the guest may read and write past the host's cache. A change restarts the VM. @default false */
  readonly directIo?: boolean;

  /** Whether the guest sees ACLs, and so extended attributes. A change restarts the VM. @default false */
  readonly exposeAcl?: boolean;

  /** Whether the guest sees extended attributes. A change restarts the VM. @default false */
  readonly exposeXattr?: boolean;
}

/** A device that acts when the guest does not answer it any more. The guest has to start it: Talos does by `watchdog`. */
export interface Watchdog {
  /** What happens to the VM then. A change restarts the VM. @default "reset" */
  readonly action?: "reset" | "shutdown" | "poweroff" | "pause";

  /** Model. A change restarts the VM. @default "i6300esb" */
  readonly model?: "i6300esb" | "ib700";
}

/** The devices of a VM beside disks and network cards. */
export interface Devices {
  /**
   * PCI devices of the host, one of each mapping (PVE-7). A VM that has one does not migrate while it runs. A change
   * restarts the VM.
   *
   * @default - none
   */
  readonly pciDevices?: readonly (PciMapping | MediatedDevice)[];

  /** USB devices of the host, one of each mapping. A change restarts the VM. @default - none */
  readonly usbDevices?: readonly UsbMapping[];

  /** Directories of the host. A change restarts the VM. @default - none */
  readonly sharedDirectories?: readonly SharedDirectory[];

  /** A watchdog. A change restarts the VM. @default - none */
  readonly watchdog?: Watchdog | undefined;

  /** Serial ports, for `qm terminal`, at most 4. Cloud images write to the first. A change restarts the VM. @default 1 */
  readonly serialPorts?: 0 | 1 | 2 | 3 | 4;

  /** What Proxmox shows as the console. A change restarts the VM. @default "std" */
  readonly display?: "std" | "serial0" | "virtio" | "none";
}

/** @internal */
export function devicesConfig(props: Devices) {
  const { usbDevices = [], sharedDirectories = [], watchdog, serialPorts = 1, display } = props;
  const pciDevices = pciDevicesOf(props);
  return {
    ...(pciDevices.length === 0 ? {} : { hostpci: pciDevices.map(passthrough) }),
    ...(usbDevices.length === 0 ? {} : { usb: usbDevices.map(({ mappingName }) => ({ mapping: mappingName })) }),
    ...(sharedDirectories.length === 0 ? {} : { virtiofs: sharedDirectories.map(virtiofs) }),
    ...(watchdog === undefined
      ? {}
      : { watchdog: { enabled: true, model: watchdog.model ?? "i6300esb", action: watchdog.action ?? "reset" } }),
    serialDevice: Array.from({ length: serialPorts }, () => ({ device: "socket" })),
    ...(display === undefined ? {} : { vga: { type: display } }),
  } satisfies Partial<VirtualEnvironmentVmConfig>;
}

interface PciPassthrough {
  readonly mapping: PciMapping;
  readonly mediatedType: string | undefined;
}

function pciDevicesOf({ pciDevices = [] }: Devices): PciPassthrough[] {
  return pciDevices.map((device) => ("mapping" in device ? device : { mapping: device, mediatedType: undefined }));
}

function passthrough({ mapping, mediatedType }: PciPassthrough, index: number) {
  return {
    device: `hostpci${index}`,
    mapping: mapping.mappingName,
    pcie: true,
    // The provider sends 0 for a value left out, where Proxmox' own default is 1.
    rombar: true,
    ...given({ mdev: mediatedType }),
  };
}

function virtiofs({ mapping, cache, directIo, exposeAcl, exposeXattr }: SharedDirectory) {
  return { mapping: mapping.mappingName, ...given({ cache, directIo, exposeAcl, exposeXattr }) };
}

/** The mappings that a VM refers to, of whatever kind. @internal */
export function mappingsOf(props: Devices) {
  return {
    pci: pciDevicesOf(props).map(({ mapping }) => mapping),
    usb: props.usbDevices ?? [],
    directory: (props.sharedDirectories ?? []).map(({ mapping }) => mapping),
  };
}

/** What is wrong with the devices of a VM on a host. @internal */
export function deviceProblems({ node }: IConstruct, host: string, props: Devices): Problem[] {
  const where = node.path;
  const { pci, usb, directory } = mappingsOf(props);
  const counts = [
    ["PCI devices", pci.length, 16],
    ["USB devices", usb.length, 14],
    ["shared directories", directory.length, 8],
  ] as const;
  return [
    ...counts
      .filter(([, count, most]) => count > most)
      .map(([kind, count, most]) => tooManyDevices(where, kind, count, most)),
    ...boundsProblems(where, [["serialPorts", props.serialPorts, 0, 4]]),
    ...[["PCI", pci] as const, ["USB", usb] as const, ["directory", directory] as const].flatMap(([kind, mappings]) =>
      mappings
        .filter(({ hosts }) => !hosts.includes(host))
        .map(({ mappingName, hosts }) => mappingWithoutHost(where, kind, mappingName, host, hosts)),
    ),
    ...pciDevicesOf(props).flatMap(({ mediatedType }) =>
      mediatedType === undefined || Token.isUnresolved(mediatedType) || /^[\w.-]+$/.test(mediatedType)
        ? []
        : [malformedText(where, "mediatedType", mediatedType, 'the type that the host prints, such as "nvidia-63"')],
    ),
    ...pciDevicesOf(props)
      .filter(({ mapping, mediatedType }) => mapping.isMediated !== (mediatedType !== undefined))
      .map(({ mapping }) => mediatedMismatch(where, mapping.mappingName, mapping.isMediated)),
  ];
}

/** What is wrong with passthrough as the resource has it, because `resource` may have changed it. @internal */
export function passthroughProblems(where: string, resource: VirtualEnvironmentVm, isRoot: boolean): Problem[] {
  const devices = resource.hostpciInput;
  if (!Array.isArray(devices) || devices.length === 0) {
    return [];
  }
  const machine = resource.machineInput ?? "pc";
  const bios = resource.biosInput ?? "seabios";
  return [
    ...(/(^|-)q35(-|,|$)/.test(machine) && bios === "ovmf" ? [] : [passthroughPlatform(where, machine, bios)]),
    ...devices.flatMap(({ device, id }) => (id === undefined || isRoot ? [] : [rawPciId(where, device, id)])),
  ];
}
