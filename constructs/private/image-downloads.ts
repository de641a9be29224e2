import type { TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { DownloadFile } from "../../providers/proxmox/download-file";
import type { ProxmoxSite } from "../proxmox-site";
import type { SystemDisk } from "../vm-disks";
import { claim } from "./claims";

/** A disk image and where it comes from. */
export interface ImageFile {
  readonly url: string;
  /** What it is called on the datastore. Another image needs another name, or its download races with a deletion. */
  readonly fileName: string;
  /** @default - the download is not verified */
  readonly sha256?: string;
  /** What has to be there before the URL is. @default - nothing */
  readonly after?: TerraformResource;
}

/** The downloads of an image to one datastore: one per host that has a machine, or one where the datastore is shared. */
export class ImageDownloads {
  readonly #downloads = new Map<string, DownloadFile>();

  constructor(
    private readonly image: Construct,
    private readonly site: ProxmoxSite,
    private readonly datastore: string,
  ) {}

  /** What a system disk on `host` is imported from, and after what. */
  importFor(host: string, file: ImageFile): Required<Pick<SystemDisk, "importFrom" | "importAfter">> {
    return {
      // A literal path: a reference would show every VM as changed whenever the download is replaced.
      importFrom: `${this.datastore}:import/${file.fileName}`,
      importAfter: this.#download(host, file),
    };
  }

  #download(host: string, { url, fileName, sha256, after }: ImageFile): DownloadFile {
    const { site, datastore } = this;
    const shared = site.isShared(datastore);
    const id = (shared ? datastore : host) || "unnamed";
    let download = this.#downloads.get(id);
    if (download === undefined) {
      download = new DownloadFile(this.image, id, {
        // Any host that has a shared datastore can fetch for it; that of the first machine does.
        nodeName: host,
        datastoreId: datastore,
        contentType: "import",
        url,
        fileName,
        ...(sha256 === undefined ? {} : { checksum: sha256, checksumAlgorithm: "sha256" }),
        // Comparing sizes at every refresh would replace images for nothing.
        overwrite: false,
        // Which host fetches for a shared datastore does not matter once the file is there.
        lifecycle: { createBeforeDestroy: true, ...(shared ? { ignoreChanges: ["node_name"] } : {}) },
        ...(after === undefined ? {} : { dependsOn: [after] }),
      });
      this.#downloads.set(id, download);
      claim(this.image, site, "image file", () => [`${id}: ${datastore}:import/${download?.fileNameInput}`]);
    }
    return download;
  }
}
