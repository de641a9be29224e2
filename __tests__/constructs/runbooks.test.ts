/** Runbooks beside the stacks. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { type App, TerraformVariable } from "cdktf";
import { nothingToWriteAbout } from "../../errors";
import { ProxmoxSite, ProxmoxVm, Runbooks } from "../../index";
import { addCluster } from "../helpers/clusters";
import { inFolder, newApp, refusals } from "../helpers/synth";
import { addWorker } from "../helpers/ubuntu";

/** What is written below `runbooks`, by path. */
function written(build: (app: App) => void, before: (outdir: string) => void = () => undefined) {
  return inFolder((outdir) => {
    before(outdir);
    const app = newApp(outdir);
    build(app);
    app.synth();
    const folder = path.join(outdir, "runbooks");
    const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
    const files = names.filter((name) => /\.(md|json)$/.test(name)).sort();
    return Object.fromEntries(files.map((name) => [name, readFileSync(path.join(folder, name), "utf8")]));
  });
}

test("BG-1: each machine of the site has its page, with its real names", () => {
  const files = written((app) => {
    const { site } = addWorker(app, {
      vm: { vmId: 311, sshPolicy: "mask", address: { address: "10.0.0.31/24", gateway: "10.0.0.1" } },
    });
    new Runbooks(app, { site });
  });
  expect(Object.keys(files)).toEqual([
    "test/README.md",
    "test/break-glass/node-1.md",
    "test/decision-record.md",
    "test/evidence.json",
    "test/ssh-lockdown.md",
    "test/staged-plan.md",
    "test/weekly-review.md",
  ]);
  expect(files["test/break-glass/node-1.md"]).toContain("qm guest exec 311 -- systemctl unmask");
  expect(files["test/ssh-lockdown.md"]).toContain("kubectl drain node-1 ");
  expect(files["test/ssh-lockdown.md"]).toContain("ssh wizard@10.0.0.31\n");
});

test("T-35: a site of Talos machines has no page about Ubuntu", () => {
  const files = written((app) => {
    new Runbooks(app, { site: addCluster(app).site });
  });
  expect(Object.keys(files)).toEqual([
    "test/README.md",
    ...["cp-1", "cp-2", "cp-3", "w-1"].map((name) => `test/break-glass/${name}.md`),
  ]);
  expect(files["test/break-glass/cp-2.md"]).toContain("output -raw lab_talosconfig");
  expect(files["test/break-glass/cp-2.md"]).toContain("-replace='proxmox_virtual_environment_vm.lab_cp-2_Vm_B0CE0327'");
});

test("machines of another site, and what only Terraform knows, are left out", () => {
  const files = written((app) => {
    const { site, stack } = addCluster(app, { workers: {} });
    const nas = new ProxmoxSite("nas", {
      endpoint: "https://nas.example.com:8006",
      hosts: ["nas"],
      datastores: { fast: {} },
    });
    const disk = { datastore: "fast", sizeGiB: 8, importFrom: "local:import/a.qcow2" } as const;
    const vm = new ProxmoxVm(stack, "nas", { site: nas, host: "nas", disk, networkDevices: [{ bridge: "vmbr0" }] });
    vm.resource.vmId = new TerraformVariable(stack, "id", { type: "number" }).numberValue;
    new Runbooks(app, { site });
    new Runbooks(app, { site: nas });
  });
  expect(Object.keys(files)).toContain("nas/break-glass/nas.md");
  expect(Object.keys(files)).not.toContain("test/break-glass/nas.md");
  expect(files["nas/break-glass/nas.md"]).toContain("VM with an id that Proxmox chose");
  expect(Object.values(files).join()).not.toContain("TfToken");
});

test("nothing is written unless it is asked for", () => {
  expect(written((app) => addCluster(app))).toEqual({});
});

test("pages of machines that are gone are taken away, and nothing else is", () => {
  const files = written(
    (app) => new Runbooks(app, { site: addCluster(app, { workers: {} }).site }),
    (outdir) => {
      for (const file of ["runbooks/test/break-glass/gone.md", "runbooks/other/README.md"]) {
        mkdirSync(path.dirname(path.join(outdir, file)), { recursive: true });
        writeFileSync(path.join(outdir, file), "old");
      }
    },
  );
  expect(Object.keys(files)).not.toContain("test/break-glass/gone.md");
  expect(files["other/README.md"]).toBe("old");
});

test("a synth that is refused writes no runbook", () => {
  const problems = refusals((app) => {
    new Runbooks(app, { site: addCluster(app, { workers: { "w-1": { address: "10.9.9.9" } } }).site });
  });
  expect(problems.map(({ code }) => code)).toEqual(["outside-subnet"]);
});

test("runbooks of a site without machines are refused", () => {
  const problems = refusals((app) => {
    addCluster(app);
    const site = new ProxmoxSite("empty", { endpoint: "https://pve.example.com:8006", hosts: ["pve"], datastores: {} });
    new Runbooks(app, { site });
  });
  expect(problems).toEqual([nothingToWriteAbout("empty-runbooks", "empty")]);
});
