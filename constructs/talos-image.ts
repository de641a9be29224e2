import { Construct } from "constructs";
import { imageVersionConflict, type Problem } from "../errors";
import {
  diskImageFileName,
  diskImageUrl,
  type Extension,
  extensionProblems,
  installerImage,
  kernelArgumentProblems,
  schematicId,
  schematicYaml,
} from "../machine-configs";
import { ImageFactorySchematic } from "../providers/talos/image-factory-schematic";
import { addCheck } from "./private/checks";
import { ImageDownloads } from "./private/image-downloads";
import { terraformText } from "./private/terraform-text";
import type { ProxmoxSite } from "./proxmox-site";
import type { SystemDisk } from "./vm-disks";

export interface TalosImageProps<Host extends string = string, Datastore extends string = string> {
  readonly site: ProxmoxSite<Host, Datastore>;

  /** Where the disk image is downloaded to; needs the content type `import` (Proxmox VE ≥ 8.4 for qcow2). */
  readonly datastore: NoInfer<Datastore>;

  /**
   * Official system extensions. They live in the image only, never in the machine configuration. With the `managed`
   * lifecycle a change upgrades the machines; otherwise it reaches those created later, and the others by
   * `talosctl upgrade`.
   *
   * @default - none
   */
  readonly extensions?: readonly Extension[];

  /**
   * Extra arguments of the kernel. They live in the image only, like the extensions.
   *
   * @default - none
   */
  readonly kernelArgs?: readonly string[];

  /**
   * Whether image and installer are signed, with keys that the machine takes over at its first start; from then on it
   * starts nothing else. The machines then have a TPM. Choose before the first machine: one that has no keys of the
   * image yet does not become secure by an upgrade.
   *
   * @default false
   */
  readonly secureBoot?: boolean;
}

/**
 * A Talos image: an Image Factory schematic, its nocloud disk image on the datastore, and the installer of the same
 * schematic. The image is downloaded once per host, or once where the datastore is shared, and only for hosts that
 * have a machine.
 *
 * The schematic's id is a hash of its content, so it is known at synth; the resource makes it known to the factory.
 *
 * @example
 * const image = new TalosImage(stack, "image", {
 *   site,
 *   datastore: "local",
 *   extensions: ["siderolabs/qemu-guest-agent"],
 * });
 */
export class TalosImage<Host extends string = string, Datastore extends string = string> extends Construct {
  readonly schematicId: string;
  readonly secureBoot: boolean;
  readonly resource: ImageFactorySchematic;
  readonly #props: TalosImageProps;
  readonly #downloads: ImageDownloads;
  readonly #versions = new Set<string>();

  constructor(scope: Construct, id: string, props: TalosImageProps<Host, Datastore>) {
    super(scope, id);
    this.#props = props;
    this.secureBoot = props.secureBoot ?? false;
    const schematic = schematicYaml({ extensions: this.extensions, kernelArgs: props.kernelArgs ?? [] });
    this.schematicId = schematicId(schematic);
    this.resource = new ImageFactorySchematic(this, "Resource", {
      schematic: terraformText(schematic),
      lifecycle: {
        postcondition: [
          {
            condition: `\${self.id == "${this.schematicId}"}`,
            errorMessage: `The image factory gave this schematic another id than ${this.schematicId}, so no image would be found under it.`,
          },
        ],
      },
    });
    this.#downloads = new ImageDownloads(this, props.site, props.datastore);
    addCheck(this, () => this.#problems());
  }

  get extensions(): readonly Extension[] {
    return [...(this.#props.extensions ?? [])];
  }

  /** Whether the image has all of these extensions. */
  missing(extensions: readonly Extension[]): readonly Extension[] {
    return extensions.filter((extension) => !this.extensions.includes(extension));
  }

  /** Reference of the installer with this schematic, for an install or upgrade to a Talos version. */
  installer(talos: string): string {
    return installerImage(
      this.#props.site.imageFactory.replace(/^https?:\/\/([^/]*).*$/, "$1"),
      this.schematicId,
      talos,
      this.secureBoot,
    );
  }

  /** The disk image for a machine on `host`: what a system disk is imported from, and after what. */
  importFor(host: string, talos: string): Required<Pick<SystemDisk, "importFrom" | "importAfter">> {
    this.#versions.add(talos);
    return this.#downloads.importFor(host, {
      url: diskImageUrl(this.#props.site.imageFactory, this.schematicId, talos, this.secureBoot),
      fileName: diskImageFileName(this.schematicId, talos, this.secureBoot),
      after: this.resource,
    });
  }

  /** This image with more extensions, made once per `id`; the same image if it has them all. */
  withExtensions(id: string, extensions: readonly Extension[]): TalosImage {
    const missing = this.missing(extensions);
    const made = this.node.tryFindChild(id);
    if (missing.length === 0) {
      return this;
    }
    return made instanceof TalosImage
      ? made
      : new TalosImage(this, id, { ...this.#props, extensions: [...this.extensions, ...missing] });
  }

  #problems(): Problem[] {
    const { site, datastore } = this.#props;
    return [
      ...site.datastoreProblems(this, datastore, "import"),
      ...extensionProblems(this.extensions, this.node.path),
      ...kernelArgumentProblems(this.#props.kernelArgs ?? [], this.node.path),
      ...(this.#versions.size > 1 ? [imageVersionConflict(this.node.path, [...this.#versions].sort())] : []),
    ];
  }
}
