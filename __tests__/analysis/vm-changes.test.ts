import { readFileSync } from "node:fs";
import * as path from "node:path";
import type { Values } from "../../analysis/values";
import { type VmEffect, vmChanges, vmEffects } from "../../analysis/vm-changes";

const schemas = path.join(__dirname, "../../providers/schemas");
const vmType = "proxmox_virtual_environment_vm";

interface Block {
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly block_types?: Readonly<Record<string, { readonly block: Block }>>;
}

describe("the table", () => {
  const { provider_schemas } = read("proxmox.json");
  const [provider] = Object.values<{ resource_schemas: Record<string, { block: Block }> }>(provider_schemas);
  const paths = pathsOf(provider?.resource_schemas[vmType]?.block ?? {});
  const entries = vmChanges.map((change) => change.path);

  test("has every attribute and block of the provider's schema, and no other", () => {
    const covered = (name: string): boolean => entries.includes(name) || (name.includes(".") && covered(outer(name)));
    expect(paths.filter((name) => !covered(name))).toEqual([]);
    expect(entries.filter((name) => !paths.includes(name))).toEqual([]);
    expect(new Set(entries).size).toBe(entries.length);
  });

  test("replaces for exactly what the provider's recorded behaviour replaces for", () => {
    const { replace, replace_measured } = read("behaviour/proxmox.json")[vmType];
    const recorded: string[] = [...replace, ...replace_measured].map((text: string) => text.replace(/ .*/, ""));
    const replacing = vmChanges.filter(({ effect }) => effect === "replace").map((change) => change.path);
    // The members of `clone` are all recorded by themselves.
    expect(replacing.sort()).toEqual([...new Set(recorded.map((name) => name.replace(/^clone\..*/, "clone")))].sort());
  });
});

const vm: Values = {
  name: "w-1",
  node_name: "pve1",
  started: true,
  template: false,
  migrate: true,
  hotplug: null,
  description: null,
  tags: ["talos", "worker"],
  cpu: [{ cores: 4, hotplugged: 0, flags: null }],
  memory: [{ dedicated: 4096, floating: 0, hugepages: "" }],
  agent: [{ enabled: true, timeout: "15m" }],
  disk: [
    { interface: "scsi0", datastore_id: "local-lvm", size: 32, iothread: false },
    { interface: "scsi1", datastore_id: "local-lvm", size: 100, iothread: false },
  ],
  hostpci: [],
  smbios: [],
};

test.each<[string, Values, Record<string, VmEffect>]>([
  ["nothing", {}, {}],
  ["nothing but what the old SDK takes for not set", { description: "", smbios: null, hostpci: undefined }, {}],
  ["text and tags", { description: "Builds.", tags: ["talos"] }, { description: "live", tags: "live" }],
  ["memory", { memory: [{ dedicated: 8192, floating: 0 }] }, { "memory.dedicated": "restart" }],
  [
    "more memory, and the host can add it",
    { hotplug: "memory", memory: [{ dedicated: 8192, floating: 0 }] },
    { hotplug: "live", "memory.dedicated": "live" },
  ],
  [
    "less memory, and the host can add it",
    { hotplug: "1", memory: [{ dedicated: 2048, floating: 0 }] },
    { hotplug: "live", "memory.dedicated": "restart" },
  ],
  [
    "huge pages, and the host can add memory",
    { hotplug: "memory", memory: [{ dedicated: 4096, hugepages: "2" }] },
    { hotplug: "live", "memory.hugepages": "restart" },
  ],
  ["cores", { cpu: [{ cores: 8, hotplugged: 0 }] }, { "cpu.cores": "restart" }],
  [
    "CPUs added while it runs",
    { hotplug: "cpu,disk", cpu: [{ cores: 4, hotplugged: 2 }] },
    { hotplug: "live", "cpu.hotplugged": "live" },
  ],
  ["CPUs that the host cannot add", { cpu: [{ cores: 4, hotplugged: 2 }] }, { "cpu.hotplugged": "restart" }],
  ["a block gone", { agent: [] }, { agent: "restart" }],
  ["a device more", { hostpci: [{ device: "hostpci0", mapping: "gpu" }] }, { hostpci: "restart" }],
  ["a larger disk", { disk: disks({}, { size: 200 }) }, { "disk.size": "live" }],
  [
    "a larger disk, and the host cannot tell the guest",
    { hotplug: "0", disk: disks({}, { size: 200 }) },
    { hotplug: "live", "disk.size": "restart" },
  ],
  ["a disk elsewhere", { disk: disks({ datastore_id: "local-zfs" }, {}) }, { "disk.datastore_id": "restart" }],
  ["an option of a disk", { disk: disks({ iothread: true }, {}) }, { "disk.iothread": "live" }],
  ["the order of the disks", { disk: disks({}, {}).reverse() }, {}],
  ["a disk less", { disk: disks({}, {}).slice(0, 1) }, { disk: "live" }],
  ["another interface", { disk: disks({}, { interface: "scsi2" }) }, { disk: "live" }],
  ["another host", { node_name: "pve2" }, { node_name: "migrate" }],
  ["power off", { started: false }, { started: "stop" }],
  ["a template of it", { template: true }, { template: "stop" }],
  ["an attribute of a later provider", { novel: { setting: 1 } }, { novel: "restart" }],
])("%s", (_, change, expected) => {
  const effects = vmEffects(vm, { ...vm, ...change }, {});
  expect(Object.fromEntries(effects.map(({ path: name, effect }) => [name, effect]))).toEqual(expected);
});

test("a VM that is started by a change is not stopped by it", () => {
  expect(vmEffects({ ...vm, started: false }, vm, {})).toEqual([{ path: "started", effect: "live" }]);
});

test("what is known only at apply counts as changed, and nothing beside it", () => {
  const after = { ...vm, name: undefined, memory: [{ floating: 0, hugepages: "" }] };
  expect(
    vmEffects(vm, after, { name: true, memory: [{ dedicated: true }], disk: [{}, {}], mac_addresses: true }),
  ).toEqual([
    { path: "mac_addresses", effect: "none" },
    { path: "memory.dedicated", effect: "restart" },
    { path: "name", effect: "live" },
  ]);
});

function disks(first: Values, second: Values): Values[] {
  const [system, data] = vm["disk"] as Values[];
  return [
    { ...system, ...first },
    { ...data, ...second },
  ];
}

function pathsOf({ attributes = {}, block_types = {} }: Block, prefix = ""): string[] {
  return [
    ...Object.keys(attributes).map((name) => prefix + name),
    ...Object.entries(block_types).flatMap(([name, { block }]) => [
      prefix + name,
      ...pathsOf(block, `${prefix}${name}.`),
    ]),
  ];
}

function outer(name: string): string {
  return name.slice(0, name.lastIndexOf("."));
}

function read(file: string) {
  return JSON.parse(readFileSync(path.join(schemas, file), "utf8"));
}
