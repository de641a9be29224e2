import { addCluster } from "../helpers/clusters";
import { resources, synthesize } from "../helpers/synth";
import { addUbuntu } from "../helpers/ubuntu";
import { refused, stackOf, vmOf } from "../helpers/vms";

const disk = { datastore: "local-lvm", sizeGiB: 20 };
const existing = { existing: true, vmId: 100, disk } as const;

test("PVE-18: a VM that exists is imported by its host and id, under the address of a new one", () => {
  const stack = stackOf({ vm: existing });
  const [name] = Object.keys(stack?.resource["proxmox_virtual_environment_vm"] ?? {});
  expect(stack).toMatchObject({ import: [{ to: `proxmox_virtual_environment_vm.${name}`, id: "pve1/100" }] });
  expect(Object.keys(stackOf()?.resource["proxmox_virtual_environment_vm"] ?? {})).toEqual([name]);
});

test("a new VM is not imported, and may be destroyed", () => {
  expect(stackOf()).not.toHaveProperty("import");
  expect(vmOf()["lifecycle"]).toEqual({ ignore_changes: ["disk[0].import_from"] });
});

test("what exists is not destroyed, and what it was started with stays", () => {
  expect(vmOf({ vm: existing })["lifecycle"]).toEqual({
    prevent_destroy: true,
    ignore_changes: ["disk[0].import_from", "agent", "boot_order", "initialization"],
  });
});

test("more of it stays where that is said", () => {
  const { ignore_changes: ignored } = vmOf({ vm: { ...existing, existing: { ignoreChanges: ["usb"] } } })["lifecycle"];
  expect(ignored).toEqual(["disk[0].import_from", "agent", "boot_order", "initialization", "usb"]);
});

test("each VM of a stack has its block: nodes of a cluster, Ubuntu machines", () => {
  const { "test-cluster": cluster } = synthesize((app) =>
    addCluster(app, {
      controlPlanes: { "cp-1": { existing: true, vmId: 101 } },
      workers: { "w-1": { existing: true, vmId: 102, host: "pve2" }, "w-2": { vmId: 103 } },
    }),
  );
  expect(cluster).toMatchObject({ import: [{ id: "pve1/101" }, { id: "pve2/102" }] });
  const protectedVms = resources(cluster, "proxmox_virtual_environment_vm").filter(
    (vm) => vm["lifecycle"].prevent_destroy,
  );
  expect(protectedVms.map((vm) => vm["name"])).toEqual(["cp-1", "w-1"]);
  const { "test-ubuntu": ubuntu } = synthesize((app) => addUbuntu(app, { vm: { existing: true, vmId: 104 } }));
  expect(ubuntu).toMatchObject({ import: [{ id: "pve1/104" }] });
});

test("which VM exists has to be said, and a new one needs an image", () => {
  expect(refused({ vm: { existing: true } })).toEqual([
    ["existing-without-id", "The VM is said to exist, but not which one it is."],
  ]);
  expect(refused({ vm: { disk } })).toEqual([["disk-without-image", "The system disk of the new VM would be empty."]]);
});

test("a VM of another name is not taken over", () => {
  const inventory = [{ vmid: 100, name: "db-2" }];
  expect(refused({ site: { inventory }, vm: existing })).toMatchObject([
    ["vm-id-taken", expect.stringContaining("db-2")],
  ]);
  expect(stackOf({ site: { inventory: [{ vmid: 100, name: "db-1" }] }, vm: existing })).toHaveProperty("import");
});
