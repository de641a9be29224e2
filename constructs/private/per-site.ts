import type { IConstruct } from "constructs";
import type { Problem } from "../../errors";
import type { ProxmoxSite } from "../proxmox-site";
import { addCheck } from "./checks";

/**
 * What the constructs of one Proxmox cluster have in common, per construct tree: one site object may serve several apps,
 * and two sites with one endpoint are the same hosts.
 */
export class PerSite<Entry> {
  readonly #entries = new WeakMap<IConstruct, Map<string, Entry[]>>();

  /** @param check asked once per Proxmox cluster and synth, with everything that was added. */
  constructor(private readonly check: (entries: readonly Entry[]) => readonly Problem[]) {}

  add(owner: IConstruct, site: ProxmoxSite, entry: Entry): void {
    const root = owner.node.root;
    const sites = this.#entries.get(root) ?? new Map<string, Entry[]>();
    this.#entries.set(root, sites);
    const known = sites.get(proxmoxAt(site.endpoint));
    const entries = known ?? [];
    entries.push(entry);
    if (known === undefined) {
      sites.set(proxmoxAt(site.endpoint), entries);
      addCheck(owner, () => this.check(entries));
    }
  }
}

/** One spelling per URL of an API, so that equal ones are equal texts. */
export function proxmoxAt(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).origin : endpoint;
}
