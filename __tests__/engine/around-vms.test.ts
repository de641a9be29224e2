/** What VMs have around them is accepted by Terraform, and stays as it was made. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { AntiAffinity, BackupJob, PciMapping } from "../../index";
import { addCluster } from "../helpers/clusters";
import { synthesize } from "./support/app";
import { Workspace } from "./support/terraform";
import { World } from "./support/world";

describe.each([8, 9] as const)("Proxmox VE %d", (pveMajor) => {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), `pve-${pveMajor}-`)));
  const world = new World();
  const stack = new Workspace(path.join(folder, "cdktf.out/stacks/test-cluster"), world.options);

  afterAll(() => {
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
    world.remove();
  });

  function write(workers = 2): void {
    jest.spyOn(console, "warn").mockImplementation(() => undefined);
    synthesize(folder, (app) => {
      const {
        site,
        stack: scope,
        cluster,
      } = addCluster(app, {
        site: {
          pveMajor,
          datastores: { local: { content: ["import"] }, ceph: { shared: true }, pbs: { content: ["backup"] } },
        },
        image: { extensions: ["siderolabs/qemu-guest-agent"], secureBoot: true },
        cluster: {
          datastore: "ceph",
          controlPlane: { highAvailability: {}, startup: { order: 1 } },
          worker: { highAvailability: { hosts: { pve1: 1, pve2: 1, pve3: 1 }, strict: true } },
        },
        workers: Object.fromEntries(Array.from({ length: workers }, (_, index) => [`w-${index + 1}`, {}])),
      });
      const vms = cluster.workers.map(({ vm }) => vm);
      new AntiAffinity(scope, "workers", { site, vms });
      new BackupJob(scope, "nightly", { site, datastore: "pbs", schedule: "02:00", vms, keep: { daily: 7 } });
      new PciMapping(scope, "vgpu", {
        site,
        mediatedDevices: true,
        devices: { pve1: [{ id: "10de:2235", path: "0000:41:00", iommuGroup: 27, subsystemId: "10de:145a" }] },
      });
      // Guards that would be in the way of the last test.
      cluster.secrets.resource.lifecycle = { preventDestroy: false };
      for (const { vm } of cluster.controlPlanes) {
        vm.resource.lifecycle = { ...vm.resource.lifecycle, preventDestroy: false };
      }
    });
  }

  test("takes all of it, and has nothing left to do", async () => {
    write();
    await stack.init();
    expect(await stack.validate()).toEqual([]);
    await stack.apply();
    expect(await stack.plan()).toEqual({ changes: [], drift: [], outputs: [] });
  });

  test("has rules from version 9 on, and groups before", () => {
    const made = (type: string) => world.objects(type).map(({ label }) => label);
    expect(made("proxmox_haresource")).toHaveLength(5);
    expect(made("proxmox_hagroup").sort()).toEqual(pveMajor === 8 ? ["ha-w-1", "ha-w-2"] : []);
    expect(made("proxmox_harule").sort()).toEqual(
      pveMajor === 8 ? [] : ["ha-lab-control-planes", "ha-w-1", "ha-w-2", "workers"],
    );
  });

  test("takes another worker into the backup and the rule, in place", async () => {
    write(3);
    const { changes } = await stack.plan();
    const updated = changes
      .filter(({ actions }) => actions.join() === "update")
      .map(({ address }) => address.split(".")[0]);
    expect(new Set(updated)).toEqual(new Set(["proxmox_backup_job", ...(pveMajor === 8 ? [] : ["proxmox_harule"])]));
    expect(changes.filter(({ actions }) => actions.includes("delete"))).toEqual([]);
  });

  test("lets go of all of it in order", async () => {
    await stack.destroy();
    expect(world.objects("proxmox_haresource")).toEqual([]);
  });
});
