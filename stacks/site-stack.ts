import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { ProxmoxSite, StackState } from "../constructs/proxmox-site";
import { ProxmoxProvider } from "../providers/proxmox/provider";
import { TalosProvider } from "../providers/talos/provider";
import { placeState, stackName } from "./site-state";

export interface SiteStackProps {
  readonly site: ProxmoxSite;

  /** Where its state is kept. @default - where the site says */
  readonly state?: StackState;
}

/**
 * A stack of a site: the providers, configured for the site, and its state. The stack is called `<site>-<id>`.
 *
 * The Proxmox API token comes from the environment variable `PROXMOX_VE_API_TOKEN` when Terraform runs (PVE-6).
 */
export class SiteStack extends TerraformStack {
  readonly site: ProxmoxSite;
  readonly proxmox: ProxmoxProvider;
  readonly talos: TalosProvider;

  constructor(scope: Construct, id: string, props: SiteStackProps) {
    super(scope, stackName(props.site, id));
    const { site, state } = props;
    this.site = site;
    this.proxmox = new ProxmoxProvider(this, "ProxmoxProvider", {
      endpoint: site.endpoint,
      ...(site.insecure ? { insecure: true } : {}),
      ...idsOf(site),
    });
    this.talos = new TalosProvider(this, "TalosProvider", { imageFactoryUrl: site.imageFactory });
    placeState(this, site, state);
  }
}

/** Machines without an id would get the next free one, which may be another site's. */
function idsOf({ vmIds }: ProxmoxSite) {
  return vmIds === undefined || vmIds.first >= vmIds.last
    ? {}
    : { randomVmIds: true, randomVmIdStart: vmIds.first, randomVmIdEnd: vmIds.last };
}
