import { Construct } from "constructs";
import {
  antiAffinityNotEnforced,
  haPriorityOfSeparated,
  malformedConfigId,
  type Problem,
  vmsShareHost,
} from "../errors";
import { Harule } from "../providers/proxmox/harule";
import { addCheck } from "./private/checks";
import { claim } from "./private/claims";
import { isConfigId } from "./private/names";
import type { ProxmoxSite } from "./proxmox-site";
import type { ProxmoxVm } from "./proxmox-vm";

export interface AntiAffinityProps {
  readonly site: ProxmoxSite;

  /** The VMs, each on a host of its own. */
  readonly vms: readonly ProxmoxVm[];
}

/**
 * VMs that never share a host, because they stand in for each other. Two of them on one host are refused. Where Proxmox
 * may move them by itself, because they are highly available, a rule keeps it from bringing them together (Proxmox
 * VE ≥ 9): one that has no host left for it then stays down.
 *
 * @example
 * new AntiAffinity(stack, "databases", { site, vms: [first, second] });
 */
export class AntiAffinity extends Construct {
  /** The rule of Proxmox, if two or more of the VMs are highly available. */
  readonly resource: Harule | undefined;
  readonly #props: AntiAffinityProps;

  constructor(scope: Construct, id: string, props: AntiAffinityProps) {
    super(scope, id || "unnamed");
    this.#props = props;
    if (props.site.pveMajor !== 8 && movable(props.vms).length > 1) {
      this.resource = separationRule(this, id, haResources(props.vms));
    }
    if (this.resource !== undefined) {
      claim(this, props.site, "HA rule", () => [id]);
    }
    addCheck(this, () => this.#problems(id));
  }

  #problems(id: string): Problem[] {
    const { site, vms } = this.#props;
    const where = this.node.path;
    const byHost = site.hosts.map((host) => [host, vms.filter((vm) => vm.host === host)] as const);
    return [
      ...(isConfigId(id) ? [] : [malformedConfigId(where, "rule", id)]),
      ...byHost
        .filter(([, together]) => together.length > 1)
        .map(([host, together]) => vmsShareHost(where, host, namesOf(together))),
      ...(site.pveMajor === 8 && movable(vms).length > 1
        ? [antiAffinityNotEnforced(where, namesOf(movable(vms)))]
        : []),
      ...(this.resource === undefined ? [] : separationProblems(where, vms)),
    ];
  }
}

/** A rule that keeps HA resources apart. @internal */
export function separationRule(scope: Construct, name: string, resources: string[]): Harule {
  return new Harule(scope, "Rule", { rule: name, type: "resource-affinity", affinity: "negative", resources });
}

/** Proxmox refuses a rule of which it cannot tell whether there are hosts for it, whichever ones are up. @internal */
export function separationProblems(where: string, vms: readonly ProxmoxVm[]): Problem[] {
  const choosy = vms.filter(({ prefersHosts }) => prefersHosts);
  return choosy.length === 0 ? [] : [haPriorityOfSeparated(where, namesOf(choosy))];
}

/** The HA resources of those of the VMs that Proxmox may move. @internal */
export function haResources(vms: readonly ProxmoxVm[]): string[] {
  return vms.flatMap(({ ha }) => ha?.resourceId ?? []);
}

function movable(vms: readonly ProxmoxVm[]): ProxmoxVm[] {
  return vms.filter(({ ha }) => ha !== undefined);
}

function namesOf(vms: readonly ProxmoxVm[]): string[] {
  return vms.map(({ vmName }) => vmName);
}
