import type { IConstruct } from "constructs";
import { hostInTwoSites, type Problem, vmIdsOverlap } from "../../errors";
import type { ProxmoxSite } from "../proxmox-site";
import { addCheck } from "./checks";
import { proxmoxAt } from "./per-site";

/** The sites of a construct tree. */
const sitesOf = new WeakMap<IConstruct, Set<ProxmoxSite>>();

/** Hosts are called so when nobody gave them a name: two of them are no sign of one Proxmox. */
const usualNames = /^(pve|proxmox|node|host)-?\d*$/i;

/** Compares the hosts of a site with those of the other sites of the app. */
export function compareHosts(owner: IConstruct, site: ProxmoxSite): void {
  const { root } = owner.node;
  const known = sitesOf.get(root);
  const sites = known ?? new Set<ProxmoxSite>();
  sites.add(site);
  if (known === undefined) {
    sitesOf.set(root, sites);
    addCheck(owner, () =>
      [...sites].flatMap((one, index) => [...sites].slice(0, index).flatMap((earlier) => shared(one, earlier))),
    );
  }
}

/** What one Proxmox is reached by is one endpoint, or its machines are not compared. */
function shared(site: ProxmoxSite, earlier: ProxmoxSite): Problem[] {
  if (proxmoxAt(site.endpoint) === proxmoxAt(earlier.endpoint)) return sharedIds(site, earlier);
  return site.hosts
    .filter((host) => earlier.hosts.includes(host) && !usualNames.test(host))
    .map((host) => hostInTwoSites(site.name, host, site.endpoint, earlier.name, earlier.endpoint));
}

/** Ids that two sites of one Proxmox have for themselves. */
function sharedIds({ name, vmIds }: ProxmoxSite, earlier: ProxmoxSite): Problem[] {
  const theirs = earlier.vmIds;
  if (name === earlier.name || vmIds === undefined || theirs === undefined) return [];
  const first = Math.max(vmIds.first, theirs.first);
  const last = Math.min(vmIds.last, theirs.last);
  return first > last ? [] : [vmIdsOverlap(name, first, last, earlier.name)];
}
