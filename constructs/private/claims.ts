import type { IConstruct } from "constructs";
import { type Claim, duplicate, type Problem } from "../../errors";
import type { ProxmoxSite } from "../proxmox-site";
import { addCheck } from "./checks";

interface Entry {
  readonly claim: Claim;
  readonly value: string;
  readonly owner: string;
}

/** What the machines of a site claim, by the site's name, per construct tree: one site object may serve several apps. */
const claimsOf = new WeakMap<IConstruct, Map<string, Entry[]>>();

/** Claims a value for `owner`: no other machine of the same site, in any stack of the app, may have it. */
export function claim(owner: IConstruct, site: ProxmoxSite, kind: Claim, value: string): void {
  const root = owner.node.root;
  const sites = claimsOf.get(root) ?? new Map<string, Entry[]>();
  claimsOf.set(root, sites);
  let entries = sites.get(site.name);
  if (entries === undefined) {
    entries = [];
    sites.set(site.name, entries);
    const claimed = entries;
    addCheck(owner, () => duplicates(claimed));
  }
  entries.push({ claim: kind, value, owner: owner.node.path });
}

function duplicates(entries: readonly Entry[]): Problem[] {
  const owners = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { claim, value, owner } of entries) {
    const key = `${claim} ${value}`;
    const first = owners.get(key);
    if (first === undefined) {
      owners.set(key, owner);
    } else {
      problems.push(duplicate(owner, claim, value, first));
    }
  }
  return problems;
}
