/** What is around the machines, through the real Terraform. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { TerraformOutput } from "cdktf";
import { parse } from "yaml";
import {
  HostBridge,
  HostVlan,
  MetricsServer,
  ProxmoxCsiAuth,
  ProxmoxPool,
  ProxmoxSite,
  ProxmoxStorage,
  SiteStack,
} from "../../index";
import { newApp } from "../helpers/synth";
import { Workspace } from "./support/terraform";
import { World } from "./support/world";

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "hosts-")));
const world = new World();

afterAll(() => {
  rmSync(folder, { recursive: true });
  world.remove();
});

test("everything around the machines is made once, and then nothing is left to do", async () => {
  const stack = new Workspace(synthesized(), world.options);
  await stack.init();
  expect(await stack.validate()).toEqual([]);
  await stack.apply();
  expect(await stack.plan()).toEqual({ changes: [], drift: [], outputs: [] });
  const { csi } = await stack.output();
  expect(csi?.sensitive).toBe(true);
  const [cluster] = parse(String(csi?.value)).clusters;
  expect(cluster).toMatchObject({ insecure: false, region: "lab", token_id: "kubernetes-csi@pve!csi" });
});

function synthesized(): string {
  const outdir = path.join(folder, "cdktf.out");
  const app = newApp(outdir);
  const site = new ProxmoxSite("lab", {
    endpoint: "https://pve1.example.com:8006",
    hosts: ["pve1", "pve2"],
    datastores: {
      nas: { shared: true, content: ["import", "backup"] },
      disks: { content: ["import", "backup"] },
      thin: {},
      zfs: {},
    },
  });
  const stack = new SiteStack(app, "hosts", { site });
  new HostBridge(stack, "vmbr1", { site, hosts: { pve1: { ports: ["bond0"] }, pve2: {} }, vlanAware: true });
  new HostVlan(stack, "storage", { site, interface: "bond0", vlanId: 70, hosts: { pve1: "10.0.70.2/24" } });
  const nfs = { type: "nfs", server: "nas.example.com", export: "/export" } as const;
  new ProxmoxStorage(stack, "Nas", { site, datastore: "nas", backing: nfs });
  new ProxmoxStorage(stack, "Disks", { site, datastore: "disks", backing: { type: "directory", path: "/srv" } });
  const thin = { type: "lvmthin", volumeGroup: "pve", thinPool: "data" } as const;
  new ProxmoxStorage(stack, "Thin", { site, datastore: "thin", backing: thin });
  new ProxmoxStorage(stack, "Zfs", { site, datastore: "zfs", backing: { type: "zfspool", zfsPool: "rpool/data" } });
  new ProxmoxPool(stack, "lab");
  new MetricsServer(stack, "graphite", { server: "metrics.example.com", port: 2003, receiver: { type: "graphite" } });
  const { config } = new ProxmoxCsiAuth(stack, "CsiAuth", { site });
  new TerraformOutput(stack, "csi", { value: config, sensitive: true, staticId: true });
  app.synth();
  return path.join(outdir, "stacks/lab-hosts");
}
