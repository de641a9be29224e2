import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { App } from "cdktf";
import { DirectoryMapping, KeptDisk, type ProxmoxVmProps, type Versions } from "../../index";
import { addCluster, type ClusterChanges } from "../helpers/clusters";
import { newApp, refusals, warnings } from "../helpers/synth";
import { addVm, type VmChanges } from "../helpers/vms";

const folder = mkdtempSync(path.join(tmpdir(), "previous-"));

afterAll(() => rmSync(folder, { recursive: true }));

const disk = { datastore: "ceph", sizeGiB: 20, importFrom: "local:import/debian-13.qcow2" };
const data = { datastore: "ceph", sizeGiB: 100 };
let runs = 0;

type Change = NonNullable<VmChanges["vm"]>;

/** The changes of the second synth, which compares itself with the first one. */
function compared(before: Change, after: Change): VmChanges {
  const previous = path.join(folder, String(runs++));
  const app = newApp(previous);
  addVm(app, { vm: before });
  app.synth();
  return { site: { previous }, vm: after };
}

const refused = (before: Change, after: Change) =>
  refusals((app) => addVm(app, compared(before, after))).map(({ code, where, message }) => [code, where, message]);
const warned = (before: Change, after: Change) =>
  warnings((app) => addVm(app, compared(before, after))).map(([, text]) => text);

const withDirectory =
  (others: Partial<ProxmoxVmProps>): Change =>
  (stack, site) => ({
    sharedDirectories: [
      { mapping: new DirectoryMapping(stack, "media", { site, directories: { pve1: "/srv", pve2: "/srv" } }) },
    ],
    ...others,
  });

test("a VM that did not change, or that is new, is as it is", () => {
  const vm = { disk, dataDisks: { scsi1: data } };
  expect(warned(vm, vm)).toEqual([]);
  const previous = path.join(folder, String(runs++));
  newApp(previous).synth();
  expect(warnings((app) => addVm(app, { site: { previous }, vm }))).toEqual([]);
});

test.each<[string, Change, Change, string, string]>([
  [
    "a smaller disk",
    { disk },
    { disk: { ...disk, sizeGiB: 10 } },
    "disk-shrunk",
    "The disk at scsi0 was 20 GiB in the previous synth and is 10 GiB",
  ],
  [
    "a disk in another slot",
    { disk, dataDisks: { scsi1: data } },
    { disk, dataDisks: { scsi2: data } },
    "disk-slot-changed",
    '"scsi1" are gone, and there are new ones at "scsi2"',
  ],
  [
    "another host for a running VM with something of its host",
    withDirectory({ disk }),
    withDirectory({ disk, host: "pve2" }),
    "device-in-the-way",
    'leaves "pve1" for "pve2", but with "virtiofs"',
  ],
])("%s is refused", (_, before, after, code, message) => {
  expect(refused(before, after)).toEqual([[code, "test-alone/db-1", expect.stringContaining(message)]]);
});

test("a disk that grows or is added is as it should be", () => {
  const grown = { disk: { ...disk, sizeGiB: 40 }, dataDisks: { scsi1: data } };
  expect(warned({ disk }, grown)).toEqual([]);
});

test("a VM with nothing of its host moves, and nothing is pending where nothing changed", () => {
  expect(warned({ disk, restartForChanges: false }, { disk, restartForChanges: false, host: "pve2" })).toEqual([]);
});

test("a VM that was stopped before moves with something of its host", () => {
  expect(warned(withDirectory({ disk, started: false }), withDirectory({ disk, host: "pve2" }))).toEqual([]);
});

test("a disk that is gone is warned about, unless it is kept elsewhere", () => {
  expect(warned({ disk, dataDisks: { scsi1: data } }, { disk })).toEqual([
    expect.stringMatching(/^disk-detached: .*"scsi1" are gone/),
  ]);
  const kept: Change = (stack, site) => {
    const one = new KeptDisk(stack, "data", { site, host: "pve1", datastore: "ceph", sizeGiB: 1 });
    return { disk, dataDisks: { scsi1: { kept: one } } };
  };
  expect(warned(kept, { disk })).toEqual([]);
});

test("changes that stay pending are warned about by name, those made while the VM runs are not", () => {
  const pending = { disk, restartForChanges: false };
  const changed = { ...pending, memoryMiB: 8192, cores: 4, tags: ["db"] };
  expect(warned(pending, changed)).toEqual([
    expect.stringMatching(/^change-stays-pending: "cpu\.cores", "memory\.dedicated" changed/),
  ]);
  expect(warned({ disk }, { ...changed, restartForChanges: true })).toEqual([]);
});

test("settings of cloud-init that are gone are warned about: Proxmox keeps them", () => {
  const card = { bridge: "vmbr0" };
  const address = { address: "10.0.0.20/24", gateway: "10.0.0.1", nameservers: ["10.0.0.2"] };
  const before = { disk, networkDevices: [card, { ...card, ipv4: { address: "10.9.0.20/24" } }], address };
  expect(warned(before, { disk, networkDevices: [card, card] })).toEqual([
    expect.stringMatching(
      /^removed-setting-stays: "ip_config\[1\]\.ipv4", "dns\.servers" of the previous synth are gone/,
    ),
  ]);
  expect(warned(before, { ...before, address: { ...address, nameservers: ["10.0.0.3"] } })).toEqual([]);
});

describe("a cluster", () => {
  const ran = (before: ClusterChanges["cluster"], after: ClusterChanges["cluster"], more: ClusterChanges = {}) => {
    const previous = path.join(folder, String(runs++));
    const app = newApp(previous);
    addCluster(app, before === undefined ? {} : { cluster: before });
    app.synth();
    return (next: App) =>
      addCluster(next, { ...more, site: { previous }, ...(after === undefined ? {} : { cluster: after }) });
  };
  const old: Versions = { talos: "1.12.7", contract: "1.12", kubernetes: "1.34.2" };

  test.each(["apply", "managed"] as const)("IMG-6: is not upgraded over minor releases (%s)", (lifecycle) => {
    const later = { ...old, talos: "1.13.2", kubernetes: "1.36.3" };
    const problems = refusals(ran({ versions: old, lifecycle }, { versions: later, lifecycle }));
    expect(problems).toMatchObject([{ code: "upgrade-refused", where: "test-cluster/lab" }]);
    expect(problems[0]?.message).toContain("Kubernetes was 1.34.2");
    expect(
      refusals(ran({ versions: { ...old, talos: "1.11.5", contract: "1.11" }, lifecycle }, { lifecycle })).map(
        ({ message }) => message,
      ),
    ).toEqual([expect.stringContaining("Talos was 1.11.5"), expect.stringContaining("Kubernetes was 1.34.2")]);
  });

  test("is told that its contract is another one than before", () => {
    const raised = { ...old, contract: "1.11" } as const;
    expect(warnings(ran({ versions: raised }, { versions: old })).map(([, text]) => text)).toEqual([
      expect.stringMatching(/^contract-changed: .* 1\.11 .* 1\.12/),
    ]);
  });

  test("is compared by any machine that was there before", () => {
    const controlPlanes = { "cp-9": {} };
    const later = ran(
      { versions: old },
      { versions: { ...old, kubernetes: "1.36.3", talos: "1.13.2" } },
      { controlPlanes },
    );
    expect(refusals(later).map(({ code }) => code)).toEqual(["upgrade-refused"]);
  });
});

test("a previous synth that is not there is refused, once", () => {
  const problems = refusals((app) => addVm(app, { site: { previous: path.join(folder, "nowhere") } }));
  expect(problems).toMatchObject([{ code: "no-previous-synth", where: "test-alone" }]);
});
