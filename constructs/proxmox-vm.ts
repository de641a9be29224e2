import { Token } from "cdktf";
import { Construct } from "constructs";
import {
  foreignMac,
  malformedBridge,
  malformedMac,
  malformedName,
  malformedTag,
  mappingWithoutHost,
  multicastMac,
  type Problem,
  passthroughPlatform,
  rawPciId,
  vlanRange,
  vmIdRange,
} from "../errors";
import type {
  VirtualEnvironmentVm,
  VirtualEnvironmentVmNetworkDevice,
} from "../providers/proxmox/virtual-environment-vm";
import { normalizedAddress, staticAddressProblems } from "./cluster-network";
import type { PciMapping } from "./pci-mapping";
import { addCheck } from "./private/checks";
import { claim } from "./private/claims";
import { isMachineName } from "./private/names";
import { isWhole } from "./private/numbers";
import { putAfter } from "./private/order";
import { rootOnlyProblems } from "./private/root-only";
import { VmResource } from "./private/vm-resource";
import type { ProxmoxSite } from "./proxmox-site";
import { type Compute, computeConfig, computeProblems } from "./vm-compute";
import { bySlot, controllerProblems, type Disks, diskProblems, disksConfig } from "./vm-disks";

/** A network card. The guest sees the cards of a VM in their order: `eth0`, `eth1`, … */
export interface NetworkDevice {
  /** Bridge of the host: `vmbr0`. */
  readonly bridge: string;

  /**
   * MAC address. Give one where something outside knows the card by it, such as a DHCP reservation (PVE-5).
   *
   * @default - Proxmox makes one, and a new one when the VM is replaced
   */
  readonly macAddress?: string;

  /**
   * VLAN tag that the bridge sets, 1–4094; the guest sees untagged frames.
   *
   * @default - the bridge's untagged network
   */
  readonly vlanId?: number;
}

/** Static address of the first network card, handed over by cloud-init. */
export interface StaticAddress {
  /** Address with prefix length: `10.20.66.21/23`. */
  readonly address: string;
  readonly gateway: string;

  /** @default - Proxmox uses the host's */
  readonly nameservers?: readonly string[];
}

export interface ProxmoxVmProps<Host extends string = string, Datastore extends string = string>
  extends Compute,
    Disks<Datastore> {
  readonly site: ProxmoxSite<Host, Datastore>;

  /** Proxmox host of the VM. A change migrates the VM; one with a PCI device has to be stopped by hand before. */
  readonly host: NoInfer<Host>;

  readonly networkDevices: readonly NetworkDevice[];

  /**
   * Name in Proxmox: a DNS label. Unique in the site.
   *
   * @default - the construct's id
   */
  readonly name?: string;

  /**
   * VM id. Unique in the site; it must be free in the whole Proxmox cluster, or the provider takes the other VM for
   * its own. A change replaces the VM.
   *
   * @default - the next free one, chosen by Proxmox at creation and kept
   */
  readonly vmId?: number | undefined;

  /**
   * Static address by cloud-init. Unique in the site. A change restarts the VM.
   *
   * @default - DHCP
   */
  readonly address?: StaticAddress | undefined;

  /**
   * Mappings to pass a device of the host through, one each. A change restarts the VM.
   *
   * @default - none
   */
  readonly pciDevices?: readonly PciMapping[];

  /**
   * Whether the image runs the QEMU guest agent. Without one in the guest every refresh would wait for it.
   * A change restarts the VM.
   *
   * @default false
   */
  readonly agent?: boolean;

  /**
   * Tags, lower case.
   *
   * @default - none
   */
  readonly tags?: readonly string[];

  /**
   * Whether the provider restarts the VM for a change that needs it. If not, such a change stays pending in Proxmox
   * until the VM is restarted by hand; the plan does not show it again.
   *
   * @default true
   */
  readonly restartForChanges?: boolean;
}

