import {
  AntiAffinity,
  HostBridge,
  KeptDisk,
  PciMapping,
  type ProxmoxSite,
  ProxmoxStorage,
  ProxmoxVm,
  type ProxmoxVmProps,
  SiteStack,
} from "../../index";
import { only, resources, synthesize } from "../helpers/synth";
import { addVm, refused, stackOf, type VmChanges, warned } from "../helpers/vms";

const shared = { datastore: "ceph", sizeGiB: 20, importFrom: "local:import/debian-13.qcow2" };

/** A highly available VM on shared storage, in a site of Proxmox VE 9. */
const ha = (vm: Extract<VmChanges["vm"], object> = {}, pveMajor: 8 | 9 = 9): VmChanges => ({
  site: { pveMajor },
  vm: (stack, site) => ({ disk: shared, highAvailability: {}, ...(typeof vm === "function" ? vm(stack, site) : vm) }),
});

test("a VM is not highly available unless it says so", () => {
  expect(Object.keys(stackOf()?.resource ?? {})).toEqual(["proxmox_virtual_environment_vm"]);
});

test("an HA resource refers to the VM, and is to be what the VM is to be", () => {
  const resource = (changes: VmChanges) => only(stackOf(changes), "proxmox_haresource");
  expect(resource(ha())).toMatchObject({
    resource_id: expect.stringMatching(/^vm:\$\{proxmox_virtual_environment_vm\.db-1_\w+\.id\}$/),
    state: "started",
  });
  expect(
    resource(ha({ started: false, highAvailability: { maxRestart: 3, maxRelocate: 2, failback: false } })),
  ).toMatchObject({ state: "stopped", max_restart: 3, max_relocate: 2, failback: false });
});

const hosts = { pve1: 100, pve2: 50 };

test("the hosts of a VM are a rule from Proxmox VE 9 on", () => {
  const stack = stackOf(ha({ highAvailability: { hosts, strict: true } }));
  expect(stack?.resource).not.toHaveProperty("proxmox_hagroup");
  expect(only(stack, "proxmox_haresource")).not.toHaveProperty("group");
  expect(only(stack, "proxmox_harule")).toMatchObject({
    rule: "ha-db-1",
    type: "node-affinity",
    resources: [expect.stringMatching(/^\$\{proxmox_haresource\.\w.*\.resource_id\}$/)],
    nodes: hosts,
    strict: true,
  });
});

test("and a group before", () => {
  const stack = stackOf(ha({ highAvailability: { hosts, strict: true, failback: false } }, 8));
  expect(stack?.resource).not.toHaveProperty("proxmox_harule");
  expect(only(stack, "proxmox_hagroup")).toMatchObject({
    group: "ha-db-1",
    nodes: hosts,
    restricted: true,
    no_failback: true,
  });
  const resource = only(stack, "proxmox_haresource");
  expect(resource["group"]).toMatch(/^\$\{proxmox_hagroup\..*\.group\}$/);
  expect(resource).not.toHaveProperty("failback");
});

const gpu = (on: readonly string[]) => (stack: SiteStack, site: ProxmoxSite) => ({
  pciDevices: [
    new PciMapping(stack, "gpu", {
      site,
      devices: Object.fromEntries(
        on.map((host) => [host, [{ id: "10de:2571", path: "0000:01:00", iommuGroup: 14, subsystemId: "10de:1611" }]]),
      ),
    }),
  ],
});

function stopped({ ha: resource }: ProxmoxVm): void {
  if (resource !== undefined) resource.state = "stopped";
}

test.each<[string, VmChanges, string, string]>([
  [
    "in a site of unknown version",
    { vm: { disk: shared, highAvailability: {} } },
    "unknown-pve-major",
    "Proxmox VE 8 or 9",
  ],
  [
    "with a disk that other hosts do not see",
    ha({ dataDisks: { scsi1: { datastore: "local-lvm", sizeGiB: 1 } } }),
    "ha-without-shared-storage",
    '"local-lvm"',
  ],
  [
    "with a disk that other hosts do not see, through the resource",
    {
      ...ha(),
      change: ({ resource }) => resource.putDisk([{ interface: "scsi0", datastoreId: "local-lvm", size: 20 }]),
    },
    "ha-without-shared-storage",
    '"local-lvm"',
  ],
  [
    "with a TPM that other hosts do not see, through the resource",
    { ...ha(), change: ({ resource }) => resource.putTpmState({ datastoreId: "local-lvm" }) },
    "ha-without-shared-storage",
    '"local-lvm"',
  ],
  [
    "with a kept disk that other hosts do not see",
    ha((stack, site) => ({
      dataDisks: {
        scsi1: { kept: new KeptDisk(stack, "data", { site, host: "pve1", datastore: "local-lvm", sizeGiB: 1 }) },
      },
    })),
    "ha-without-shared-storage",
    '"local-lvm"',
  ],
  [
    "with a GPU that other hosts do not have",
    ha(gpu(["pve1", "pve2"])),
    "ha-without-mapping",
    'mapping "gpu" has nothing on "pve3"',
  ],
  ["on an unknown host", ha({ highAvailability: { hosts: { pve1: 2, asgard: 1 } } }), "unknown-host", '"asgard"'],
  [
    "with a priority that is none",
    ha({ highAvailability: { hosts: { pve1: 1001 } } }),
    "value-out-of-range",
    "hosts.pve1 is 1001",
  ],
  ["with too many attempts", ha({ highAvailability: { maxRestart: 11 } }), "value-out-of-range", "maxRestart is 11"],
  [
    "on a host that Proxmox would move it away from",
    ha({ highAvailability: { hosts: { pve1: 1, pve2: 2 } } }),
    "ha-prefers-other-host",
    'on "pve1", but its highest priority is that of "pve2"',
  ],
  [
    "on a host that it may not run on",
    ha({ highAvailability: { hosts: { pve2: 1 }, strict: true } }),
    "ha-prefers-other-host",
    '"pve2"',
  ],
  [
    "and stopped through its resource",
    { ...ha(), change: ({ resource }) => (resource.started = false) },
    "ha-contradicts-started",
    "to be stopped, but its HA resource is to be started",
  ],
  [
    "and stopped by HA through its resource",
    { ...ha(), change: stopped },
    "ha-contradicts-started",
    "to be started, but its HA resource is to be stopped",
  ],
])("a highly available VM %s is refused", (_, changes, code, message) => {
  expect(refused(changes)).toEqual([[code, expect.stringContaining(message)]]);
});

