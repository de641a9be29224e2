import { machineLeftOut, notAMachine, type Problem, settingsLeftAlone, sizeLeftOut } from "../../errors";
import { grouped } from "../grouped";
import type { GuestAnswer, Inventory } from "./read";
import { type VmCode, vmCodeOf } from "./vm";
import { type LiteralObject, type Reason, reasons } from "./vm-part";

/** A site as code. */
export interface SiteCode {
  readonly pveMajor: 8 | 9 | undefined;
  readonly hosts: LiteralObject;
  readonly datastores: LiteralObject;
  readonly inventory: readonly LiteralObject[];
  readonly machines: readonly { readonly vm: VmCode; readonly listed: readonly Problem[] }[];
  /** Everything that is not in the code, and why. */
  readonly listed: readonly Problem[];
}

/** What there is, as code; a machine that the site would be refused with is left out. */
export function siteCodeOf(inventory: Inventory): SiteCode {
  const leftOut: Problem[] = [];
  const machines: { vm: VmCode; listed: Problem[] }[] = [];
  const taken = new Map<string, string>();
  for (const guest of inventory.guests) {
    const where = placeOf(guest);
    if (guest.type === "lxc" || guest.template) {
      leftOut.push(notAMachine(where, guest.type === "lxc" ? "container" : "template"));
      continue;
    }
    const code = vmCodeOf(guest);
    if ("why" in code) {
      leftOut.push(machineLeftOut(where, code.why, code.remedy));
      continue;
    }
    const claims = claimsOf(code);
    const [shared] = claims.filter((claim) => taken.has(claim));
    if (shared !== undefined) {
      const why = `its ${shared} is also that of ${taken.get(shared)}`;
      leftOut.push(machineLeftOut(where, why, "Change one of them, and save the inventory again."));
      continue;
    }
    for (const claim of claims) taken.set(claim, where);
    machines.push({ vm: code, listed: leftAlone(where, code) });
  }
  const vms = machines.map(({ vm }) => vm);
  const hosts = hostsOf(inventory, vms);
  const datastores = datastoresOf(inventory, vms);
  return {
    pveMajor: inventory.pveMajor,
    hosts: hosts.code,
    datastores: datastores.code,
    inventory: inventory.guests.map(({ vmid, name, config }) => {
      const known = config?.["name"] ?? name;
      return known === undefined ? { vmid } : { vmid, name: known };
    }),
    machines,
    listed: [
      ...inventory.unread,
      ...hosts.listed,
      ...datastores.listed,
      ...leftOut,
      ...machines.flatMap(({ listed }) => listed),
    ],
  };
}

function placeOf({ vmid, name, config, type }: GuestAnswer): string {
  const kind = type === "lxc" ? "container" : "VM";
  return [kind, vmid, config?.["name"] ?? name].filter((part) => part !== undefined).join(" ");
}

/** What no two machines of a site may have: in words, with the value. */
function claimsOf({ id, part: { props, statements } }: VmCode): string[] {
  const cards = [
    ...listOf(props["networkDevices"]),
    ...statements.flatMap((one) => ("call" in one && one.call === "putNetworkDevice" ? listOf(one.with) : [])),
  ];
  const addresses = cards.flatMap(({ ipv4 }) =>
    isObject(ipv4) && typeof ipv4["address"] === "string" ? [ipv4["address"].replace(/\/.*/, "")] : [],
  );
  return [
    `name ${id}`,
    ...cards.flatMap(({ macAddress }) =>
      typeof macAddress === "string" ? [`MAC address ${macAddress.toUpperCase()}`] : [],
    ),
    ...addresses.map((address) => `address ${address}`),
  ];
}

function listOf(value: unknown): readonly LiteralObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: unknown): value is LiteralObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function leftAlone(where: string, { part: { left } }: VmCode): Problem[] {
  return [...grouped(left, ([, reason]) => reason).values()].map((ofReason) => {
    const [, reason] = ofReason[0] ?? (["", "unknown"] satisfies [string, Reason]);
    const [why, remedy] = reasons[reason];
    return settingsLeftAlone(
      where,
      ofReason.map(([setting]) => setting),
      why,
      remedy,
    );
  });
}

interface Sizes {
  readonly code: LiteralObject;
  readonly listed: readonly Problem[];
}

/** Hosts may have promised more memory than they have, which a site may not. */
function hostsOf({ hosts }: Inventory, vms: readonly VmCode[]): Sizes {
  const listed: Problem[] = [];
  const entries = hosts.map(({ node, memoryMiB, cores }) => {
    const running = vms.filter(({ host, running: runs }) => host === node && runs);
    const needed = sum(running.map(({ part }) => Number(part.props["memoryMiB"] ?? 0)));
    const fits = memoryMiB === undefined || needed <= memoryMiB;
    if (!fits) listed.push(sizeLeftOut(`host ${node}`, "memoryMiB", needed, memoryMiB));
    return [node, { memoryMiB: fits ? memoryMiB : undefined, cores }] as const;
  });
  return { code: Object.fromEntries(entries), listed };
}

const contents = ["images", "import", "iso", "vztmpl", "snippets", "backup", "rootdir"];

/** Storages that grow when they are written to may have promised more than they have, too. */
function datastoresOf({ storages }: Inventory, vms: readonly VmCode[]): Sizes {
  const listed: Problem[] = [];
  const used = vms.flatMap(({ host, disks }) => disks.map((disk) => ({ ...disk, host })));
  const names = [
    ...new Set([...storages.map(({ storage }) => storage), ...used.map(({ datastore }) => datastore)]),
  ].sort();
  const entries = names.map((name) => {
    const answers = storages.filter(({ storage }) => storage === name);
    const shared = answers.some((answer) => answer.shared);
    const here = used.filter(({ datastore }) => datastore === name);
    const places = shared ? [here] : [...grouped(here, ({ host }) => host).values()];
    const needed = Math.max(0, ...places.map((disks) => sum(disks.map(({ sizeGiB }) => sizeGiB))));
    const sizes = answers.flatMap(({ sizeGiB }) => sizeGiB ?? []);
    const least = sizes.length === 0 ? undefined : Math.min(...sizes);
    const fits = least === undefined || needed <= least;
    if (!fits) listed.push(sizeLeftOut(`datastore ${name}`, "sizeGiB", needed, least));
    const content = contents.filter(
      (one) => answers.some((answer) => answer.content.includes(one)) || (one === "images" && here.length > 0),
    );
    return [name, { content, shared: shared || undefined, sizeGiB: fits ? least : undefined }] as const;
  });
  return { code: Object.fromEntries(entries), listed };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
