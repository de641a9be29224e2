import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { type Claim, duplicate, type Problem } from "../../errors";
import type { ProxmoxSite } from "../proxmox-site";
import { PerSite } from "./per-site";
import { siteOf } from "./site-of";

interface Entry {
  readonly claim: Claim;
  readonly values: () => readonly (string | number | undefined)[];
  readonly owner: string;
}

const claims = new PerSite<Entry>(duplicates);

/** Claims values for `owner`, as they are at synth: nothing else on the same hosts, in any stack of the app, may have them. */
export function claim(owner: IConstruct, site: ProxmoxSite, kind: Claim, values: Entry["values"]): void {
  claims.add(owner, site, { claim: kind, values, owner: owner.node.path });
}

/** The same for what is not told its site. */
export function claimInStack(owner: IConstruct, kind: Claim, values: Entry["values"]): void {
  const site = siteOf(owner);
  if (site !== undefined) claim(owner, site, kind, values);
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
