import { Construct } from "constructs";
import { diskAttachedTwice, malformedName, type Problem } from "../errors";
import { VirtualEnvironmentVm } from "../providers/proxmox/virtual-environment-vm";
import { countIn } from "./private/capacity";
import { addCheck } from "./private/checks";
import { claim } from "./private/claims";
import { given } from "./private/given";
import { isMachineName } from "./private/names";
import { boundsProblems } from "./private/numbers";
import type { ProxmoxSite } from "./proxmox-site";

export interface KeptDiskProps<Host extends string = string, Datastore extends string = string> {
  readonly site: ProxmoxSite<Host, Datastore>;

  /**
   * Host of the disk, and so of the VM that uses it, unless the datastore is shared. With a datastore that is not, a
   * change would replace the disk, which Terraform refuses.
   */
  readonly host: NoInfer<Host>;

  /** Where it is stored; needs the content type `images`. Moving it is not for Terraform: the VM does not own it. */
  readonly datastore: NoInfer<Datastore>;

  /**
   * Size in GiB. Read at creation only. It grows by hand while the VM runs: `qm disk resize <VM> <slot> +10G`, then
   * `qm disk rescan --vmid <id of the disk>`.
   */
  readonly sizeGiB: number;

  /**
   * Id that Proxmox knows it by, as it knows VMs. Unique in the site. A change would replace the disk, which Terraform
   * refuses.
   *
   * @default - a free one, chosen at creation and kept: of the `vmIds` of the site, or else the next one of Proxmox
   */
  readonly vmId?: number;
}

/**
 * A disk that outlives the VMs which use it, one at a time: it stays when they are replaced or destroyed.
 *
 * Proxmox has no disks without a VM, and deletes with a VM what that VM owns. So the disk belongs to a VM of its own,
 * called like the construct's id, which is never started, is protected, and which Terraform does not destroy. Its only
 * disk is this one: a second could not be told from it when Proxmox numbers them anew.
 *
 * @example
 * const data = new KeptDisk(stack, "db-1-data", { site, host: "pve", datastore: "local-lvm", sizeGiB: 100 });
 * new ProxmoxVm(stack, "db-1", { … , dataDisks: { scsi1: { kept: data, serial: "data" } } });
 */
export class KeptDisk<Host extends string = string, Datastore extends string = string> extends Construct {
  readonly resource: VirtualEnvironmentVm;
  readonly site: ProxmoxSite;
  readonly host: string;
  readonly datastore: string;
  readonly #props: KeptDiskProps;
  readonly #users: string[] = [];

  constructor(scope: Construct, id: string, props: KeptDiskProps<Host, Datastore>) {
    super(scope, id || "unnamed");
    const { site, host, datastore, sizeGiB, vmId } = props;
    this.#props = props;
    this.site = site;
    this.host = host;
    this.datastore = datastore;
    this.resource = new VirtualEnvironmentVm(this, "Resource", {
      name: id,
      description: "Holds a disk that other VMs use. Never start or delete it.",
      tags: ["kept-disk"],
      nodeName: host,
      ...given({ vmId }),
      started: false,
      onBoot: false,
      protection: true,
      // The VM that uses it has it in its backups.
      disk: [{ interface: "scsi0", datastoreId: datastore, size: sizeGiB, discard: "on", backup: false }],
      // Moving a disk that another VM has open would copy it as it is at some moment, and delete the original.
      migrate: site.isShared(datastore),
      lifecycle: { preventDestroy: true, ignoreChanges: ["disk[0].size"] },
    });
    countIn(site, this, this.resource);
    claim(this, site, "name", () => [this.resource.nameInput]);
    claim(this, site, "VM id", () => [this.resource.vmIdInput]);
    addCheck(this, () => this.#problems());
  }

  /** What a {@link BackupPolicy} asks about. */
  get holdsData(): string {
    return `the disk ${this.node.id}`;
  }

  /** Whether every host of the site has it. */
  get isShared(): boolean {
    return this.#props.site.isShared(this.datastore);
  }

  /** What a VM has to say to use it: the same disk of the holder, with the size that it has grown to. @internal */
  attachment() {
    const disk = this.resource.disk.get(0);
    return {
      datastoreId: this.datastore,
      pathInDatastore: disk.pathInDatastore,
      fileFormat: disk.fileFormat,
      size: disk.size,
    };
  }

  /** Records that a VM uses it. @internal */
  use(vm: string): void {
    this.#users.push(vm);
  }

  #problems(): Problem[] {
    const { site, datastore, sizeGiB } = this.#props;
    const where = this.node.path;
    const name = this.resource.nameInput ?? "";
    return [
      ...(isMachineName(name) ? [] : [malformedName(where, name)]),
      ...site.hostProblems(this, this.host),
      ...site.datastoreProblems(this, datastore, "images"),
      ...boundsProblems(where, [["sizeGiB", sizeGiB, 1]]),
      ...site.vmIdProblems(where, this.resource.vmIdInput, name),
      ...(this.#users.length > 1 ? [diskAttachedTwice(where, this.#users)] : []),
    ];
  }
}