test("a VM with a GPU that Proxmox would move back to its host while it runs is refused", () => {
  const everywhere = gpu(["pve1", "pve2", "pve3"]);
  const preferred = (highAvailability: object, pveMajor: 8 | 9 = 9) =>
    ha((stack, site) => ({ highAvailability, ...everywhere(stack, site) }), pveMajor);
  for (const changes of [preferred({ hosts: { pve1: 2, pve2: 1 } }), preferred({ hosts: { pve1: 1 } }, 8)]) {
    expect(refused(changes)).toEqual([["ha-failback-with-device", expect.stringContaining('With "gpu" the VM')]]);
  }
  expect(warned(preferred({ hosts: { pve1: 2, pve2: 1 }, failback: false }))).toEqual([]);
  expect(warned(preferred({}))).toEqual([]);
});

test("VMs that have the devices of each other's hosts are warned about: neither can be started there", () => {
  const two = (on: readonly string[], second: VmChanges["vm"] & object = { highAvailability: {} }): VmChanges => ({
    site: { pveMajor: 9 },
    vm: (stack, site) => {
      const { pciDevices } = gpu(on)(stack, site);
      new ProxmoxVm(stack, "db-2", { site, host: "pve2", disk: shared, networkDevices: [], pciDevices, ...second });
      return { disk: shared, highAvailability: strict, pciDevices };
    },
  });
  const strict = { hosts: { pve1: 1, pve2: 1 }, strict: true };
  expect(warned(two(["pve1", "pve2"], { highAvailability: strict }))).toEqual([
    expect.stringMatching(/^no-device-in-reserve: Without "pve1" .* has 0 that no VM uses, but 1 .*"test-alone\/db-1"/),
    expect.stringMatching(/^no-device-in-reserve: Without "pve2" .*"test-alone\/db-2"/),
  ]);
  expect(warned(two(["pve1", "pve2"], {}))).toEqual([expect.stringMatching(/^no-device-in-reserve: Without "pve1"/)]);
  expect(warned(two(["pve1", "pve2", "pve3"]))).toEqual([
    expect.stringMatching(/^no-device-in-reserve: Without "pve1"/),
  ]);
});

test("user data on a datastore that other hosts do not see is refused: Proxmox reads it at every start", () => {
  expect(refused(ha({ userData: { file: "local:snippets/db-1.yaml" } }))).toEqual([
    ["ha-without-shared-storage", expect.stringContaining('it needs "local"')],
  ]);
});

describe("what the code makes on hosts", () => {
  const made = (hosts: readonly string[], highAvailability: ProxmoxVmProps["highAvailability"]): VmChanges => ({
    site: { pveMajor: 9 },
    vm: (stack, site) => {
      const backing = { type: "nfs", server: "nas.example.com", export: "/ceph" } as const;
      new ProxmoxStorage(stack, "Shared", { site, datastore: "ceph", hosts, backing });
      new HostBridge(stack, "vmbr0", { site, hosts: Object.fromEntries(hosts.map((host) => [host, {}])) });
      return { disk: shared, highAvailability };
    },
  });

  test("has to be on every host where a highly available VM may be started", () => {
    expect(refused(made(["pve1", "pve2"], {}))).toEqual([
      ["datastore-not-on-host", expect.stringContaining('not for "pve3", where the VM runs or may be started')],
    ]);
    const everywhere = ["pve1", "pve2", "pve3"];
    expect(warned(made(everywhere, {}))).toEqual([]);
    expect(warned(made(["pve1", "pve2"], { hosts: { pve1: 1, pve2: 1 }, strict: true }))).toEqual([]);
    expect(warned(made(["pve1"], undefined))).toEqual([]);
  });

  test("a bridge that is not is warned about, because it may have been made by hand", () => {
    const bridge: VmChanges = {
      site: { pveMajor: 9 },
      vm: (stack, site) => {
        new HostBridge(stack, "vmbr0", { site, hosts: { pve1: {} } });
        return { disk: shared, highAvailability: {} };
      },
    };
    expect(warned(bridge)).toEqual([
      expect.stringMatching(/^bridge-not-on-host: .* is made on "pve1", but not on "pve2", "pve3"/),
    ]);
  });
});

