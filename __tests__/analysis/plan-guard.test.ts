import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import * as fc from "fast-check";
import { type Allowance, guardRules, judgePlans, type Verdict } from "../../analysis/plan-guard";
import { readPlan } from "../../analysis/plan-objects";
import { guardText } from "../../cli/guard-report";
import { ProblemsError } from "../../errors";
import { planScenarios } from "../engine/support/plan-scenarios";
import { expectGolden } from "../helpers/golden";

const corpus = path.join(__dirname, "golden/plans");
const vmType = "proxmox_virtual_environment_vm";

/** A plan as Terraform prints it, as far as these tests look into it. */
interface PlanJson {
  readonly format_version: string;
  readonly resource_changes: readonly Change[];
  readonly [part: string]: unknown;
}

interface Change {
  readonly address: string;
  readonly change: { readonly actions: readonly string[]; readonly [part: string]: unknown };
}

type Plans = Readonly<Record<string, PlanJson>>;

describe("the recorded plans", () => {
  test.each(planScenarios.map((scenario) => [scenario.name, scenario] as const))("%s", (name, { refused }) => {
    const verdict = judge(recorded(name));
    expect(codesOf(verdict)).toEqual(refused);
    expectGolden(path.join(corpus, name, "verdict.txt"), `${guardText(verdict)}\n`);
  });

  test("are those of the scenarios, at least forty, and every rule refuses some", () => {
    expect(readdirSync(corpus).sort()).toEqual(planScenarios.map(({ name }) => name).sort());
    expect(planScenarios.length).toBeGreaterThanOrEqual(40);
    expect(guardRules().filter((rule) => !planScenarios.some(({ refused }) => refused.includes(rule)))).toEqual([]);
  });

  test("hold no secret", () => {
    const texts = planScenarios.flatMap(({ name }) =>
      Object.values(recorded(name)).map((plan) => JSON.stringify(plan)),
    );
    expect(texts.filter((text) => /PRIVATE|BEGIN|LS0t|client_key|token|secretbox|s3cret/.test(text))).toEqual([]);
  });
});

describe("any change of the recorded ones", () => {
  const lab = planScenarios
    .filter(({ site }) => site === "lab")
    .map((scenario) => ({ ...scenario, plans: recorded(scenario.name) }));
  const plansOf = (isSafe: boolean) =>
    lab.filter(({ refused }) => (refused.length === 0) === isSafe).map(({ plans }) => plans);
  const idle = changesIn(recorded("no-changes"));
  const busy = lab.flatMap(({ plans }) => [...changesIn(plans).values()]).filter((change) => !isIdle(change));

  test("of what is safe every part is safe, in any order", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...plansOf(true)),
        fc.infiniteStream(fc.boolean()),
        fc.infiniteStream(fc.nat()),
        (plans, keep, order) => {
          const part = mapChanges(plans, (change) =>
            keep.next().value ? change : (idle.get(change.address) ?? change),
          );
          expect(judge(shuffled(part, order)).refused).toEqual([]);
        },
      ),
    );
  });

  test("what is refused stays refused, for the same rules, with whatever else is changed", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...plansOf(false)),
        fc.subarray(busy),
        fc.infiniteStream(fc.nat()),
        (plans, more, order) => {
          const added = mapChanges(plans, (change) =>
            isIdle(change) ? (more.find(({ address }) => address === change.address) ?? change) : change,
          );
          expect(codesOf(judge(shuffled(added, order)))).toEqual(expect.arrayContaining(codesOf(judge(plans))));
        },
      ),
    );
  });

  test("the order says nothing", () => {
    fc.assert(
      fc.property(fc.constantFrom(...lab), fc.infiniteStream(fc.nat()), ({ plans }, order) => {
        expect(judge(shuffled(plans, order))).toEqual(judge(plans));
      }),
    );
  });
});

describe("an allowance", () => {
  const plans = recorded("two-control-planes-restart");
  const [first = "", second = ""] = judge(plans).refused[0]?.subjects.map(({ address }) => address) ?? [];
  const allow = (rule: string, address: string): Allowance => ({ rule, address, reason: "planned outage" });

  test("lets pass what a rule says about all of its addresses, and the reason is told", () => {
    const verdict = judge(plans, [allow("etcd-quorum-lost", first), allow("etcd-quorum-lost", second)]);
    expect(codesOf(verdict)).toEqual(["control-planes-together"]);
    expect(verdict.allowed).toMatchObject([{ code: "etcd-quorum-lost", reasons: ["planned outage"] }]);
    expect(verdict.safe).toBe(false);
    expect(guardText(verdict)).toContain("lab-cluster: allowed: etcd-quorum-lost");
    expect(guardText(verdict)).toContain("  Reason: planned outage");
  });

  test("of one of two addresses allows nothing", () => {
    expect(codesOf(judge(plans, [allow("etcd-quorum-lost", first)]))).toContain("etcd-quorum-lost");
  });

  test("may have any part of an address left out, and nothing else has a meaning", () => {
    const rules = ["etcd-quorum-lost", "control-planes-together"];
    expect(
      judge(
        plans,
        rules.map((rule) => allow(rule, "*_Vm_*")),
      ).safe,
    ).toBe(true);
    expect(
      judge(
        plans,
        rules.map((rule) => allow(rule, "*.Vm.*")),
      ).safe,
    ).toBe(false);
  });

  test("that nothing needs is named: it would allow the next plan", () => {
    expect(judge(plans, [allow("whole-host", "*")]).notes).toMatchObject([
      { code: "allowance-unused", where: "--allow whole-host:*" },
    ]);
  });
});

