import { Construct, type IConstruct } from "constructs";
import { diskWithoutImage, existingWithoutId, malformedName, type Problem } from "../errors";
import type { Haresource } from "../providers/proxmox/haresource";
import type {
  VirtualEnvironmentVm,
  VirtualEnvironmentVmNetworkDevice,
} from "../providers/proxmox/virtual-environment-vm";
import { hostOf } from "./cluster-network";
import { checkBridges } from "./private/bridges";
import { countIn } from "./private/capacity";
import { addCheck } from "./private/checks";
import { claim } from "./private/claims";
import { ImportBlock } from "./private/import-block";
import { isMachineName } from "./private/names";
import { compareAddresses } from "./private/networks";
import { putAfter } from "./private/order";
import { changeProblems } from "./private/previous-synth";
import { rootOnlyProblems } from "./private/root-only";
import { checkStorages } from "./private/storages";
import { datastoresOf, VmResource } from "./private/vm-resource";
import type { ProxmoxSite } from "./proxmox-site";
import { type Compute, computeConfig, computeProblems } from "./vm-compute";
import { type Devices, deviceProblems, devicesConfig, mappingsOf, passthroughProblems } from "./vm-devices";
import { bySlot, controllerProblems, type Disks, diskProblems, disksConfig } from "./vm-disks";
import { addFirewall, firewallProblems, type VmFirewall } from "./vm-firewall";
import { type Firmware, firmwareConfig } from "./vm-firmware";
import {
  type HighAvailability,
  haStateProblems,
  hasPreference,
  highAvailabilityProblems,
  highlyAvailable,
  otherHosts,
} from "./vm-high-availability";
import {
  addressProblems,
  initializationConfig,
  type Networking,
  networkDeviceConfig,
  networkDeviceProblems,
  placedAddresses,
  staticAddresses,
} from "./vm-network";
import { type Operation, operationConfig, operationProblems } from "./vm-operation";
import { datastoreOf, type UserData, userDataProblems } from "./vm-user-data";