/**
 * A VM on one Proxmox host, with the profile that Talos wants: q35, OVMF, host CPU, no ballooning, virtio.
 * Usable without Talos. `resource` is the Terraform resource with a typed setter for all that has no prop here.
 *
 * @example
 * const vm = new ProxmoxVm(stack, "build-1", {
 *   site,
 *   host: "pve",
 *   disk: { datastore: "local-lvm", sizeGiB: 32, importFrom: "local:import/debian-13.qcow2" },
 *   networkDevices: [{ bridge: "vmbr0" }],
 * });
 * vm.resource.protection = true;
 */
export class ProxmoxVm<Host extends string = string, Datastore extends string = string> extends Construct {
  readonly resource: VirtualEnvironmentVm;
  readonly vmName: string;
  readonly host: string;
  readonly #props: ProxmoxVmProps;

  constructor(scope: Construct, id: string, props: ProxmoxVmProps<Host, Datastore>) {
    super(scope, id || "unnamed");
    this.#props = props;
    this.vmName = props.name ?? id;
    this.host = props.host;
    const pciDevices = props.pciDevices ?? [];
    this.resource = new VmResource(this, "Resource", {
      name: this.vmName,
      nodeName: props.host,
      ...(props.vmId === undefined ? {} : { vmId: props.vmId }),
      tags: [...new Set(props.tags)].sort(),
      machine: "q35",
      bios: "ovmf",
      efiDisk: { datastoreId: props.disk.datastore, type: "4m", preEnrolledKeys: false },
      ...computeConfig(props),
      operatingSystem: { type: "l26" },
      scsiHardware: "virtio-scsi-pci",
      bootOrder: ["scsi0"],
      disk: disksConfig(props),
      networkDevice: props.networkDevices.map((device) => ({ ...device, model: "virtio" })),
      initialization: { datastoreId: props.disk.datastore, ...initialization(props.address) },
      ...(pciDevices.length === 0 ? {} : { hostpci: pciDevices.map(passthrough) }),
      // The agent's addresses are not read: they are known, and waiting for them delays every refresh.
      agent:
        props.agent === true ? { enabled: true, timeout: "2m", waitForIp: { disabled: true } } : { enabled: false },
      serialDevice: [{ device: "socket" }],
      // Without it another host replaces the VM, and its disk with it. With a PCI device the migration of a running VM
      // is refused, which is better.
      migrate: true,
      onBoot: true,
      stopOnDestroy: true,
      rebootAfterUpdate: props.restartForChanges ?? true,
      timeoutShutdownVm: 120,
      // Read at creation only, but a new image would otherwise show up as a change of every VM.
      lifecycle: { ignoreChanges: ["disk[0].import_from"] },
    });
    putAfter(this.resource, [
      ...(props.disk.importAfter === undefined ? [] : [props.disk.importAfter]),
      ...pciDevices.map((mapping) => mapping.resource),
    ]);
    this.#claim();
    for (const mapping of pciDevices) {
      mapping.use(this.host, this.node.path);
    }
    for (const [, { kept }] of bySlot(props.dataDisks ?? {})) {
      kept?.use(this.node.path);
    }
    addCheck(this, () => this.#problems());
  }

  /** Read from the resource, because `resource` may have changed it. */
  #claim(): void {
    const { site, address } = this.#props;
    claim(this, site, "name", () => [this.resource.nameInput]);
    claim(this, site, "VM id", () => [this.resource.vmIdInput]);
    claim(this, site, "MAC address", () => this.#networkDevices().map(({ macAddress }) => macAddress?.toUpperCase()));
    claim(this, site, "address", () => [address && normalizedAddress(address.address.replace(/\/.*$/, ""))]);
  }

  #networkDevices(): readonly VirtualEnvironmentVmNetworkDevice[] {
    const devices = this.resource.networkDeviceInput;
    return Array.isArray(devices) ? devices : [];
  }

