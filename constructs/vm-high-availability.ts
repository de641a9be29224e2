import type { Construct } from "constructs";
import {
  haContradictsStarted,
  haFailbackWithDevice,
  haHostPreference,
  haWithoutMapping,
  haWithoutSharedStorage,
  type Problem,
  unknownPveMajor,
} from "../errors";
import { Hagroup } from "../providers/proxmox/hagroup";
import { Haresource } from "../providers/proxmox/haresource";
import { Harule } from "../providers/proxmox/harule";
import type { VirtualEnvironmentVm } from "../providers/proxmox/virtual-environment-vm";
import { claim } from "./private/claims";
import { given } from "./private/given";
import { boundsProblems } from "./private/numbers";
import type { ProxmoxSite } from "./proxmox-site";

/**
 * What Proxmox does when the VM or its host fails: starts it again, there or elsewhere. All of it is changed while the
 * VM runs. Needs storage that the other hosts have, `pveMajor` of the site, and the privilege `Sys.Console` on `/`.
 */
export interface HighAvailability<Host extends string = string> {
  /**
   * Hosts that it may run on, with their priorities, 0–1000: it runs on the highest one that is up. The VM's own host is
   * one of the highest, or Proxmox would move it away from there. A change may migrate the VM while it runs.
   *
   * @default - all of the site, none before another
   */
  readonly hosts?: Readonly<Partial<Record<Host, number>>>;

  /**
   * Whether it rather stays down than runs on a host that is not in `hosts`. Changed while the VM runs.
   *
   * @default false
   */
  readonly strict?: boolean;

  /** Whether it returns to a host of higher priority that is up again. Changed while the VM runs. @default true */
  readonly failback?: boolean;

  /** Attempts to start it on one host, at most 10. Changed while the VM runs. @default 1 - set by Proxmox */
  readonly maxRestart?: number;

  /** Attempts to start it on another host, at most 10. Changed while the VM runs. @default 1 - set by Proxmox */
  readonly maxRelocate?: number;
}

/** What the high availability of a VM depends on. */
interface HighlyAvailable {
  readonly vmName: string;
  readonly resource: VirtualEnvironmentVm;
  readonly site: ProxmoxSite;
  readonly highAvailability: HighAvailability;
}

/**
 * The HA resource of a VM, and the hosts that it may run on: as a rule from Proxmox VE 9 on, as a group before.
 * @internal
 */
export function highlyAvailable(
  vm: Construct,
  { vmName, resource, site, highAvailability }: HighlyAvailable,
): Haresource {
  const { hosts, strict, failback, maxRestart, maxRelocate } = highAvailability;
  const nodes = Object.fromEntries(prioritiesOf(highAvailability));
  const hasRules = site.pveMajor !== 8;
  const group =
    hasRules || hosts === undefined
      ? undefined
      : new Hagroup(vm, "HaGroup", {
          group: haName(vmName),
          nodes,
          ...given({ restricted: strict, noFailback: failback === undefined ? undefined : !failback }),
        });
  const ha = new Haresource(vm, "HaResource", {
    resourceId: `vm:${resource.id}`,
    // From the same input as the VM's own state, or each of the two would undo the other at every apply.
    state: resource.startedInput === false ? "stopped" : "started",
    ...given({ group: group?.group, maxRestart, maxRelocate, failback: hasRules ? failback : undefined }),
  });
  if (hasRules && hosts !== undefined) {
    claim(vm, site, "HA rule", () => [haName(vmName)]);
    new Harule(vm, "HaRule", {
      rule: haName(vmName),
      type: "node-affinity",
      resources: [ha.resourceId],
      nodes,
      ...given({ strict }),
    });
  }
  return ha;
}

function prioritiesOf({ hosts = {} }: HighAvailability): (readonly [host: string, priority: number])[] {
  return Object.entries<number | undefined>(hosts).flatMap(([host, priority]) =>
    priority === undefined ? [] : [[host, priority] as const],
  );
}

