/** What a Talos machine takes from its VM, and what its VM must not be. */
import { AntiAffinity, KeptDisk, schedulableControlPlanes } from "../../index";
import { addCluster, type ClusterChanges } from "../helpers/clusters";
import { only, refusals, resources, type Synthesized, synthesize, warnings } from "../helpers/synth";

const lab = "test-cluster/lab";
const shared: ClusterChanges = {
  site: { pveMajor: 9, datastores: { local: { content: ["import"] }, ceph: { shared: true } } },
  cluster: { datastore: "ceph", controlPlane: { highAvailability: {} } },
};

function vmsOf(changes: ClusterChanges) {
  const { "test-cluster": stack } = synthesize((app) => addCluster(app, changes));
  return resources(stack, "proxmox_virtual_environment_vm");
}

function stackOf(changes: ClusterChanges): Synthesized | undefined {
  return synthesize((app) => addCluster(app, changes))["test-cluster"];
}

test("machines have the processor, the disks and the place in the order of their role, or their own", () => {
  const vms = vmsOf({
    cluster: {
      controlPlane: { startup: { order: 1 } },
      worker: { cpu: { type: "x86-64-v3" }, dataDisks: { scsi1: { datastore: "local-lvm", sizeGiB: 100 } } },
    },
    workers: { "w-1": {}, "w-2": { cpu: { type: "host", sockets: 2 }, startup: { order: 9 } } },
  });
  const shown = vms.map(({ name, cpu, disk, startup }) => [name, cpu.type, disk.length, startup?.order]);
  expect(shown).toEqual([
    ["cp-1", "host", 1, 1],
    ["cp-2", "host", 1, 1],
    ["cp-3", "host", 1, 1],
    ["w-1", "x86-64-v3", 2, undefined],
    ["w-2", "host", 2, 9],
  ]);
});

test("a disk that a node keeps is attached to that node", () => {
  const { "test-cluster": stack } = synthesize((app) => {
    const { site, stack: scope, cluster } = addCluster(app, { workers: {} });
    const kept = new KeptDisk(scope, "w-1-data", { site, host: "pve1", datastore: "local-lvm", sizeGiB: 500 });
    cluster.addWorker("w-1", {
      host: "pve1",
      address: "10.0.0.31",
      macAddress: "BC:24:11:00:00:31",
      dataDisks: { scsi1: { kept } },
    });
  });
  const worker = resources(stack, "proxmox_virtual_environment_vm").find(({ name }) => name === "w-1");
  expect(worker?.["disk"][1]["path_in_datastore"]).toContain("w-1-data");
});

test("highly available control planes are kept apart by one rule, which knows all of them", () => {
  const stack = stackOf(shared);
  expect(resources(stack, "proxmox_haresource")).toHaveLength(3);
  const rule = only(stack, "proxmox_harule");
  expect(rule).toMatchObject({ rule: "ha-lab-control-planes", type: "resource-affinity", affinity: "negative" });
  expect(rule["resources"]).toHaveLength(3);
});

test("no other rule has the name of that one", () => {
  const problems = refusals((app) => {
    const { site, stack, cluster } = addCluster(app, shared);
    new AntiAffinity(stack, "ha-lab-control-planes", { site, vms: cluster.controlPlanes.map(({ vm }) => vm) });
  });
  expect(problems).toMatchObject([{ code: "duplicate-ha-rule" }]);
});

test("one highly available control plane, or workers, need no rule", () => {
  const alone = { ...shared, controlPlanes: { "cp-1": {} } };
  expect(resources(stackOf(alone), "proxmox_harule")).toEqual([]);
  const workers = {
    ...shared,
    cluster: { datastore: "ceph", worker: { highAvailability: {} } },
    workers: { "w-1": {}, "w-2": {} },
  };
  expect(resources(stackOf(workers), "proxmox_harule")).toEqual([]);
});

test("more highly available control planes than hosts are refused: the rule would keep some down", () => {
  const problems = refusals((app) =>
    addCluster(app, {
      ...shared,
      site: { ...shared.site, hosts: ["pve1", "pve2"] },
      controlPlanes: { "cp-1": {}, "cp-2": {}, "cp-3": { host: "pve1" } },
    }),
  );
  expect(problems).toMatchObject([
    {
      code: "more-control-planes-than-hosts",
      where: lab,
      message: expect.stringMatching(/^3 control planes .* has 2\.$/),
    },
  ]);
});

test("highly available control planes that prefer a host are refused: Proxmox VE 9 takes no rule for them", () => {
  const preferring = { highAvailability: { hosts: { pve1: 2, pve2: 1, pve3: 1 } } };
  const three: ClusterChanges = { ...shared, controlPlanes: { "cp-1": preferring, "cp-2": {}, "cp-3": {} } };
  expect(refusals((app) => addCluster(app, three))).toMatchObject([{ code: "ha-priority-of-separated", where: lab }]);
  const alone = { ...shared, controlPlanes: { "cp-1": preferring } };
  expect(resources(stackOf(alone), "proxmox_harule")).toMatchObject([{ type: "node-affinity" }]);
});

test.each<[string, ClusterChanges, string, RegExp]>([
  [
    "control planes without quorum when one host is gone",
    { site: { hosts: ["pve1", "pve2"] }, controlPlanes: { "cp-1": {}, "cp-2": {}, "cp-3": { host: "pve1" } } },
    lab,
    /^host-breaks-quorum: Without the host "pve1" 1 of 3 control planes are left, .*"cp-1", "cp-3" are on it\./,
  ],
  [
    "highly available control planes that Proxmox VE 8 may bring together",
    { ...shared, site: { ...shared.site, pveMajor: 8 } },
    lab,
    /^anti-affinity-not-enforced: .*"cp-1", "cp-2", "cp-3"/,
  ],
])("%s are warned about", (_, changes, where, text) => {
  expect(warnings((app) => addCluster(app, changes))).toEqual([[where, expect.stringMatching(text)]]);
});

test("the SCSI controller with which Talos has hung is warned about", () => {
  const shown = warnings((app) => {
    const { cluster } = addCluster(app);
    for (const { vm } of cluster.workers) vm.resource.scsiHardware = "virtio-scsi-single";
  });
  expect(shown).toEqual([[`${lab}/w-1`, expect.stringMatching(/^virtio-scsi-single: .*hang while it installs/)]]);
});

test("a single machine on a single host is what it is, and not warned about", () => {
  expect(
    warnings((app) =>
      addCluster(app, {
        site: { hosts: ["pve1"] },
        cluster: { intents: [schedulableControlPlanes()] },
        controlPlanes: { "cp-1": {} },
        workers: {},
      }),
    ),
  ).toEqual([]);
});