  #problems(): Problem[] {
    const { site, vmId, pciDevices = [] } = this.#props;
    const where = this.node.path;
    return [
      ...(isMachineName(this.vmName) ? [] : [malformedName(where, this.vmName)]),
      ...site.hostProblems(this, this.resource.nodeNameInput ?? ""),
      ...(vmId === undefined || isWhole(vmId, 100, 999_999_999) ? [] : [vmIdRange(where, vmId)]),
      ...(this.#props.tags ?? [])
        .filter((tag) => !Token.isUnresolved(tag) && !/^[a-z0-9_][a-z0-9_+.-]*$/.test(tag))
        .map((tag) => malformedTag(where, tag)),
      ...computeProblems(where, this.#props, this.resource),
      ...diskProblems(this, this.host, site, this.#props),
      ...controllerProblems(where, this.resource),
      ...this.#networkProblems(),
      ...(this.#props.address === undefined || Token.isUnresolved(this.#props.address.address)
        ? []
        : staticAddressProblems(where, this.#props.address)),
      ...pciDevices
        .filter((mapping) => !mapping.hosts.includes(this.host))
        .map((mapping) => mappingWithoutHost(where, mapping.mappingName, this.host, mapping.hosts)),
      ...this.#passthroughProblems(),
      ...(site.login === "root" ? [] : rootOnlyProblems(where, this.resource)),
    ];
  }

  /** Read from the resource, because `resource` may have changed it. */
  #networkProblems(): Problem[] {
    const where = this.node.path;
    return this.#networkDevices().flatMap(({ bridge = "", macAddress, vlanId }) => [
      ...(Token.isUnresolved(bridge) || /^[a-z][\w.-]{0,14}$/i.test(bridge) ? [] : [malformedBridge(where, bridge)]),
      ...(macAddress === undefined || Token.isUnresolved(macAddress) ? [] : macProblems(where, macAddress)),
      ...(vlanId === undefined || Token.isUnresolved(vlanId) || isWhole(vlanId, 1, 4094)
        ? []
        : [vlanRange(where, vlanId)]),
    ]);
  }

  #passthroughProblems(): Problem[] {
    const where = this.node.path;
    const devices = this.resource.hostpciInput;
    if (!Array.isArray(devices) || devices.length === 0) {
      return [];
    }
    const machine = this.resource.machineInput ?? "pc";
    const bios = this.resource.biosInput ?? "seabios";
    return [
      ...(/(^|-)q35(-|,|$)/.test(machine) && bios === "ovmf" ? [] : [passthroughPlatform(where, machine, bios)]),
      ...devices.flatMap(({ device, id }) =>
        id === undefined || this.#props.site.login === "root" ? [] : [rawPciId(where, device, id)],
      ),
    ];
  }
}

function passthrough(mapping: PciMapping, index: number) {
  return {
    device: `hostpci${index}`,
    mapping: mapping.mappingName,
    pcie: true,
    // The provider sends 0 for a value left out, where Proxmox' own default is 1.
    rombar: true,
  };
}

function initialization(address: StaticAddress | undefined) {
  if (address === undefined) {
    return { ipConfig: [{ ipv4: { address: "dhcp" } }] };
  }
  const family = address.address.includes(":") ? "ipv6" : "ipv4";
  return {
    ipConfig: [{ [family]: { address: address.address, gateway: address.gateway } }],
    ...(address.nameservers === undefined ? {} : { dns: { servers: [...address.nameservers] } }),
  };
}

function macProblems(where: string, value: string): Problem[] {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(value)) {
    return [malformedMac(where, value)];
  }
  const [first = ""] = value.split(":");
  if (Number.parseInt(first, 16) % 2 === 1) {
    return [multicastMac(where, value)];
  }
  return /^(.[26ae]|bc:24:11)/i.test(value) ? [] : [foreignMac(where, value)];
}
