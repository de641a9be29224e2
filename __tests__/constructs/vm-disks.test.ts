import { KeptDisk, ProxmoxVm } from "../../index";
import { only, refusals, resources, synthesize } from "../helpers/synth";
import { addVm, refused, stackOf, type VmChanges, vmOf, warned } from "../helpers/vms";

const system = { datastore: "local-lvm", sizeGiB: 20, importFrom: "local:import/debian-13.qcow2" };

test("data disks follow the system disk in the order of their slots, whatever their order in the code", () => {
  const { disk } = vmOf({
    vm: {
      dataDisks: {
        virtio0: { datastore: "ceph", sizeGiB: 5, iothread: true },
        scsi10: { datastore: "ceph", sizeGiB: 10 },
        scsi2: { datastore: "local-lvm", sizeGiB: 2, serial: "logs", backup: false, ssd: false, discard: false },
      },
    },
  });
  expect(disk.slice(1)).toEqual([
    {
      interface: "scsi2",
      datastore_id: "local-lvm",
      size: 2,
      serial: "logs",
      backup: false,
      ssd: false,
      discard: "ignore",
      cache: "none",
    },
    { interface: "scsi10", datastore_id: "ceph", size: 10, discard: "on", ssd: true, cache: "none" },
    { interface: "virtio0", datastore_id: "ceph", size: 5, discard: "on", iothread: true, cache: "none" },
  ]);
});

describe("a kept disk", () => {
  const withKept = (vm: VmChanges["vm"], disk = {}): VmChanges => ({
    vm: (stack, site) => {
      const kept = new KeptDisk(stack, "db-1-data", {
        site,
        host: "pve1",
        datastore: "local-lvm",
        sizeGiB: 50,
        vmId: 900,
        ...disk,
      });
      const others = typeof vm === "function" ? vm(stack, site) : vm;
      return { dataDisks: { scsi1: { kept, serial: "data" } }, ...others };
    },
  });

  test("belongs to a VM of its own that is never started, is protected, and is not destroyed", () => {
    const [holder] = resources(stackOf(withKept({})), "proxmox_virtual_environment_vm").filter(
      ({ name }) => name === "db-1-data",
    );
    expect(holder).toMatchObject({
      node_name: "pve1",
      vm_id: 900,
      started: false,
      on_boot: false,
      protection: true,
      migrate: false,
      disk: [{ interface: "scsi0", datastore_id: "local-lvm", size: 50, backup: false }],
      lifecycle: { prevent_destroy: true, ignore_changes: ["disk[0].size"] },
    });
  });

  test("is attached by the path that its holder has, with the size that it has grown to", () => {
    const [vm] = resources(stackOf(withKept({})), "proxmox_virtual_environment_vm").filter(
      ({ name }) => name === "db-1",
    );
    const holder = /^\$\{proxmox_virtual_environment_vm\.db-1-data_\w+\.disk\[0\]\.(\w+)\}$/;
    expect(vm?.["disk"][1]).toEqual({
      interface: "scsi1",
      datastore_id: "local-lvm",
      path_in_datastore: expect.stringMatching(holder),
      file_format: expect.stringMatching(holder),
      size: expect.stringMatching(holder),
      serial: "data",
      discard: "on",
      ssd: true,
      cache: "none",
    });
  });

  test("on a host that the VM is not on is refused, unless its datastore is shared", () => {
    expect(refused(withKept({ host: "pve2" }))).toEqual([
      ["disk-on-other-host", 'The disk "db-1-data" at scsi1 is on the host "pve1", but the VM is on "pve2".'],
    ]);
    const shared = resources(
      stackOf(withKept({ host: "pve2" }, { datastore: "ceph" })),
      "proxmox_virtual_environment_vm",
    );
    expect(shared.map(({ migrate }) => migrate)).toEqual([true, true]);
  });

  test("that two VMs use is refused", () => {
    const problems = refusals((app) => {
      addVm(
        app,
        withKept((stack, site) => {
          const kept = new KeptDisk(stack, "both", { site, host: "pve1", datastore: "local-lvm", sizeGiB: 1 });
          new ProxmoxVm(stack, "db-2", {
            site,
            host: "pve1",
            disk: system,
            networkDevices: [],
            dataDisks: { virtio0: { kept } },
          });
          return { dataDisks: { scsi1: { kept } } };
        }),
      );
    });
    expect(problems).toMatchObject([
      {
        code: "disk-attached-twice",
        where: "test-alone/both",
        message: expect.stringContaining('"test-alone/db-2", "test-alone/db-1"'),
      },
    ]);
  });

  test.each<[string, object, string]>([
    ["without a size", { sizeGiB: 0 }, "value-too-small"],
    ["on an unknown datastore", { datastore: "tank" }, "unknown-datastore"],
    ["on a datastore without disks", { datastore: "local" }, "datastore-content"],
    ["with an id that Proxmox does not take", { vmId: 99 }, "vm-id-range"],
  ])("%s is refused", (_, disk, code) => {
    expect(refused(withKept({}, disk))).toEqual([[code, expect.any(String)]]);
  });

  test("on an unknown host, or with a name or an id that a VM has, is refused", () => {
    const problems = refusals((app) => {
      addVm(app, {
        vm: (stack, site) => {
          new KeptDisk(stack, "Data!", { site, host: "asgard", datastore: "local-lvm", sizeGiB: 1, vmId: 500 });
          return { vmId: 500 };
        },
      });
    });
    expect(problems.map(({ code }) => code).sort()).toEqual(["duplicate-vm-id", "malformed-name", "unknown-host"]);
  });

  test("is not in the way of a VM that has none", () => {
    const { "test-alone": stack } = synthesize((app) => addVm(app));
    expect(only(stack, "proxmox_virtual_environment_vm")["disk"]).toHaveLength(1);
  });
});

