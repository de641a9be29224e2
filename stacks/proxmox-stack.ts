import type { Construct } from "constructs";
import { PciMapping, type PciMappingProps } from "../constructs/pci-mapping";
import type { ProxmoxSite, StackState } from "../constructs/proxmox-site";
import { TalosImage, type TalosImageProps } from "../constructs/talos-image";
import { ProblemsError, unknownPciMapping } from "../errors";
import { SiteStack } from "./site-stack";

export interface ProxmoxStackProps<Host extends string, Datastore extends string, Mapping extends string> {
  readonly site: ProxmoxSite<Host, Datastore>;

  /** Where its state is kept. @default - where the site says */
  readonly state?: StackState;

  readonly image: Omit<TalosImageProps<Host, Datastore>, "site">;

  /** PCI hardware mappings by name. @default - none */
  readonly pciMappings?: Readonly<Record<Mapping, PciMappingProps<Host>["devices"]>>;
}

/**
 * `<site>-proxmox`: what the machines of a site need on the hosts, and what changes seldom and slowly — images and
 * PCI mappings. Apply it before the cluster.
 */
export class ProxmoxStack<
  Host extends string,
  Datastore extends string,
  Mapping extends string = never,
> extends SiteStack {
  readonly image: TalosImage;
  readonly #pciMappings: ReadonlyMap<string, PciMapping>;

  constructor(scope: Construct, props: ProxmoxStackProps<Host, Datastore, Mapping>) {
    super(scope, "proxmox", props);
    const { site, image, pciMappings } = props;
    this.image = new TalosImage(this, "Image", { site, ...image });
    this.#pciMappings = new Map(
      Object.entries<PciMappingProps<Host>["devices"]>(pciMappings ?? {}).map(([name, devices]) => [
        name,
        new PciMapping(this, name, { site, devices }),
      ]),
    );
  }

  /** A PCI mapping of the stack. */
  pciMapping(name: Mapping): PciMapping {
    const mapping = this.#pciMappings.get(name);
    if (mapping === undefined) {
      throw new ProblemsError([unknownPciMapping(this.node.path, name, [...this.#pciMappings.keys()])]);
    }
    return mapping;
  }
}