test("a GPU is enough on the hosts that the VM may run on, and local storage on its own", () => {
  const both = { hosts: { pve1: 1, pve2: 1 }, strict: true };
  expect(warned(ha((stack, site) => ({ highAvailability: both, ...gpu(["pve1", "pve2"])(stack, site) })))).toEqual([]);
  const alone = { highAvailability: { hosts: { pve1: 1 }, strict: true }, disk: { ...shared, datastore: "local-lvm" } };
  expect(warned(ha(alone))).toEqual([]);
});

describe("anti-affinity", () => {
  const pair = (
    secondHost: string,
    isHa: boolean,
    pveMajor: 8 | 9 = 9,
    ruleStack?: string,
    name = "databases",
    firstHosts?: Readonly<Record<string, number>>,
  ): VmChanges => ({
    site: { pveMajor },
    vm: { disk: shared, ...(isHa ? { highAvailability: firstHosts === undefined ? {} : { hosts: firstHosts } } : {}) },
    change: (first, stack) => {
      const { site } = stack;
      const second = new ProxmoxVm(stack, "db-2", {
        site,
        host: secondHost,
        disk: shared,
        networkDevices: [],
        ...(isHa ? { highAvailability: {} } : {}),
      });
      const scope = ruleStack === undefined ? stack : new SiteStack(stack.node.root, ruleStack, { site });
      new AntiAffinity(scope, name, { site, vms: [first, second] });
    },
  });

  test("of VMs on one host is refused", () => {
    expect(refused(pair("pve1", false))).toEqual([
      ["anti-affinity-broken", '"db-1", "db-2" never share a host, but all are on "pve1".'],
    ]);
  });

  test("is a rule of Proxmox for those that Proxmox moves", () => {
    const id = /^\$\{proxmox_haresource\..*\.resource_id\}$/;
    expect(only(stackOf(pair("pve2", true)), "proxmox_harule")).toMatchObject({
      rule: "databases",
      type: "resource-affinity",
      affinity: "negative",
      resources: [expect.stringMatching(id), expect.stringMatching(id)],
    });
    expect(resources(stackOf(pair("pve2", false)), "proxmox_harule")).toEqual([]);
  });

  test("in another stack than its VMs is the same rule", () => {
    const id = /^\$\{data\.terraform_remote_state\.[\w-]+\.outputs\.[\w-]+\}$/;
    const { "test-rules": rules } = synthesize((app) => addVm(app, pair("pve2", true, 9, "rules")));
    expect(only(rules, "proxmox_harule")["resources"]).toEqual([expect.stringMatching(id), expect.stringMatching(id)]);
  });

  test("under the name of another rule is refused", () => {
    const problems = refused({
      ...ha({ highAvailability: { hosts: { pve1: 1 } } }),
      change: (vm, stack) => {
        const { site } = stack;
        const highAvailability = {};
        const other = new ProxmoxVm(stack, "db-2", {
          site,
          host: "pve2",
          disk: shared,
          networkDevices: [],
          highAvailability,
        });
        new AntiAffinity(stack, "ha-db-1", { site, vms: [vm, other] });
      },
    });
    expect(problems).toEqual([["duplicate-ha-rule", "The HA rule ha-db-1 already belongs to test-alone/db-1."]]);
  });

  test("of a VM that prefers a host is refused: Proxmox VE 9 takes no such rule", () => {
    const preferring = (hosts: Readonly<Record<string, number>>, pveMajor: 8 | 9 = 9) =>
      pair("pve2", true, pveMajor, undefined, "databases", hosts);
    expect(refused(preferring({ pve1: 2, pve3: 1 }))).toEqual([
      ["ha-priority-of-separated", expect.stringContaining('keeps "db-1" off')],
    ]);
    expect(warned(preferring({ pve1: 1, pve3: 1 }))).toEqual([]);
    expect(warned(preferring({ pve1: 2, pve3: 1 }, 8))).toEqual([
      expect.stringMatching(/^anti-affinity-not-enforced: /),
    ]);
  });

  test("under a name that is none is refused", () => {
    expect(refused(pair("pve2", true, 9, undefined, "2nd rule"))).toEqual([
      ["malformed-config-id", expect.stringContaining('"2nd rule"')],
    ]);
  });

  test("is warned about where Proxmox has no such rule", () => {
    expect(warned(pair("pve2", true, 8))).toEqual([expect.stringMatching(/^anti-affinity-not-enforced: /)]);
    expect(warned(pair("pve2", false, 8))).toEqual([]);
  });
});
