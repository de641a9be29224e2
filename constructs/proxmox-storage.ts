import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { sharedStorageDiffers } from "../errors";
import { StorageCifs } from "../providers/proxmox/storage-cifs";
import { StorageDirectory } from "../providers/proxmox/storage-directory";
import { StorageLvmthin } from "../providers/proxmox/storage-lvmthin";
import { StorageNfs } from "../providers/proxmox/storage-nfs";
import { StorageZfspool } from "../providers/proxmox/storage-zfspool";
import { addCheck } from "./private/checks";
import { claim } from "./private/claims";
import { recordStorage } from "./private/storages";
import type { ProxmoxSite } from "./proxmox-site";

/** What a datastore is made of. A change of most of it makes the datastore anew in Proxmox; what is on it stays. */
export type StorageBacking =
  | { readonly type: "directory"; readonly path: string }
  | { readonly type: "lvmthin"; readonly volumeGroup: string; readonly thinPool: string }
  | { readonly type: "zfspool"; readonly zfsPool: string; readonly blocksize?: string }
  | { readonly type: "nfs"; readonly server: string; readonly export: string; readonly options?: string }
  | {
      readonly type: "cifs";
      readonly server: string;
      readonly share: string;
      readonly username: string;
      /** A secret: a sensitive variable. */
      readonly password: string;
    };

export interface ProxmoxStorageProps<Host extends string = string, Datastore extends string = string> {
  /** Says what the datastore may hold and whether all hosts see the same of it. */
  readonly site: ProxmoxSite<Host, Datastore>;

  /** One of the site's datastores, which so far may have been made by hand. */
  readonly datastore: NoInfer<Datastore>;

  readonly backing: StorageBacking;

  /** The hosts that use it. @default - all */
  readonly hosts?: readonly NoInfer<Host>[];
}

/** A datastore of the site, made by Terraform rather than by hand. */
export class ProxmoxStorage<Host extends string = string, Datastore extends string = string> extends Construct {
  readonly resource: TerraformResource;

  constructor(scope: Construct, id: string, props: ProxmoxStorageProps<Host, Datastore>) {
    super(scope, id);
    const { site, datastore, backing, hosts } = props;
    const common = {
      id: datastore,
      content: [...site.contentOf(datastore)].sort(),
      ...(hosts === undefined ? {} : { nodes: [...hosts].sort() }),
    };
    this.resource = made(this, common, site.isShared(datastore), backing);
    claim(this, site, "datastore", () => [datastore]);
    if (hosts !== undefined) {
      recordStorage(site, this, { datastore, hosts });
    }
    addCheck(this, () => [
      ...site.datastoreProblems(this, datastore),
      ...(hosts ?? []).flatMap((host) => site.hostProblems(this, host)),
      ...(isNetwork(backing) && !site.isShared(datastore)
        ? [sharedStorageDiffers(this.node.path, datastore, backing.type, "shared")]
        : []),
      ...(isLocal(backing) && site.isShared(datastore)
        ? [sharedStorageDiffers(this.node.path, datastore, backing.type, "not shared")]
        : []),
    ]);
  }
}

interface Common {
  readonly id: string;
  readonly content: string[];
  readonly nodes?: string[];
}

function made(scope: Construct, common: Common, shared: boolean, backing: StorageBacking): TerraformResource {
  switch (backing.type) {
    case "directory":
      return new StorageDirectory(scope, "Resource", { ...common, ...backing, shared });
    case "lvmthin":
      return new StorageLvmthin(scope, "Resource", { ...common, ...backing });
    case "zfspool":
      return new StorageZfspool(scope, "Resource", { ...common, ...backing });
    case "nfs":
      return new StorageNfs(scope, "Resource", { ...common, ...backing });
    case "cifs":
      return new StorageCifs(scope, "Resource", { ...common, ...backing });
  }
}

function isNetwork({ type }: StorageBacking): boolean {
  return type === "nfs" || type === "cifs";
}

function isLocal({ type }: StorageBacking): boolean {
  return type === "lvmthin" || type === "zfspool";
}