test("as many machines as are accepted may be out of service", () => {
  const plans = recorded("three-workers-memory");
  expect(judge(plans, [], 3).safe).toBe(true);
  expect(codesOf(judge(recorded("worker-memory"), [], 1))).toEqual([]);
  expect(codesOf(judge(recorded("two-workers-memory"), [], 1))).toEqual(["too-many-machines"]);
});

// --- What tells a machine's role and cluster ----------------------------------------------------------------------

const destroyed = { actions: ["delete"], after: null };
const atAddress = (address: string) => ({
  initialization: [{ ip_config: [{ ipv4: [{ address: `${address}/24` }] }] }],
});
const configurationOf = (type: string) =>
  `version: v1alpha1\n# generated\nmachine:\n    # What it is.\n    type: ${type} # here\n    token: s3cret\ncluster:\n    type: other\n`;

describe.each<[string, readonly Change[]]>([
  ["its tags", [vm("a", { tags: ["prod", "control-plane"] }, destroyed)]],
  [
    "the configuration that it has",
    [
      vm("a", atAddress("10.0.0.1"), destroyed),
      apply("a", { node: "10.0.0.1", machine_configuration_input: configurationOf("controlplane") }, destroyed),
    ],
  ],
  [
    "the bootstrap",
    [vm("a", atAddress("10.0.0.1"), destroyed), resource("talos_machine_bootstrap", "b", { node: "10.0.0.1" })],
  ],
  [
    "the cluster",
    [
      vm("a", atAddress("10.0.0.1"), destroyed),
      resource("talos_cluster", "c", { node: "10.0.0.9", control_plane_nodes: ["10.0.0.1"] }),
    ],
  ],
  [
    "the agent's addresses of the other family and the bootstrap",
    [
      vm("a", { ipv6_addresses: [["::1"], ["fd00::1"]] }, destroyed),
      resource("talos_machine_bootstrap", "b", { node: "fd00::1" }),
    ],
  ],
  [
    "the agent's addresses and the bootstrap",
    [
      vm("a", { ipv4_addresses: [["127.0.0.1"], ["10.0.0.1"]] }, destroyed),
      resource("talos_machine_bootstrap", "b", { node: "10.0.0.1" }),
    ],
  ],
])("a control plane is known by %s", (_, changes) => {
  test("and guarded", () => {
    expect(codesOf(judge({ plan: planOf(changes) }))).toEqual(["etcd-quorum-lost"]);
  });
});

test("the instances of a module are told apart: what one refers to is in the same one", () => {
  const inModule = (key: string, change: Change) => ({
    ...change,
    address: `module.site["${key}"].${change.address}`,
    module_address: `module.site["${key}"]`,
  });
  const site = (key: string, role: string) => [
    inModule(key, vm("a", {}, destroyed)),
    inModule(key, apply("a", { machine_configuration_input: configurationOf(role) })),
  ];
  const applied = { address: "talos_machine_configuration_apply.a", expressions: { node: references(vmAddress("a")) } };
  const configuration = { root_module: { module_calls: { site: { module: { resources: [applied] } } } } };
  const { machines } = judge({
    plan: planOf([...site("blue", "controlplane"), ...site("green", "worker")], configuration),
  });
  expect(machines.map(({ address, role }) => [address, role])).toEqual([
    [`module.site["blue"].${vmAddress("a")}`, "control plane"],
    [`module.site["green"].${vmAddress("a")}`, "worker"],
  ]);
});

test("hosts of one name behind two providers are two hosts", () => {
  const provider = (name: string, endpoint: string) => [
    name,
    { expressions: { endpoint: { constant_value: endpoint } } },
  ];
  const made = (name: string, key: string) => ({ address: vmAddress(name), provider_config_key: key });
  const plan = (second: string) =>
    planOf([vm("a", {}, destroyed), vm("b", {}, destroyed), vm("c", {}), vm("d", {})], {
      provider_config: Object.fromEntries([
        provider("proxmox", "https://one.example.com:8006"),
        provider("proxmox.other", "https://two.example.com:8006"),
      ]),
      root_module: {
        resources: [made("a", "proxmox"), made("b", "proxmox"), made("c", second), made("d", second)],
      },
    });
  expect(codesOf(judge({ plan: plan("proxmox") }))).toEqual([]);
  expect(codesOf(judge({ plan: plan("proxmox.other") }))).toEqual(["whole-host"]);
});

