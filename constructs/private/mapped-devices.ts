import type { IConstruct } from "constructs";
import { duplicate, malformedConfigId, mappingExhausted, mappingWithoutDevice, type Problem } from "../../errors";
import type { ProxmoxSite } from "../proxmox-site";
import { isConfigId } from "./names";
import { PerSite } from "./per-site";

/** A device of a host that a mapping names. */
interface NamedDevice {
  readonly name: string;
  /** All that the name stands for, one spelling each: a device with several functions is each of them. */
  readonly parts: readonly string[];
  /** Whether it is cut into parts, which several mappings may name. @default false */
  readonly isMediated?: boolean;
}

const named = new PerSite<NamedDevice & { readonly owner: string }>((entries) => {
  const taken = new Map<string, (typeof entries)[number]>();
  return entries.flatMap((entry) => {
    const { owner, name, parts, isMediated = false } = entry;
    const first = parts.flatMap((part) => taken.get(part) ?? []).find((it) => !(isMediated && it.isMediated));
    for (const part of parts) {
      taken.set(part, taken.get(part) ?? entry);
    }
    return first === undefined ? [] : [duplicate(owner, "device", name, first.owner)];
  });
});

/** Records the devices that a mapping names: a device is one VM's, and so in one mapping. */
export function nameDevices(owner: IConstruct, site: ProxmoxSite, devices: readonly NamedDevice[]): void {
  for (const device of devices) {
    named.add(owner, site, { owner: owner.node.path, ...device });
  }
}

/** The devices of a hardware mapping by host, and the VMs that want one of them. */
export class MappedDevices<Device> {
  readonly #devices: ReadonlyMap<string, readonly Device[]>;
  readonly #users: { readonly host: string; readonly vm: string }[] = [];

  constructor(devices: Readonly<Partial<Record<string, readonly Device[]>>>) {
    this.#devices = new Map(Object.entries(devices).map(([host, ofHost = []]) => [host, ofHost]));
  }

  /** The hosts that have a device behind the mapping. */
  get hosts(): readonly string[] {
    return [...this.#devices.keys()];
  }

  get all(): readonly Device[] {
    return [...this.#devices.values()].flat();
  }

  /** What the resource is told about each device. */
  map<T>(entry: (host: string, device: Device) => T): T[] {
    return [...this.#devices].flatMap(([host, devices]) => devices.map((device) => entry(host, device)));
  }

  /** Records that a VM takes one device of its host. */
  use(host: string, vm: string): void {
    this.#users.push({ host, vm });
  }

  /** Hosts with fewer devices than VMs that want one. */
  exhausted(where: string, kind: string, mapping: string): Problem[] {
    return this.hosts.flatMap((host) => {
      const devices = this.#devices.get(host)?.length ?? 0;
      const vms = this.#users.filter((user) => user.host === host).map(({ vm }) => vm);
      return vms.length > devices ? [mappingExhausted(where, kind, mapping, host, devices, vms)] : [];
    });
  }
}

/** What is wrong with a mapping of any kind. */
export function mappingProblems(
  where: string,
  kind: string,
  { mappingName, hosts }: { readonly mappingName: string; readonly hosts: readonly string[] },
): Problem[] {
  return [
    ...(isConfigId(mappingName) ? [] : [malformedConfigId(where, `${kind} mapping`, mappingName)]),
    ...(hosts.length === 0 ? [mappingWithoutDevice(where, kind, mappingName)] : []),
  ];
}