const slot = (name: string): object => ({ [name]: { datastore: "ceph", sizeGiB: 1 } });

test.each<[string, VmChanges["vm"], string, string]>([
  ["a data disk in the slot of the system disk", { dataDisks: slot("scsi0") }, "unusable-disk-slot", '"scsi0"'],
  ["a slot that no VM has", { dataDisks: slot("sata6") }, "unusable-disk-slot", '"sata6"'],
  ["a slot of another bus", { dataDisks: slot("nvme0") }, "unusable-disk-slot", '"nvme0"'],
  [
    "a data disk without a size",
    { dataDisks: { scsi1: { datastore: "ceph", sizeGiB: 0 } } },
    "value-too-small",
    "dataDisks.scsi1.sizeGiB is 0",
  ],
  [
    "a data disk on an unknown datastore",
    { dataDisks: { scsi1: { datastore: "tank", sizeGiB: 1 } } },
    "unknown-datastore",
    '"tank"',
  ],
  [
    "a serial number of more than 20 characters",
    { dataDisks: { scsi1: { datastore: "ceph", sizeGiB: 1, serial: "0123456789-0123456789" } } },
    "malformed-serial",
    '"0123456789-0123456789" of scsi1',
  ],
])("%s is refused", (_, vm, code, message) => {
  expect(refused({ ...(vm && { vm }) })).toEqual([[code, expect.stringContaining(message)]]);
});

test("a thread for a disk whose controller has only one is warned about", () => {
  const iothread = (scsiHardware: string): VmChanges => ({
    change: ({ resource }) => {
      resource.putDisk([{ interface: "scsi0", iothread: true }]);
      resource.scsiHardware = scsiHardware;
    },
  });
  expect(warned(iothread("virtio-scsi-pci"))).toEqual([expect.stringMatching(/^iothread-without-single: scsi0 asks/)]);
  expect(warned(iothread("virtio-scsi-single"))).toEqual([]);
});
