import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { type Claim, duplicate, type Problem } from "../../errors";
import type { ProxmoxSite } from "../proxmox-site";
import { addCheck } from "./checks";

interface Entry {
  readonly claim: Claim;
  readonly values: () => readonly (string | number | undefined)[];
  readonly owner: string;
}

/** What the machines of a site claim, by the site's name, per construct tree: one site object may serve several apps. */
const claimsOf = new WeakMap<IConstruct, Map<string, Entry[]>>();

/** Claims values for `owner`, as they are at synth: nothing else of the same site, in any stack of the app, may have them. */
export function claim(owner: IConstruct, site: ProxmoxSite, kind: Claim, values: Entry["values"]): void {
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
  entries.push({ claim: kind, values, owner: owner.node.path });
}

function duplicates(entries: readonly Entry[]): Problem[] {
  const owners = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { claim, values, owner } of entries) {
    for (const value of values()) {
      if (value === undefined || Token.isUnresolved(value)) {
        continue;
      }
      const key = `${claim} ${value}`;
      const first = owners.get(key);
      if (first === undefined) {
        owners.set(key, owner);
      } else {
        problems.push(duplicate(owner, claim, String(value), first));
      }
    }
  }
  return problems;
}