/** The hosts beside its own on which Proxmox may start a VM. @internal */
export function otherHosts(site: ProxmoxSite, own: string, highAvailability: HighAvailability | undefined): string[] {
  if (highAvailability === undefined) return [];
  const { strict = false } = highAvailability;
  const hosts = strict ? prioritiesOf(highAvailability).map(([host]) => host) : site.hosts;
  return hosts.filter((host) => host !== own);
}

/** Whether some of its hosts come before others. @internal */
export function hasPreference(highAvailability: HighAvailability = {}): boolean {
  return new Set(prioritiesOf(highAvailability).map(([, priority]) => priority)).size > 1;
}

/** Rules and groups begin with a letter, which a name of a VM need not. */
function haName(vmName: string): string {
  return `ha-${vmName}`;
}

/** What a VM is made of that other hosts have to have as well. */
interface Needs {
  readonly host: string;
  readonly datastores: readonly string[];
  readonly mappings: readonly { readonly mappingName: string; readonly hosts: readonly string[] }[];
}

/** What keeps a VM from running elsewhere, or from staying where it is. @internal */
export function highAvailabilityProblems(
  vm: Construct,
  site: ProxmoxSite,
  highAvailability: HighAvailability,
  needs: Needs,
): Problem[] {
  const { failback = true, maxRestart, maxRelocate } = highAvailability;
  const where = vm.node.path;
  const priorities = prioritiesOf(highAvailability);
  const elsewhere = otherHosts(site, needs.host, highAvailability);
  const local = elsewhere.length === 0 ? [] : needs.datastores.filter((datastore) => !site.isShared(datastore));
  return [
    ...(site.pveMajor === undefined ? [unknownPveMajor(where)] : []),
    ...priorities.flatMap(([host]) => site.hostProblems(vm, host)),
    ...boundsProblems(where, [
      ...priorities.map(([host, priority]) => [`highAvailability.hosts.${host}`, priority, 0, 1000] as const),
      ["highAvailability.maxRestart", maxRestart, 0, 10],
      ["highAvailability.maxRelocate", maxRelocate, 0, 10],
    ]),
    ...hostPreferenceProblems(where, needs.host, priorities),
    ...(local.length === 0 ? [] : [haWithoutSharedStorage(where, [...new Set(local)])]),
    ...(failback && needs.mappings.length > 0 && isPreferred(needs.host, elsewhere, new Map(priorities))
      ? [haFailbackWithDevice(where, names(needs.mappings), needs.host)]
      : []),
    ...needs.mappings.flatMap(({ mappingName, hosts: has }) => {
      const without = elsewhere.filter((host) => !has.includes(host));
      return without.length === 0 ? [] : [haWithoutMapping(where, mappingName, without)];
    }),
  ];
}

/** Whether Proxmox would move the VM back from elsewhere as soon as it can. */
function isPreferred(host: string, elsewhere: readonly string[], priorities: ReadonlyMap<string, number>): boolean {
  const own = priorities.get(host);
  return own !== undefined && elsewhere.some((other) => (priorities.get(other) ?? -1) < own);
}

function names(mappings: Needs["mappings"]): string[] {
  return mappings.map(({ mappingName }) => mappingName);
}

function hostPreferenceProblems(
  where: string,
  host: string,
  priorities: readonly (readonly [string, number])[],
): Problem[] {
  const highest = Math.max(...priorities.map(([, priority]) => priority));
  const best = priorities.filter(([, priority]) => priority === highest).map(([name]) => name);
  return priorities.length === 0 || best.includes(host) ? [] : [haHostPreference(where, host, best)];
}

/** Read from the resources, because escape hatches may have changed them. @internal */
export function haStateProblems(
  where: string,
  { startedInput }: VirtualEnvironmentVm,
  { stateInput }: Haresource,
): Problem[] {
  const started = startedInput !== false;
  const state = stateInput ?? "started";
  return (state === "started") === started ? [] : [haContradictsStarted(where, started, state)];
}
