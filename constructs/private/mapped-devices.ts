import type { IConstruct } from "constructs";
import {
  duplicate,
  malformedConfigId,
  mappingExhausted,
  mappingWithoutDevice,
  noDeviceInReserve,
  type Problem,
} from "../../errors";
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

/** A VM that takes one device of its host. */
export interface DeviceUser {
  readonly vm: string;
  readonly host: string;
  /** The other hosts on which it may be started. */
  readonly otherHosts: readonly string[];
}

/** The devices of a hardware mapping by host, and the VMs that want one of them. */
export class MappedDevices<Device> {
  readonly #devices: ReadonlyMap<string, readonly Device[]>;
  readonly #users: DeviceUser[] = [];

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
  use(user: DeviceUser): void {
    this.#users.push(user);
  }

  /** Hosts with fewer devices than VMs that want one, now or when another host is lost. */
  exhausted(where: string, kind: string, mapping: string): Problem[] {
    return this.hosts.flatMap((host) => {
      const users = this.#usersOn(host);
      const [devices, vms] = [this.#countOn(host), users.map(({ vm }) => vm)];
      if (vms.length > devices) return [mappingExhausted(where, kind, mapping, host, devices, vms)];
      const movable = users.filter(({ otherHosts }) => otherHosts.length > 0);
      const refuges = new Set(movable.flatMap(({ otherHosts }) => otherHosts));
      const free = [...refuges].map((other) => Math.max(0, this.#countOn(other) - this.#usersOn(other).length));
      const inReserve = free.reduce((total, count) => total + count, 0);
      const stranded = movable.map(({ vm }) => vm);
      return stranded.length > inReserve ? [noDeviceInReserve(where, kind, mapping, host, inReserve, stranded)] : [];
    });
  }

  #countOn(host: string): number {
    return this.#devices.get(host)?.length ?? 0;
  }

  #usersOn(host: string): readonly DeviceUser[] {
    return this.#users.filter((user) => user.host === host);
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