test("upgrades in two plans do not wait for each other, and those of each plan for one another", () => {
  const site = (name: string) => {
    const upgrade = (id: string) =>
      resource(
        "talos_machine",
        id,
        { node: `10.0.${name}.${id.slice(1)}`, image: "installer:1" },
        { actions: ["update"], after: { node: `10.0.${name}.${id.slice(1)}`, image: "installer:2" } },
      );
    const resources = [
      { address: "talos_machine.n1" },
      { address: "talos_machine.n2", depends_on: ["talos_machine.n1"] },
    ];
    return planOf([upgrade("n1"), upgrade("n2")], { root_module: { resources } });
  };
  expect(codesOf(judge({ blue: site("1") }, [], 1))).toEqual([]);
  const both = { blue: site("1"), green: site("2") };
  expect(codesOf(judge(both, [], 1))).toEqual(["too-many-machines"]);
  expect(codesOf(judge(both, [], 2))).toEqual([]);
});

test("a worker is known by the configuration that it has", () => {
  const node = { node: "10.0.0.1", machine_configuration_input: configurationOf("worker") };
  const verdict = judge({ plan: planOf([vm("a", atAddress("10.0.0.1"), destroyed), apply("a", node, destroyed)]) });
  expect(verdict).toMatchObject({ refused: [], notes: [], machines: [{ role: "worker" }] });
});

test("where nothing tells the role, that is said", () => {
  const verdict = judge({ plan: planOf([vm("a", {}, destroyed)]) });
  expect(verdict).toMatchObject({
    refused: [],
    notes: [{ code: "role-unknown", subjects: [{ address: vmAddress("a") }] }],
  });
});

test("an address that two machines have tells nothing about either", () => {
  const changes = [vm("a", atAddress("10.0.0.1"), destroyed), vm("b", atAddress("10.0.0.1"))];
  const node = apply("a", { node: "10.0.0.1", machine_configuration_input: configurationOf("worker") });
  expect(judge({ plan: planOf([...changes, node]) }).notes).toMatchObject([{ code: "role-unknown" }]);
});

test("in two sites with one network, a node is the machine of its own plan", () => {
  const site = (role: string) => [
    vm("a", atAddress("10.0.0.1"), destroyed),
    apply("a", { node: "10.0.0.1", machine_configuration_input: configurationOf(role) }, destroyed),
  ];
  const { machines } = judge({ blue: planOf(site("controlplane")), green: planOf(site("worker")) });
  expect(machines.map(({ plan, role }) => [plan, role])).toEqual([
    ["blue", "control plane"],
    ["green", "worker"],
  ]);
});

describe("control planes", () => {
  const member = (name: string, ca: string, change = {}) => {
    const address = `10.0.0.${name.length}${name.charCodeAt(0)}`;
    const node = { node: address, client_configuration: { ca_certificate: ca, client_key: "s3cret" } };
    return [
      vm(name, atAddress(address), change),
      apply(name, { ...node, machine_configuration_input: configurationOf("controlplane") }),
    ];
  };
  const three = (ca: string, change = {}) =>
    ["a", "b", "c"].flatMap((name) => member(ca + name, ca, name === "a" ? change : {}));

  test("with one CA are one cluster, and others another one", () => {
    expect(codesOf(judge({ plan: planOf(three("x", destroyed)) }))).toEqual([]);
    expect(codesOf(judge({ plan: planOf([...three("x", destroyed), ...three("yy", destroyed)]) }))).toEqual([]);
    expect(codesOf(judge({ plan: planOf([...three("x"), ...member("only", "yy", destroyed)]) }))).toEqual([
      "etcd-quorum-lost",
    ]);
  });

  test("of which no plan tells the cluster are judged by themselves, and that is said", () => {
    const verdict = judge({ plan: planOf([...three("x"), vm("d", { tags: ["master"] }, destroyed)]) });
    expect(codesOf(verdict)).toEqual(["etcd-quorum-lost"]);
    expect(verdict.notes).toMatchObject([{ code: "cluster-unknown" }]);
  });

  test("count once, also where nothing tells which VM is which node", () => {
    const vms = ["a", "b"].map((name) => vm(name, { tags: ["controlplane"] }, name === "a" ? destroyed : {}));
    const nodes = ["1", "2"].map((name) => resource("talos_machine_bootstrap", name, { node: `10.0.0.${name}` }));
    const applies = ["1", "2"].map((name) => apply(name, { node: `10.0.0.${name}` }));
    expect(judge({ plan: planOf([...vms, ...nodes, ...applies]) }).refused).toMatchObject([
      { code: "etcd-quorum-lost", message: "1 of 2 control planes would be left at work, and etcd needs 2." },
    ]);
  });

  test("without a VM in the plans are guarded as well: what resets them is told to", () => {
    const node = (name: string, change = {}) =>
      resource(
        "talos_machine",
        name,
        { node: `10.0.0.${name}`, on_destroy: { reset: true }, machine_configuration: configurationOf("controlplane") },
        change,
      );
    const plan = planOf([node("1", destroyed), node("2", destroyed), node("3")]);
    expect(codesOf(judge({ plan }))).toEqual(["etcd-quorum-lost", "control-planes-together"]);
    expect(judge({ plan }).refused[0]?.subjects).toMatchObject([
      { what: "control plane, reset (on_destroy.reset)" },
      {},
    ]);
  });
});

