import type { IConstruct } from "constructs";
import { ProxmoxSite } from "../proxmox-site";

/** The site of what is not told one: that of its stack, if the stack is a site's. */
export function siteOf(owner: IConstruct): ProxmoxSite | undefined {
  for (const scope of owner.node.scopes) {
    if ("site" in scope && scope.site instanceof ProxmoxSite) return scope.site;
  }
  return undefined;
}
