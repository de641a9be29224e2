/** A disk that outlives its VM: what Terraform plans for the VM never touches the disk. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { KeptDisk, ProxmoxSite, ProxmoxVm, SiteStack } from "../../index";
import { synthesize } from "./support/app";
import { failureOf, Workspace } from "./support/terraform";
import { World } from "./support/world";

const vmType = "proxmox_virtual_environment_vm";
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "kept-disk-")));
const world = new World();
const stack = new Workspace(path.join(folder, "cdktf.out/stacks/home-databases"), world.options);

interface Changes {
  readonly vmId?: number;
  readonly disk?: { readonly sizeGiB?: number; readonly host?: string };
  readonly detached?: boolean;
  readonly guarded?: boolean;
}

/** A database with its data on a disk that is kept. */
function write({ vmId = 500, disk = {}, detached = false, guarded = true }: Changes = {}): void {
  synthesize(folder, (app) => {
    const site = new ProxmoxSite("home", {
      endpoint: "https://pve.example.com:8006",
      hosts: ["pve1", "pve2"],
      datastores: { local: { content: ["import"] }, "local-lvm": {} },
    });
    const databases = new SiteStack(app, "databases", { site });
    const { sizeGiB = 100, host = "pve1" } = disk;
    const kept = new KeptDisk<string, string>(databases, "db-1-data", {
      site,
      host,
      datastore: "local-lvm",
      sizeGiB,
      vmId: 900,
    });
    if (!guarded) {
      kept.resource.lifecycle = { ...kept.resource.lifecycle, preventDestroy: false };
    }
    new ProxmoxVm<string, string>(databases, "db-1", {
      site,
      host,
      vmId,
      disk: { datastore: "local-lvm", sizeGiB: 20, importFrom: "local:import/debian-13.qcow2" },
      dataDisks: detached ? {} : { scsi1: { kept, serial: "data" } },
      networkDevices: [{ bridge: "vmbr0" }],
    });
  });
}

const actions = async () => (await stack.plan()).changes.map(({ address, actions: done }) => [nameIn(address), done]);

function nameIn(address: string): string {
  return address.replace(/^.*\.(.*)_\w+$/, "$1");
}

/** What Proxmox has in a slot of a VM, by its place in the list. */
function diskOf(label: string, index: number): unknown {
  const found = world.objects(vmType).find((object) => object.label === label);
  const disks = found?.attributes["disk"];
  return Array.isArray(disks) ? disks[index] : undefined;
}

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  world.remove();
});

beforeAll(async () => {
  write();
  await stack.init();
  await stack.apply();
});

test("the VM has the disk of the holder, and nothing is left to do", async () => {
  expect(diskOf("db-1-data", 0)).toMatchObject({ path_in_datastore: "vm-900-disk-0", size: 100 });
  expect(diskOf("db-1", 1)).toMatchObject({ interface: "scsi1", path_in_datastore: "vm-900-disk-0", size: 100 });
  expect(await actions()).toEqual([]);
});

test("a replacement of the VM leaves the disk alone, and the new VM gets the same one", async () => {
  write({ vmId: 501 });
  const { changes } = await stack.plan();
  expect(changes.map(({ address, actions: done }) => [nameIn(address), done])).toEqual([
    ["db-1", ["delete", "create"]],
  ]);
  expect(changes[0]?.after).toMatchObject({ disk: [{}, { path_in_datastore: "vm-900-disk-0" }] });
  world.forgetCalls();
  await stack.apply();
  expect(world.calls("create", "update", "delete").map(({ rpc, label }) => [rpc, label])).toEqual([
    ["delete", "db-1"],
    ["create", "db-1"],
  ]);
  expect(diskOf("db-1", 1)).toMatchObject({ path_in_datastore: "vm-900-disk-0" });
});

test("another size changes nothing: the VM could not resize what it does not own", async () => {
  write({ vmId: 501, disk: { sizeGiB: 200 } });
  expect(await actions()).toEqual([]);
});

test("grown by hand, as documented, it is no change either, whatever the code says", async () => {
  for (const [label, index] of [
    ["db-1", 1],
    ["db-1-data", 0],
  ] as const) {
    world.edit(vmType, label, ({ disk }) => {
      if (Array.isArray(disk)) disk[index].size = 110;
    });
  }
  write({ vmId: 501 });
  expect(await actions()).toEqual([]);
  write({ vmId: 501, disk: { sizeGiB: 110 } });
  expect(await actions()).toEqual([]);
});

test("the VM that replaces another one then has the size that the disk has grown to", async () => {
  write({ vmId: 502 });
  await stack.apply();
  expect(diskOf("db-1", 1)).toMatchObject({ path_in_datastore: "vm-900-disk-0", size: 110 });
});

test("taken out of the VM, it is detached while the VM runs", async () => {
  write({ vmId: 502, detached: true });
  expect(await actions()).toEqual([["db-1", ["update"]]]);
});

test("another host would replace a disk that is not shared, which Terraform refuses", async () => {
  write({ vmId: 502, disk: { host: "pve2" } });
  expect(await failureOf(stack.plan())).toMatch(/instance cannot be destroyed/i);
});

test("it is not destroyed with the stack", async () => {
  write({ vmId: 502 });
  expect(await failureOf(stack.destroy())).toMatch(/instance cannot be destroyed/i);
  expect(world.objects(vmType)).toHaveLength(2);
});

test("it is destroyed by who lifts the guard", async () => {
  write({ vmId: 502, guarded: false });
  await stack.destroy();
  expect(world.objects(vmType)).toEqual([]);
});