// --- What happens to a machine ------------------------------------------------------------------------------------

test.each([
  [
    "one endpoint is one host",
    { constant_value: "https://a.example.com" },
    { constant_value: "https://a.example.com" },
    ["whole-host"],
  ],
  [
    "two endpoints are two",
    { constant_value: "https://a.example.com" },
    { constant_value: "https://b.example.com" },
    [],
  ],
  ["endpoints that are not told is one", { constant_value: "${var.a}", references: ["var.a"] }, {}, ["whole-host"]],
])("a host name at %s", (_, blue, green, expected) => {
  const at = (endpoint: object) =>
    planOf([vm("a", {}, destroyed)], {
      provider_config: { proxmox: { expressions: { endpoint } } },
      root_module: { resources: [{ address: vmAddress("a"), provider_config_key: "proxmox" }] },
    });
  expect(codesOf(judge({ blue: at(blue), green: at(green) }))).toEqual(expected);
});

test("what is taken out of the code was at the endpoint of what stays", () => {
  const configuration = {
    provider_config: { proxmox: { expressions: { endpoint: { constant_value: "https://a.example.com" } } } },
    root_module: { resources: [{ address: vmAddress("a"), provider_config_key: "proxmox" }] },
  };
  const plan = planOf([vm("a", {}), vm("b", {}, destroyed), vm("c", {}, destroyed)], configuration);
  expect(judge({ plan }).refused).toEqual([]);
});

test.each([
  "proxmox_cloned_vm",
  "proxmox_virtual_environment_cloned_vm",
  "proxmox_virtual_environment_vm2",
  "proxmox_vm",
])("%s is a machine, too", (type) => {
  const change = (name: string, after: object) =>
    resource(
      type,
      name,
      { node_name: "pve1", started: true, tags: ["master"], cpu: { cores: 2 } },
      { actions: ["update"], after: { node_name: "pve1", started: true, tags: ["master"], ...after } },
    );
  expect(codesOf(judge({ plan: planOf([resource(type, "a", { tags: ["master"] }, destroyed)]) }))).toEqual([
    "etcd-quorum-lost",
  ]);
  expect(judge({ plan: planOf([change("a", { cpu: { cores: 4 } })]) }).safe).toBe(true);
  expect(judge({ plan: planOf([change("a", { started: false })]) }).safe).toBe(false);
});

test("a data disk of a cloned VM is guarded by its slot, and kept while it is only not named", () => {
  const disk = { scsi0: { size_gb: 32, datastore_id: "local" }, scsi1: { size_gb: 100, datastore_id: "local" } };
  expect(
    judge({ plan: planOf([resource("proxmox_cloned_vm", "a", { id: 100, disk }, destroyed)]) }).refused,
  ).toMatchObject([{ code: "data-disk-lost", message: 'The disk "scsi1" would be destroyed with its VM.' }]);
  const { scsi1: _, ...rest } = disk;
  const less = { actions: ["update"], after: { id: 100, disk: rest } };
  expect(judge({ plan: planOf([resource("proxmox_cloned_vm", "a", { id: 100, disk }, less)]) }).refused).toEqual([]);
});

test.each([
  ["another VM has lent", "vm-900-disk-0", []],
  ["another VM has lent, in a file", "900/vm-900-disk-0.qcow2", []],
  ["is the host's", "/dev/disk/by-id/a", []],
  ["is its own", "vm-100-disk-1", ["data-disk-lost"]],
  ["is its own, cloned from a template", "base-900-disk-1/vm-100-disk-1", ["data-disk-lost"]],
  ["has an unknown owner", "", ["data-disk-lost"]],
])("a disk that %s", (_, volume, expected) => {
  const disk = [{ interface: "scsi0" }, { interface: "scsi1", path_in_datastore: volume }];
  const changes = [vm("a", { vm_id: 100, disk, tags: ["worker"] }, destroyed)];
  expect(codesOf(judge({ plan: planOf(changes) }))).toEqual(expected);
});

