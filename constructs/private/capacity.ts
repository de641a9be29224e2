import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import {
  cpuOvercommitted,
  datastoreOverCapacity,
  hostLossExceedsMemory,
  hostOverMemory,
  type Problem,
} from "../../errors";
import type { VirtualEnvironmentVm } from "../../providers/proxmox/virtual-environment-vm";
import type { ProxmoxSite } from "../proxmox-site";
import { PerSite } from "./per-site";

interface Machine {
  readonly site: ProxmoxSite;
  readonly resource: VirtualEnvironmentVm;
}

/** By what each of the sites says: one of them may know what the others do not. */
const machines = new PerSite<Machine>((all) => {
  const running = all.filter(({ resource }) => resource.startedInput !== false);
  const sites = [...new Set(all.map(({ site }) => site))];
  return sites.flatMap((site) => [
    ...hostProblems(running, site),
    ...hostLossProblems(running, site),
    ...datastoreProblems(all, site),
  ]);
});

/** Counts a VM in what the hosts and datastores of its Proxmox can hold, as it is at synth. */
export function countIn(site: ProxmoxSite, owner: IConstruct, resource: VirtualEnvironmentVm): void {
  machines.add(owner, site, { site, resource });
}

/** Only running machines take memory and cores (PVE-13, PVE-15). */
function hostProblems(running: readonly Machine[], site: ProxmoxSite): Problem[] {
  return site.hosts.flatMap((host) => {
    const { memoryMiB, cores } = site.capacityOf(host);
    const here = running.filter(({ resource }) => resource.nodeNameInput === host);
    const memory = sum(here.map(memoryOf));
    const cpus = sum(here.map(coresOf));
    return [
      ...(memoryMiB !== undefined && memory > memoryMiB
        ? [hostOverMemory(site.name, host, memory, memoryMiB, here.length)]
        : []),
      ...(cores !== undefined && cpus > cores * site.cpuOvercommit
        ? [cpuOvercommitted(site.name, host, cpus, cores, site.cpuOvercommit)]
        : []),
    ];
  });
}

/** Whether the machines of a host that dies would fit on the others. */
function hostLossProblems(all: readonly Machine[], site: ProxmoxSite): Problem[] {
  const running = all.filter(({ resource }) => site.hosts.includes(resource.nodeNameInput ?? ""));
  const sizes = new Map(site.hosts.map((host) => [host, site.capacityOf(host).memoryMiB]));
  const has = sum([...sizes.values()].map((size) => size ?? Number.NaN));
  const needed = sum(running.map(memoryOf));
  if (site.hosts.length < 2 || Number.isNaN(has) || needed > has) return [];
  const lost = site.hosts.filter((host) => needed > has - (sizes.get(host) ?? 0));
  return lost.length === 0 ? [] : [hostLossExceedsMemory(site.name, lost, needed)];
}

/** A local datastore is another one on each host. */
function datastoreProblems(all: readonly Machine[], site: ProxmoxSite): Problem[] {
  const used = new Map<string, { readonly datastore: string; readonly host: string | undefined; sizeGiB: number }>();
  for (const { resource } of all) {
    for (const { datastoreId, size } of disksOf(resource)) {
      if (datastoreId === undefined || Token.isUnresolved(datastoreId)) continue;
      const host = site.isShared(datastoreId) ? undefined : resource.nodeNameInput;
      const key = JSON.stringify([datastoreId, host]);
      const known = used.get(key) ?? { datastore: datastoreId, host, sizeGiB: 0 };
      known.sizeGiB += numberOf(size);
      used.set(key, known);
    }
  }
  return [...used.values()].flatMap(({ datastore, host, sizeGiB }) => {
    const has = site.sizeOf(datastore);
    return has !== undefined && sizeGiB > has ? [datastoreOverCapacity(site.name, datastore, host, sizeGiB, has)] : [];
  });
}

function disksOf(resource: VirtualEnvironmentVm) {
  const disks = resource.diskInput;
  return Array.isArray(disks) ? disks : [];
}

function memoryOf({ resource }: Machine): number {
  return numberOf(resource.memoryInput?.dedicated);
}

function coresOf({ resource }: Machine): number {
  const { cores, sockets } = resource.cpuInput ?? {};
  return numberOf(cores ?? 1) * numberOf(sockets ?? 1);
}

/** What Terraform knows only later counts nothing. */
function numberOf(value: number | undefined): number {
  return value === undefined || Token.isUnresolved(value) ? 0 : value;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
