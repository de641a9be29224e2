import { Construct } from "constructs";
import { malformedUbuntuImage, type Problem } from "../errors";
import { addCheck } from "./private/checks";
import { ImageDownloads } from "./private/image-downloads";
import type { ProxmoxSite } from "./proxmox-site";
import type { SystemDisk } from "./vm-disks";

export interface UbuntuImageProps<Host extends string = string, Datastore extends string = string> {
  readonly site: ProxmoxSite<Host, Datastore>;

  /** Where the image is downloaded to; needs the content type `import` (Proxmox VE ≥ 8.4 for qcow2). */
  readonly datastore: NoInfer<Datastore>;

  /** Ubuntu's version: `24.04`. */
  readonly version: `${number}.${"04" | "10"}`;

  /** Date of the release of the image, the folder `release-<serial>` of the version: `20260826`. */
  readonly serial: `${number}`;

  /** SHA-256 of the image, from `SHA256SUMS` of that folder; Proxmox refuses another file. */
  readonly sha256: string;
}

/**
 * A released cloud image of Ubuntu for amd64, pinned by its date and checksum. It is downloaded by the hosts themselves,
 * once per host that has a machine of it, or once where the datastore is shared. A change reaches machines that are made
 * later.
 *
 * @example
 * const noble = new UbuntuImage(stack, "noble", {
 *   site,
 *   datastore: "local",
 *   version: "24.04",
 *   serial: "20260801",
 *   sha256: "0533b0655c32e68b31d792ecd6ccfca95abdbc536c4446874fe0513bd4140ffe",
 * });
 */
export class UbuntuImage<Host extends string = string, Datastore extends string = string> extends Construct {
  readonly #props: UbuntuImageProps;
  readonly #downloads: ImageDownloads;

  constructor(scope: Construct, id: string, props: UbuntuImageProps<Host, Datastore>) {
    super(scope, id);
    this.#props = props;
    this.#downloads = new ImageDownloads(this, props.site, props.datastore);
    addCheck(this, () => this.#problems());
  }

  /** The disk image for a machine on `host`: what a system disk is imported from, and after what. */
  importFor(host: string): Required<Pick<SystemDisk, "importFrom" | "importAfter">> {
    const { version, serial, sha256 } = this.#props;
    return this.#downloads.importFor(host, {
      url: `https://cloud-images.ubuntu.com/releases/${version}/release-${serial}/ubuntu-${version}-server-cloudimg-amd64.img`,
      // The image is a qcow2; Proxmox goes by the ending.
      fileName: `ubuntu-${version}-${serial}-amd64.qcow2`,
      sha256,
    });
  }

  #problems(): Problem[] {
    const { site, datastore, version, serial, sha256 } = this.#props;
    const forms = [
      ["version", version, /^\d\d\.(04|10)$/, 'a version such as "24.04"'],
      [
        "serial",
        serial,
        /^20\d{6}(\.\d+)?$/,
        'the date of a release such as "20260801"; "release" and "current" change',
      ],
      ["sha256", sha256, /^[0-9a-f]{64}$/, "the 64 hexadecimal digits from SHA256SUMS"],
    ] as const;
    return [
      ...site.datastoreProblems(this, datastore, "import"),
      ...forms
        .filter(([, value, form]) => !form.test(value))
        .map(([prop, value, , expected]) => malformedUbuntuImage(this.node.path, prop, value, expected)),
    ];
  }
}