test("what is left of a replaced VM is a machine of its own", () => {
  const left = { ...resource(vmType, "a", { tags: ["worker"] }, destroyed), deposed: "5f0e1d2c" };
  const { machines } = judge({ plan: planOf([vm("a", { tags: ["worker"] }), left]) });
  expect(machines.map(({ address, fate }) => [address, fate])).toEqual([
    [vmAddress("a"), undefined],
    [`${vmAddress("a")} (deposed 5f0e1d2c)`, "destroyed"],
  ]);
});

test("a machine that is off leaves its host as it is", () => {
  const machines = [vm("a", {}, destroyed), vm("b", {}, destroyed), vm("c", { started: false })];
  expect(codesOf(judge({ plan: planOf(machines) }))).toEqual(["whole-host"]);
});

describe("an HA resource", () => {
  const ha = (id: number, before: string | undefined, after: string) =>
    resource(
      "proxmox_haresource",
      `ha-${id}`,
      { resource_id: `vm:${id}`, state: before },
      { actions: [before === undefined ? "create" : "update"], after: { resource_id: `vm:${id}`, state: after } },
    );
  const machine = { vm_id: 111, tags: ["controlplane"] };

  test.each([
    ["started", "stopped"],
    ["started", "disabled"],
    ["ignored", "stopped"],
    [undefined, "stopped"],
  ])("that becomes from %s %s stops its VM", (before, after) => {
    const verdict = judge({ plan: planOf([vm("a", machine), ha(111, before, after)]) });
    expect(codesOf(verdict)).toEqual(["etcd-quorum-lost"]);
    expect(verdict.refused[0]?.subjects).toMatchObject([
      { address: "proxmox_haresource.ha-111", what: "control plane on pve1, stopped (state)" },
    ]);
  });

  test.each([
    ["started", "ignored"],
    ["stopped", "disabled"],
  ])("that becomes from %s %s stops nothing", (before, after) => {
    expect(judge({ plan: planOf([vm("a", machine), ha(111, before, after)]) }).refused).toEqual([]);
  });

  test("of a VM that is off, or of another one, stops nothing", () => {
    const off = vm("a", { ...machine, started: false });
    expect(judge({ plan: planOf([off, ha(111, "started", "stopped")]) }).refused).toEqual([]);
    expect(judge({ plan: planOf([vm("a", machine), ha(112, "started", "stopped")]) }).refused).toEqual([]);
  });

  test("is that of the VM of its own plan, whatever VM of another site has the id", () => {
    const site = (name: string, ...more: readonly Change[]) => planOf([vm(name, machine), ...more]);
    const verdict = judge({ blue: site("a", ha(111, "started", "stopped")), green: site("b") });
    expect(verdict.machines.map(({ plan, fate }) => [plan, fate])).toEqual([
      ["blue", "stopped"],
      ["green", undefined],
    ]);
  });

  test("in another plan is that of the only VM with the id", () => {
    const plans = { vms: planOf([vm("a", machine)]), ha: planOf([ha(111, "started", "stopped")]) };
    expect(codesOf(judge(plans))).toEqual(["etcd-quorum-lost"]);
    expect(judge({ ...plans, others: planOf([vm("b", machine)]) }).refused).toEqual([]);
  });
});

test("a VM that is off can move with its devices, and become a template", () => {
  const before = { started: false, migrate: true, hostpci: [{ device: "hostpci0", mapping: "gpu" }] };
  const after = { ...before, node_name: "pve2", template: true };
  const verdict = judge({ plan: planOf([vm("a", before, { actions: ["update"], after })]) });
  expect(verdict).toMatchObject({ refused: [], machines: [{ fate: undefined }] });
});

describe("of a VM that is destroyed without a boot order", () => {
  const lost = (before: object): unknown =>
    judge({ plan: planOf([vm("a", before, destroyed)]) }).refused.map(({ subjects }) => subjects[0]?.what);
  const [first, second] = [{ interface: "scsi0" }, { interface: "scsi1" }];

  test("the disk with the image is the system, wherever it stands", () => {
    expect(lost({ disk: [first, { ...second, import_from: "local:import/talos.qcow2" }] })).toEqual(["scsi0"]);
  });

  test("the first disk is, also of a clone that is off; of another one that is off all disks hold data", () => {
    expect(lost({ started: false, clone: [{ vm_id: 900 }], disk: [first, second] })).toEqual(["scsi1"]);
    expect(lost({ started: false, clone: [], disk: [first, second] })).toEqual(["scsi0, scsi1"]);
  });

  test("a disk is its own by the number in its path, which the newer resources have as id", () => {
    const ofVm = (id: object) => ({ ...id, disk: [first, { ...second, path_in_datastore: "vm-100-disk-1" }] });
    expect([lost(ofVm({ id: "100" })), lost(ofVm({ vm_id: 100, id: "7" })), lost(ofVm({ id: "7" }))]).toEqual([
      ["scsi1"],
      ["scsi1"],
      [],
    ]);
  });
});