export interface ProxmoxVmProps<Host extends string = string, Datastore extends string = string>
  extends Compute,
    Disks<Datastore>,
    Networking,
    Devices,
    Operation {
  readonly site: ProxmoxSite<Host, Datastore>;

  /**
   * Proxmox host of the VM. A change migrates the VM while it runs; one with a device of its host has to be stopped by
   * hand before.
   */
  readonly host: NoInfer<Host>;

  /**
   * Name in Proxmox: a DNS label. Unique in the site. Changed while the VM runs, unless it comes from the construct's id,
   * which is part of the Terraform address: another address is another VM.
   *
   * @default - the construct's id
   */
  readonly name?: string;

  /**
   * VM id. Unique in the site; it must be free in the whole Proxmox cluster, or the provider takes the other VM for
   * its own. A change replaces the VM.
   *
   * @default - a free one, chosen at creation and kept: of the `vmIds` of the site, or else the next one of Proxmox
   */
  readonly vmId?: number | undefined;

  /**
   * Whether the VM exists, and Terraform takes it over instead of creating one (PVE-18): the first plan imports the VM
   * `vmId` of `host`. As long as this is true, Terraform refuses to destroy or replace the VM, and leaves its agent, boot
   * order and cloud-init as they are, since a difference there would restart it; and what `ignoreChanges` names, in words
   * of the Terraform resource. A change does nothing by itself.
   *
   * @default false
   */
  readonly existing?: boolean | { readonly ignoreChanges: readonly string[] } | undefined;

  /**
   * User data instead of that which Proxmox writes. The network stays Proxmox'. A change replaces the VM.
   *
   * @default - Proxmox', with the VM's name as hostname
   */
  readonly userData?: UserData | undefined;

  /** What Proxmox does when the VM or its host fails. Changed while the VM runs. @default - nothing */
  readonly highAvailability?: HighAvailability<NoInfer<Host>> | undefined;

  /** What may come in and go out. Changed while the VM runs. @default - everything */
  readonly firewall?: VmFirewall | undefined;

  /** What starts the guest. A change restarts the VM. @default - without keys and without a TPM */
  readonly firmware?: Firmware | undefined;
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
 * vm.resource.keyboardLayout = "de";
 */
export class ProxmoxVm<Host extends string = string, Datastore extends string = string> extends Construct {
  readonly resource: VirtualEnvironmentVm;
  readonly site: ProxmoxSite;
  readonly vmName: string;
  readonly host: string;
  /** Its HA resource, if it is highly available. */
  readonly ha: Haresource | undefined;
  readonly #props: ProxmoxVmProps;

  constructor(scope: Construct, id: string, props: ProxmoxVmProps<Host, Datastore>) {
    super(scope, id || "unnamed");
    this.#props = props;
    this.site = props.site;
    this.vmName = props.name ?? id;
    this.host = props.host;
    const mappings = mappingsOf(props);
    this.resource = new VmResource(this, "Resource", {
      name: this.vmName,
      nodeName: props.host,
      ...(props.vmId === undefined ? {} : { vmId: props.vmId }),
      ...firmwareConfig(props.firmware ?? {}, props.disk.datastore),
      ...computeConfig(props),
      operatingSystem: { type: "l26" },
      scsiHardware: "virtio-scsi-pci",
      bootOrder: ["scsi0"],
      disk: disksConfig(props),
      networkDevice: props.networkDevices.map((device) =>
        networkDeviceConfig(props.firewall === undefined ? device : { firewall: true, ...device }),
      ),
      initialization: {
        datastoreId: props.disk.datastore,
        ...initializationConfig(props),
        ...(props.userData === undefined ? {} : { userDataFileId: props.userData.file }),
      },
      ...devicesConfig(props),
      ...operationConfig(props),
      // Without it another host replaces the VM, and its disk with it. With a PCI device the migration of a running VM
      // is refused, which is better.
      migrate: true,
      stopOnDestroy: true,
      timeoutShutdownVm: 120,
      lifecycle: lifecycleOf(props),
    });
    if (isExisting(props) && props.vmId !== undefined) {
      new ImportBlock(this.resource, `${props.host}/${props.vmId}`);
    }
    putAfter(this.resource, [
      ...(props.disk.importAfter === undefined ? [] : [props.disk.importAfter]),
      ...(props.userData?.after === undefined ? [] : [props.userData.after]),
      ...(props.pool?.resource === undefined ? [] : [props.pool.resource]),
      ...Object.values(mappings).flatMap((ofKind) => ofKind.map(({ resource }) => resource)),
    ]);
    const { site, highAvailability } = props;
    if (highAvailability !== undefined) {
      this.ha = highlyAvailable(this, { vmName: this.vmName, resource: this.resource, site, highAvailability });
    }
    if (props.firewall !== undefined) {
      addFirewall(this, this.resource, props.firewall);
    }
    this.#claim();
    compareAddresses(site, this, { host: props.host, cards: () => placedAddresses(props) });
    const others = otherHosts(site, props.host, highAvailability);
    const hosts = [props.host, ...others];
    checkBridges(site, this, hosts, () => this.#networkDevices());
    checkStorages(site, this, { hosts, datastores: () => this.#datastores() });
    countIn(site, this, this.resource);
    for (const mapping of [...mappings.pci, ...mappings.usb]) {
      mapping.use({ vm: this.node.path, host: this.host, otherHosts: others });
    }
    for (const [, { kept }] of bySlot(props.dataDisks ?? {})) {
      kept?.use(this.node.path);
    }
    addCheck(this, () => this.#problems());
  }

  /** What a {@link BackupPolicy} asks about: the data disks that are its own. */
  get holdsData(): string | undefined {
    const own = bySlot(this.#props.dataDisks ?? {}).filter(([, { kept }]) => kept === undefined);
    return own.length === 0 ? undefined : `${own.map(([slot]) => slot).join(", ")} of ${this.vmName}`;
  }

  /** Whether high availability runs it on one host before another. @internal */
  get prefersHosts(): boolean {
    return hasPreference(this.#props.highAvailability);
  }

  /** Whether backups of the VM have all data disks of its own, or a kept one. @internal */
  hasInBackups(data: IConstruct): boolean {
    const disks = bySlot(this.#props.dataDisks ?? {}).map(([, disk]) => disk);
    return data === this
      ? disks.every(({ kept, backup }) => kept !== undefined || backup !== false)
      : disks.some(({ kept, backup }) => kept === data && backup !== false);
  }

  /** Static addresses of its cards, with prefix lengths. */
  get addresses(): readonly string[] {
    return staticAddresses(this.#props);
  }

  /** Read from the resource, because `resource` may have changed it. */
  #claim(): void {
    const { site } = this.#props;
    claim(this, site, "name", () => [this.resource.nameInput]);
    claim(this, site, "VM id", () => [this.resource.vmIdInput]);
    claim(this, site, "MAC address", () => this.#networkDevices().map(({ macAddress }) => macAddress?.toUpperCase()));
    claim(this, site, "address", () => this.addresses.map(hostOf));
  }

  #networkDevices(): readonly VirtualEnvironmentVmNetworkDevice[] {
    const devices = this.resource.networkDeviceInput;
    return Array.isArray(devices) ? devices : [];
  }

  /** What Proxmox reads of wherever it starts the VM: the user data, too. */
  #datastores(): string[] {
    const { userData } = this.#props;
    return [...datastoresOf(this.resource), ...(userData === undefined ? [] : [datastoreOf(userData)])];
  }

  #problems(): Problem[] {
    const { site, firewall } = this.#props;
    const where = this.node.path;
    return [
      ...(isMachineName(this.vmName) ? [] : [malformedName(where, this.vmName)]),
      ...site.hostProblems(this, this.resource.nodeNameInput ?? ""),
      ...site.vmIdProblems(where, this.resource.vmIdInput, this.resource.nameInput ?? ""),
      ...operationProblems(where, this.#props),
      ...computeProblems(where, this.#props, this.resource),
      ...diskProblems(this, this.host, site, this.#props),
      ...controllerProblems(where, this.resource),
      ...this.#networkDevices().flatMap((device) => networkDeviceProblems(where, device)),
      ...addressProblems(where, this.#props),
      ...userDataProblems(where, this.#props.userData),
      ...existenceProblems(where, this.#props),
      ...deviceProblems(this, this.host, this.#props),
      ...passthroughProblems(where, this.resource, site.login === "root"),
      ...(firewall === undefined ? [] : firewallProblems(where, firewall, this.#networkDevices())),
      ...this.#highAvailabilityProblems(),
      ...(site.previous === undefined ? [] : changeProblems(this.resource, site.previous)),
      ...(site.login === "root" ? [] : rootOnlyProblems(where, this.resource)),
    ];
  }

  #highAvailabilityProblems(): Problem[] {
    const { site, highAvailability } = this.#props;
    if (highAvailability === undefined || this.ha === undefined) {
      return [];
    }
    return [
      ...highAvailabilityProblems(this, site, highAvailability, {
        host: this.host,
        datastores: this.#datastores(),
        mappings: Object.values(mappingsOf(this.#props)).flat(),
      }),
      ...haStateProblems(this.node.path, this.resource, this.ha),
    ];
  }
}

/** What is wrong with taking a VM over, or with making one. */
function existenceProblems(where: string, props: ProxmoxVmProps): Problem[] {
  const { vmId, disk } = props;
  return [
    ...(isExisting(props) && vmId === undefined ? [existingWithoutId(where)] : []),
    ...(!isExisting(props) && disk.importFrom === undefined ? [diskWithoutImage(where)] : []),
  ];
}

type Existence = Pick<ProxmoxVmProps, "existing">;

function isExisting({ existing = false }: Existence): boolean {
  return existing !== false;
}

function lifecycleOf({ existing = false }: Existence) {
  // Read at creation only, but a new image would otherwise show up as a change of every VM.
  const image = "disk[0].import_from";
  if (existing === false) {
    return { ignoreChanges: [image] };
  }
  const others = existing === true ? [] : existing.ignoreChanges;
  return { preventDestroy: true, ignoreChanges: [image, "agent", "boot_order", "initialization", ...others] };
}
