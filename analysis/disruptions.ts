import { isReplacement } from "./plan-json";
import type { PlannedObject } from "./plan-objects";
import { blocksOf, textOf } from "./values";
import { type VmEffect, vmEffects } from "./vm-changes";

/** A machine out of service, for a while or for good. */
export interface Disruption {
  readonly fate: Fate;
  /** The resource that does it. */
  readonly object: PlannedObject;
  /** The attributes for which it does, dotted; none where it is not for an attribute. */
  readonly because: readonly string[];
}

export type Fate = (typeof fates)[number];

/** The worst first. */
const fates = ["destroyed", "replaced", "reset", "stopped", "restarted", "upgraded"] as const;

export function worstOf(disruptions: readonly Disruption[]): Disruption | undefined {
  return [...disruptions].sort((one, other) => fates.indexOf(one.fate) - fates.indexOf(other.fate))[0];
}

/** What a plan does to a VM. One that does not run cannot be restarted. */
export function vmDisruptions(vm: PlannedObject, running: boolean): Disruption[] {
  const { actions, after, replacePaths } = vm;
  if (isReplacement(actions)) {
    return [{ fate: "replaced", object: vm, because: replacePaths }];
  }
  if (actions.includes("delete")) {
    return [{ fate: "destroyed", object: vm, because: [] }];
  }
  const stop = running ? changesWith(vm, "stop") : [];
  const restart = running && after?.["reboot_after_update"] !== false ? changesWith(vm, "restart") : [];
  return [
    ...(stop.length > 0 ? [{ fate: "stopped" as const, object: vm, because: stop }] : []),
    ...(restart.length > 0 ? [{ fate: "restarted" as const, object: vm, because: restart }] : []),
  ];
}

/** The changes of a VM that wait in Proxmox until somebody restarts it: the provider was told not to. */
export function pendingChanges(vm: PlannedObject, running: boolean): string[] {
  return running && vm.after?.["reboot_after_update"] === false ? changesWith(vm, "restart") : [];
}

/** The attributes of a VM whose change in place has an effect. */
export function changesWith({ type, actions, before, after, unknown }: PlannedObject, effect: VmEffect): string[] {
  if (before === undefined || after === undefined || !actions.includes("update")) {
    return [];
  }
  const effects = vmEffects(before, after, unknown);
  // The newer VM resources write a change and leave the rest to the host, but for `started`.
  const known = type === "proxmox_virtual_environment_vm" ? effects : effects.filter(({ path }) => path === "started");
  return known.flatMap((one) => (one.effect === effect ? [one.path] : []));
}

/** What `talos_machine` or `talos_machine_configuration_apply` does to its machine, which outlives a replacement of it. */
export function nodeDisruptions(node: PlannedObject): Disruption[] {
  const { type, actions, before, after } = node;
  const resets = blocksOf(before, "on_destroy").some((block) => block["reset"] === true);
  if (actions.includes("delete") && resets) {
    return [{ fate: "reset", object: node, because: ["on_destroy.reset"] }];
  }
  if (!actions.includes("update") && !isReplacement(actions)) {
    return [];
  }
  if (type === "talos_machine") {
    const image = textOf(after, "image");
    const upgrades = isUnknown(node, "image") || (image !== undefined && image !== textOf(before, "image"));
    return upgrades ? [{ fate: "upgraded", object: node, because: ["image"] }] : [];
  }
  return applyModeOf(node) === "reboot" ? [{ fate: "restarted", object: node, because: ["apply_mode"] }] : [];
}

/**
 * Whether a configuration is applied such that Talos decides about a restart. From 1.14 on it never restarts for one;
 * which Talos runs is not in a plan, but a contract of 1.14 needs at least that.
 */
export function mayRestart(node: PlannedObject, contract: string | undefined): boolean {
  const applies = node.actions.includes("update") || node.actions.includes("create");
  const [, major = "0", minor = "0"] = /^v?(\d+)\.(\d+)/.exec(contract ?? "") ?? [];
  return applies && applyModeOf(node) === "auto" && Number(major) * 1000 + Number(minor) < 1014;
}

/** What the provider found out about the mode when it planned, or else what it was told; `talos_machine` has no mode. */
function applyModeOf({ after }: PlannedObject): string {
  return textOf(after, "resolved_apply_mode") ?? textOf(after, "apply_mode") ?? "auto";
}

function isUnknown({ unknown }: PlannedObject, name: string): boolean {
  return typeof unknown === "object" && unknown !== null && name in unknown;
}