test("a disk whose size is known only at apply does not shrink", () => {
  const before = { disk: [{ interface: "scsi0", size: 20 }] };
  const after = { disk: [{ interface: "scsi0" }] };
  const change = { actions: ["update"], after, after_unknown: { disk: [{ size: true }] } };
  expect(judge({ plan: planOf([vm("a", before, change)]) }).refused).toEqual([]);
});

test("a VM that runs does not move with a device of its host, of whatever kind", () => {
  const moving = (devices: object, kept: object = devices) => {
    const before = { started: true, migrate: true, node_name: "pve1", ...devices };
    const after = { started: true, migrate: true, node_name: "pve2", ...kept };
    return judge({ plan: planOf([vm("a", before, { actions: ["update"], after })]) }).refused;
  };
  const subjects = (what: string) => [{ code: "migration-with-device", subjects: [expect.objectContaining({ what })] }];
  expect(moving({ hostpci: [{ device: "hostpci0", mapping: "gpu" }] })).toMatchObject(subjects("hostpci0"));
  expect(moving({ usb: [{ host: "spice" }, { mapping: "zigbee" }] })).toMatchObject(subjects("usb1"));
  expect(moving({ virtiofs: [{ mapping: "media" }] })).toMatchObject(subjects("virtiofs0"));
  expect(moving({ usb: [{ host: "spice", mapping: "" }] })).toEqual([]);
  expect(moving({}, { usb: [{ mapping: "zigbee" }] })).toEqual([]);
  expect(moving({ usb: [{ mapping: "zigbee" }] }, { usb: [] })).toEqual([]);
});

test.each([[["delete", "create"]], [["create", "delete"]]])(
  "a replacement by %s takes the data disks of the VM along",
  (actions) => {
    const disk = [{ interface: "scsi0" }, { interface: "scsi1" }];
    const verdict = judge({ plan: planOf([vm("a", { disk }, { actions, after: { disk } })]) });
    expect(verdict).toMatchObject({
      refused: [{ code: "data-disk-lost", subjects: [{ what: "scsi1" }] }],
      machines: [{ fate: "replaced" }],
    });
  },
);

test("a VM boots from the first of its boot order, and the other disks hold data", () => {
  const disk = [{ interface: "scsi0" }, { interface: "scsi1" }, { interface: "scsi2" }];
  const [refused] = judge({
    plan: planOf([vm("a", { disk, boot_order: ["net0", "scsi1", "scsi0"] }, destroyed)]),
  }).refused;
  expect(refused?.subjects).toMatchObject([{ what: "scsi0, scsi2" }]);
});

describe("what configures a machine and is replaced", () => {
  const replaced = (after: object) => ({ actions: ["delete", "create"], after: { node: "10.0.0.1", ...after } });
  const configuration = configurationOf("controlplane");
  const node = {
    node: "10.0.0.1",
    image: "installer:1",
    machine_configuration: configuration,
    machine_configuration_input: configuration,
  };
  const reboots = apply("a", { ...node, apply_mode: "auto" }, replaced({ apply_mode: "reboot" }));
  const upgrades = resource("talos_machine", "a", node, replaced({ image: "installer:2" }));

  test.each([
    ["restarts it", reboots, "control plane on pve1, restarted (apply_mode)"],
    ["upgrades it", upgrades, "control plane on pve1, upgraded (image)"],
  ])("%s as an update would", (_, change, what) => {
    const verdict = judge({ plan: planOf([vm("a", atAddress("10.0.0.1")), change]) });
    expect(verdict.refused).toMatchObject([{ code: "etcd-quorum-lost", subjects: [{ what }] }]);
  });

  test.each([
    ["does the same", apply("a", node, replaced({ apply_mode: "auto" }))],
    ["has the same image", resource("talos_machine", "a", node, replaced({ image: "installer:1" }))],
  ])("does nothing if it %s", (_, change) => {
    expect(judge({ plan: planOf([vm("a", atAddress("10.0.0.1")), change]) }).refused).toEqual([]);
  });

  test.each([reboots, upgrades])("does nothing to a machine that is gone", (change) => {
    const gone = { ...vm("a", atAddress("10.0.0.1")), change: { actions: ["delete"], before: atAddress("10.0.0.1") } };
    const created = vm("a", {}, { actions: ["create"], before: null });
    const plan = { ...planOf([created, change]), resource_drift: [gone] };
    expect(judge({ plan }).machines).toMatchObject([{ fate: undefined }]);
  });
});

test("an image that is known only at apply is an upgrade, and no image is none", () => {
  const node = (after: object, after_unknown: object) =>
    resource(
      "talos_machine",
      "a",
      { node: "10.0.0.1", image: "a:v1" },
      { actions: ["update"], after: { node: "10.0.0.1", ...after }, after_unknown },
    );
  expect(judge({ plan: planOf([node({}, { image: true })]) }).machines).toMatchObject([{ fate: "upgraded" }]);
  expect(judge({ plan: planOf([node({ image: "a:v1" }, {})]) }).machines).toMatchObject([{ fate: undefined }]);
});

