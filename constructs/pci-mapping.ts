import { Construct } from "constructs";
import { malformedPciDevice, type Problem } from "../errors";
import { HardwareMappingPci } from "../providers/proxmox/hardware-mapping-pci";
import { addCheck } from "./private/checks";
import { claim } from "./private/claims";
import { given } from "./private/given";
import { type DeviceUser, MappedDevices, mappingProblems, nameDevices } from "./private/mapped-devices";
import { boundsProblems } from "./private/numbers";
import type { ProxmoxSite } from "./proxmox-site";

/** One PCI device of one host. `pvesh get /nodes/<host>/hardware/pci` prints all of this. */
export interface PciDevice {
  /** Vendor and device, four hexadecimal digits each: `10de:2571`. */
  readonly id: string;
  /** Address on the host: `0000:01:00.0`, or `0000:01:00` for all functions of the device. */
  readonly path: string;
  /** Without it Proxmox calls the mapping incomplete. */
  readonly iommuGroup: number;
  /** Subsystem vendor and device. Without it Proxmox calls the mapping incomplete. */
  readonly subsystemId: string;
}

export interface PciMappingProps<Host extends string = string> {
  readonly site: ProxmoxSite<Host>;

  /** The devices behind the mapping, per host. A VM gets one free device of its host. */
  readonly devices: Readonly<Partial<Record<NoInfer<Host>, readonly PciDevice[]>>>;

  /**
   * Whether the devices are cut into mediated ones (vGPU) by the host's driver. Any number of VMs then gets a part of
   * the kind that it asks for.
   *
   * @default false
   */
  readonly mediatedDevices?: boolean;
}

/**
 * A PCI hardware mapping of the Proxmox cluster, named after its id. A VM asks for the mapping instead of an address,
 * which a token may do (PVE-7) and which works on every host that has such a device.
 *
 * @example
 * const a2000 = new PciMapping(stack, "rtx-a2000", {
 *   site,
 *   devices: { pve: [{ id: "10de:2571", path: "0000:01:00", iommuGroup: 14, subsystemId: "10de:1611" }] },
 * });
 */
export class PciMapping<Host extends string = string> extends Construct {
  /** Name of the mapping in Proxmox. */
  readonly mappingName: string;
  readonly resource: HardwareMappingPci;
  readonly isMediated: boolean;
  readonly #devices: MappedDevices<PciDevice>;

  constructor(scope: Construct, id: string, props: PciMappingProps<Host>) {
    super(scope, id || "unnamed");
    const { site, devices, mediatedDevices } = props;
    this.mappingName = id;
    this.isMediated = mediatedDevices ?? false;
    this.#devices = new MappedDevices<PciDevice>(devices);
    this.resource = new HardwareMappingPci(this, "Resource", {
      name: id,
      ...given({ mediatedDevices }),
      map: this.#devices.map((host, { id: device, path, iommuGroup, subsystemId }) => ({
        nodeAttribute: host,
        id: device,
        path,
        iommuGroup,
        subsystemId,
      })),
    });
    const named = this.#devices.map((host, { path }) => ({
      name: `${path} of ${host}`,
      parts: functionsOf(path).map((part) => `PCI ${part} of ${host}`),
      isMediated: this.isMediated,
    }));
    nameDevices(this, site, named);
    claim(this, site, "PCI mapping", () => [id]);
    addCheck(this, () => [
      ...mappingProblems(this.node.path, "PCI", this),
      ...this.hosts.flatMap((host) => site.hostProblems(this, host)),
      ...this.#malformed(),
      ...(this.isMediated ? [] : this.#devices.exhausted(this.node.path, "PCI", this.mappingName)),
    ]);
  }

  /** The hosts that have a device behind the mapping. */
  get hosts(): readonly string[] {
    return this.#devices.hosts;
  }

  /** Records that a VM takes one device of its host. @internal */
  use(user: DeviceUser): void {
    this.#devices.use(user);
  }

  #malformed(): Problem[] {
    const where = this.node.path;
    const ids = /^[0-9a-f]{4}:[0-9a-f]{4}$/i;
    const address = /^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}(\.[0-7])?$/i;
    return this.#devices.all.flatMap(({ id, path, subsystemId, iommuGroup }) => [
      ...boundsProblems(where, [["iommuGroup", iommuGroup, 0]]),
      ...(ids.test(id) ? [] : [malformedPciDevice(where, "id", id, "10de:2571")]),
      ...(ids.test(subsystemId) ? [] : [malformedPciDevice(where, "subsystem id", subsystemId, "10de:1611")]),
      ...(address.test(path) ? [] : [malformedPciDevice(where, "path", path, "0000:01:00.0")]),
    ]);
  }
}

/** An address without a function stands for all that the device has. */
function functionsOf(path: string): string[] {
  const address = path.toLowerCase();
  return address.includes(".") ? [address] : Array.from({ length: 8 }, (_, index) => `${address}.${index}`);
}
