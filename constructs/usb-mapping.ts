import { Construct } from "constructs";
import { malformedUsbDevice, type Problem } from "../errors";
import { HardwareMappingUsb } from "../providers/proxmox/hardware-mapping-usb";
import { addCheck } from "./private/checks";
import { claim } from "./private/claims";
import { given } from "./private/given";
import { type DeviceUser, MappedDevices, mappingProblems, nameDevices } from "./private/mapped-devices";
import type { ProxmoxSite } from "./proxmox-site";

/** One USB device of one host. `pvesh get /nodes/<host>/hardware/usb` prints all of this. */
export interface UsbDevice {
  /** Vendor and product, four hexadecimal digits each: `1050:0407`. */
  readonly id: string;

  /** Bus and ports: `1-2.3`. Give it where a host has two devices with one id. @default - wherever it is plugged in */
  readonly path?: string;
}

export interface UsbMappingProps<Host extends string = string> {
  readonly site: ProxmoxSite<Host>;

  /** The devices behind the mapping, per host. A VM gets one of its host. */
  readonly devices: Readonly<Partial<Record<NoInfer<Host>, readonly UsbDevice[]>>>;
}

/**
 * A USB hardware mapping of the Proxmox cluster, named after its id. A VM asks for the mapping instead of a port, which
 * a token may do and which works on every host that has such a device.
 *
 * @example
 * const zigbee = new UsbMapping(stack, "zigbee", { site, devices: { pve: [{ id: "10c4:ea60" }] } });
 */
export class UsbMapping<Host extends string = string> extends Construct {
  /** Name of the mapping in Proxmox. */
  readonly mappingName: string;
  readonly resource: HardwareMappingUsb;
  readonly #devices: MappedDevices<UsbDevice>;

  constructor(scope: Construct, id: string, { site, devices }: UsbMappingProps<Host>) {
    super(scope, id || "unnamed");
    this.mappingName = id;
    this.#devices = new MappedDevices<UsbDevice>(devices);
    this.resource = new HardwareMappingUsb(this, "Resource", {
      name: id,
      map: this.#devices.map((host, { id: device, path }) => ({ nodeAttribute: host, id: device, ...given({ path }) })),
    });
    const named = this.#devices.map((host, { id: device, path }) => {
      const name = `${path ?? device} of ${host}`;
      return { name, parts: [`USB ${name.toLowerCase()}`] };
    });
    nameDevices(this, site, named);
    claim(this, site, "USB mapping", () => [id]);
    addCheck(this, () => [
      ...mappingProblems(this.node.path, "USB", this),
      ...this.hosts.flatMap((host) => site.hostProblems(this, host)),
      ...this.#malformed(),
      ...this.#devices.exhausted(this.node.path, "USB", this.mappingName),
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
    return this.#devices.all.flatMap(({ id, path }) => [
      ...(/^[0-9a-f]{4}:[0-9a-f]{4}$/i.test(id) ? [] : [malformedUsbDevice(where, "id", id, "1050:0407")]),
      ...(path === undefined || /^\d+-\d+(\.\d+)*$/.test(path)
        ? []
        : [malformedUsbDevice(where, "path", path, "1-2.3")]),
    ]);
  }
}