test.each([
  ["reboot", "reboot", "restarted", []],
  ["staged_if_needing_reboot", "staged", undefined, []],
  ["staged_if_needing_reboot", "auto", undefined, ["restart-possible"]],
  ["auto", undefined, undefined, ["restart-possible"]],
  ["no_reboot", undefined, undefined, []],
])("a configuration that is applied in the mode %s, resolved to %s", (apply_mode, resolved_apply_mode, fate, notes) => {
  const after = { node: "10.0.0.1", apply_mode, resolved_apply_mode };
  const verdict = judge({ plan: planOf([apply("a", { node: "10.0.0.1" }, { actions: ["update"], after })]) });
  expect(verdict.machines).toMatchObject([{ fate }]);
  expect(verdict.notes.map(({ code }) => code).filter((code) => code !== "role-unknown")).toEqual(notes);
});

test("a template is no machine, and a VM that is off is not restarted", () => {
  const changed = (before: object) =>
    vm("a", { ...before, cpu: [{ cores: 2 }] }, { actions: ["update"], after: { ...before, cpu: [{ cores: 4 }] } });
  expect(judge({ plan: planOf([changed({ template: true })]) }).machines).toEqual([]);
  expect(judge({ plan: planOf([changed({ started: false })]) }).machines).toMatchObject([{ fate: undefined }]);
  expect(judge({ plan: planOf([changed({ started: true })]) }).machines).toMatchObject([{ fate: "restarted" }]);
});

test("a node is on the VM that its address refers to, by key", () => {
  const vms = ["a", "b"].map((index) => ({
    ...vm("cp", { node_name: index }),
    index,
    address: `${vmAddress("cp")}["${index}"]`,
  }));
  const node = apply("x", { node: "10.0.0.1", machine_configuration_input: configurationOf("controlplane") });
  const references = [`${vmAddress("cp")}["b"].ipv4_addresses`, `${vmAddress("cp")}["b"]`, vmAddress("cp")];
  const configured = { address: node.address, expressions: { node: { references } } };
  const plan = planOf([...vms, node], { root_module: { resources: [configured] } });
  expect(judge({ plan }).machines).toMatchObject([
    { host: "a", role: undefined },
    { host: "b", role: "control plane" },
  ]);
});

test.each([
  "machine_configuration",
  "machine_configuration_wo",
  "machine_configuration_input",
  "machine_configuration_input_wo",
])("a control plane is known by the data that %s refers to, among other things", (attribute) => {
  const data = (type: string, before: object) => Object.assign(resource(type, "x", before), { mode: "data" });
  const read = [data("talos_machine_configuration", { machine_type: "controlplane" }), data("local_file", {})];
  const references = ["data.talos_machine_configuration.x", "data.local_file.x"];
  const node = apply("x", { node: "10.0.0.1" });
  const configured = { address: node.address, expressions: { [attribute]: { references } } };
  const plan = planOf([node, ...read], { root_module: { resources: [configured] } });
  expect(judge({ plan }).machines).toMatchObject([{ role: "control plane" }]);
});

test("what the others of a for_each are tells nothing about one that is taken out of it", () => {
  const keyed = (change: Change, index: string) => ({ ...change, index, address: `${change.address}["${index}"]` });
  const data = Object.assign(resource("talos_machine_configuration", "x", { machine_type: "controlplane" }), {
    mode: "data",
  });
  const nodes = [keyed(apply("x", { node: "10.0.0.1" }), "a"), keyed(apply("x", { node: "10.0.0.2" }, destroyed), "b")];
  const references = ["data.talos_machine_configuration.x", "each.key"];
  const configured = {
    address: "talos_machine_configuration_apply.x",
    expressions: { machine_configuration_input: { references } },
  };
  const plan = planOf([...nodes, keyed(data, "a")], { root_module: { resources: [configured] } });
  expect(judge({ plan }).machines).toMatchObject([{ role: "control plane" }, { role: undefined }]);
});

test("what is not in the changes of a partial plan is known from the state", () => {
  const partial = {
    ...planOf([vm("a", { tags: ["controlplane"] }, destroyed)]),
    prior_state: {
      values: {
        root_module: {
          resources: ["a", "b", "c"].map((name) => ({
            ...named(vmType, name),
            values: { node_name: "pve2", tags: ["controlplane"] },
          })),
        },
      },
    },
  };
  expect(judge({ plan: partial })).toMatchObject({ refused: [], machines: [{}, {}, {}] });
});

test.each(["destroyed", "replaced", "dropped from the state"])("machine secrets that would be %s are lost", (how) => {
  const actions = { destroyed: ["delete"], replaced: ["create", "delete"], "dropped from the state": ["forget"] }[how];
  expect(judge({ plan: planOf([resource("talos_machine_secrets", "a", {}, { actions })]) }).refused).toMatchObject([
    { code: "machine-secrets-lost", message: expect.stringContaining(`would be ${how}:`) },
  ]);
});

