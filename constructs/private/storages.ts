import type { IConstruct } from "constructs";
import { datastoreNotOnHost, type Problem } from "../../errors";
import type { ProxmoxSite } from "../proxmox-site";
import { PerSite } from "./per-site";

/** A datastore that the code makes for some of the hosts. */
interface Made {
  readonly datastore: string;
  readonly hosts: readonly string[];
}

/** What a machine has its disks on. */
interface Used {
  readonly owner: string;
  /** Where it runs, or may be started. */
  readonly hosts: readonly string[];
  readonly datastores: () => readonly string[];
}

const storages = new PerSite<Made | Used>((entries) => {
  const made = new Map(
    entries.flatMap((entry) => ("datastore" in entry ? [[entry.datastore, entry.hosts] as const] : [])),
  );
  return entries.flatMap((entry) => ("owner" in entry ? missing(entry, made) : []));
});

/** Records a datastore that is made for some hosts. */
export function recordStorage(site: ProxmoxSite, owner: IConstruct, storage: Made): void {
  storages.add(owner, site, storage);
}

/** Compares the datastores of a machine with those that are made. */
export function checkStorages(site: ProxmoxSite, owner: IConstruct, used: Omit<Used, "owner">): void {
  storages.add(owner, site, { owner: owner.node.path, ...used });
}

function missing({ owner, hosts, datastores }: Used, made: ReadonlyMap<string, readonly string[]>): Problem[] {
  if (made.size === 0) return [];
  return datastores().flatMap((datastore) => {
    const has = made.get(datastore) ?? hosts;
    const without = hosts.filter((host) => !has.includes(host));
    return without.length === 0 ? [] : [datastoreNotOnHost(owner, datastore, has, without)];
  });
}
