import type { Disruption } from "./disruptions";
import { grouped } from "./grouped";
import { type GuardedPlan, keyOf, type PlannedObject } from "./plan-objects";
import { numberOf, textOf, type Values } from "./values";

const haTypes = new Set(["proxmox_haresource", "proxmox_virtual_environment_haresource"]);

/** The HA resources by the key of their VM: that of the same plan, or else the only one with the id. */
export function haResourcesByVm(
  plans: readonly GuardedPlan[],
  vms: readonly PlannedObject[],
): ReadonlyMap<string, readonly PlannedObject[]> {
  const byId = grouped(vms, ({ before }) => `vm:${numberOf(before, "vm_id") ?? numberOf(before, "id")}`);
  const vmOf = (ha: PlannedObject): PlannedObject | undefined => {
    const there = byId.get(textOf(ha.before ?? ha.after, "resource_id") ?? "") ?? [];
    const here = there.filter(({ plan }) => plan === ha.plan);
    const found = here.length > 0 ? here : there;
    return found.length === 1 ? found[0] : undefined;
  };
  const all = plans.flatMap(({ objects }) => objects.filter(({ type }) => haTypes.has(type)));
  return grouped(all, (ha) => {
    const vm = vmOf(ha);
    return vm === undefined ? "" : keyOf(vm);
  });
}

/** What an HA resource does to its VM: what it says is off, Proxmox stops. */
export function haDisruptions(ha: PlannedObject, running: boolean): Disruption[] {
  const { actions, before, after } = ha;
  const changes = actions.includes("create") || actions.includes("update");
  const stops = changes && isOff(after) && !isOff(before);
  return running && stops ? [{ fate: "stopped", object: ha, because: ["state"] }] : [];
}

function isOff(ha: Values | undefined): boolean {
  return ["stopped", "disabled"].includes(textOf(ha, "state") ?? "");
}