// --- Other things than plans, and secrets -------------------------------------------------------------------------

test.each([
  ["a state", { format_version: "1.0", values: { root_module: {} } }, "not-a-plan"],
  ["a plan that failed", { format_version: "1.2", errored: true }, "not-a-plan"],
  ["another format", { format_version: "2.0" }, "unknown-plan-format"],
  ["an action that may do anything", planOf([vm("a", {}, { actions: ["s3cret"] })]), "unknown-plan-format"],
])("%s is not judged", (_, json, code) => {
  expect(() => readPlan(json, "plan")).toThrow(
    expect.objectContaining({ problems: [expect.objectContaining({ code })] }),
  );
  expect(() => readPlan(json, "plan")).not.toThrow(/s3cret/);
  expect(() => readPlan(json, "plan")).toThrow(ProblemsError);
});

test("no value of a plan is in a verdict", () => {
  const secret = { initialization: [{ user_account: [{ password: "s3cret" }] }], description: "s3cret", vm_id: 100 };
  const changed = {
    ...secret,
    initialization: [{ user_account: [{ password: "s3cret-n3w" }] }],
    reboot_after_update: false,
  };
  const node = { node: "10.0.0.1", client_configuration: { ca_certificate: "s3cret", client_key: "s3cret" } };
  const changes = [
    vm("a", secret, { actions: ["update"], after: changed }),
    vm("b", { ...secret, tags: ["controlplane"] }, destroyed),
    vm("c", secret, { actions: ["delete", "create"], replace_paths: [["clone"]] }),
    apply(
      "d",
      { ...node, machine_configuration_input: configurationOf("controlplane") },
      { actions: ["update"], after: node },
    ),
    apply(
      "e",
      { ...node, on_destroy: { reset: true }, machine_configuration_input: configurationOf("controlplane") },
      destroyed,
    ),
  ];
  const verdict = judge({ plan: planOf(changes) });
  expect([verdict.refused.length, verdict.notes.length].every((count) => count > 0)).toBe(true);
  expect(JSON.stringify(verdict)).not.toContain("s3cret");
});

// --- Plans --------------------------------------------------------------------------------------------------------

function vmAddress(name: string): string {
  return `${vmType}.${name}`;
}

function planOf(resource_changes: readonly Change[], configuration: object = {}): PlanJson {
  return { format_version: "1.2", resource_changes, configuration };
}

function vm(name: string, before: object, change: object = {}): Change {
  return resource(vmType, name, { node_name: "pve1", ...before }, change);
}

function apply(name: string, before: object, change: object = {}): Change {
  return resource("talos_machine_configuration_apply", name, before, change);
}

function resource(type: string, name: string, before: object, change: object = {}): Change {
  return { ...named(type, name), change: { actions: ["no-op"], before, after: before, after_unknown: {}, ...change } };
}

function references(...names: readonly string[]) {
  return { references: names };
}

function named(type: string, name: string) {
  return { address: `${type}.${name}`, mode: "managed", type, name };
}

function recorded(name: string): Plans {
  const files = readdirSync(path.join(corpus, name)).filter((file) => file.endsWith(".json"));
  return Object.fromEntries(
    files.map((file) => [file.replace(/\.json$/, ""), JSON.parse(readFileSync(path.join(corpus, name, file), "utf8"))]),
  );
}

function judge(plans: Plans, allowances: readonly Allowance[] = [], maxMachines = 2): Verdict {
  const read = Object.entries(plans).map(([name, plan]) => readPlan(plan, name));
  return judgePlans(read, { maxMachines, allowances });
}

function codesOf({ refused }: Verdict): string[] {
  return [...new Set(refused.map(({ code }) => code))];
}

function isIdle({ change }: Change): boolean {
  return change.actions.includes("no-op");
}

function changesIn(plans: Plans): ReadonlyMap<string, Change> {
  const changes = Object.values(plans).flatMap(({ resource_changes }) => resource_changes);
  return new Map(changes.map((change) => [change.address, change]));
}

function mapChanges(plans: Plans, change: (one: Change) => Change): Plans {
  return Object.fromEntries(
    Object.entries(plans).map(([name, plan]) => [
      name,
      { ...plan, resource_changes: plan.resource_changes.map(change) },
    ]),
  );
}

function shuffled(plans: Plans, order: Iterator<number>): Plans {
  return Object.fromEntries(
    Object.entries(plans).map(([name, plan]) => {
      const keyed = plan.resource_changes.map((change) => [order.next().value, change] as const);
      const resource_changes = keyed.sort(([one], [other]) => one - other).map(([, change]) => change);
      return [name, { ...plan, resource_changes }];
    }),
  );
}
