import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { CompiledCommand } from "../cli/support/command";
import { providerEnvironment } from "./support/provider-mirror";

/** Three stacks: the cluster reads the network's state as cdktf makes a stack do it, the apps only come after it. */
const dependencies = { apps: ["cluster"], cluster: ["network"], network: [] } as const;

type Name = keyof typeof dependencies;

let command: CompiledCommand;
let folder: string;

beforeAll(() => {
  command = new CompiledCommand();
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), "plan-command-")));
  mkdirSync(path.join(folder, "tmp"));
  synthesize("10.20.66.0/23");
});

afterAll(() => {
  command.remove();
  rmSync(folder, { recursive: true });
});

afterEach(() => {
  expect(readdirSync(path.join(folder, "tmp"))).toEqual([]);
});

// The tests follow the site through its life: each begins with what the one before it left.

test("before anything is applied, what reads the network's state asks for the network first", async () => {
  const { exitCode, stacks, stderr } = await plan();
  expect(stacks).toEqual([
    expect.objectContaining({ name: "network", status: "changes", create: 1 }),
    { name: "cluster", status: "error", needs: ["network"] },
    { name: "apps", status: "not planned", needs: ["cluster"] },
  ]);
  expect(stderr).toContain("Unable to find remote state");
  expect(stderr).toContain('The stack reads outputs of "network" that are not in the state yet.');
  expect(exitCode).toBe(1);
});

test("the same with a state that lacks the output", async () => {
  write("network", { resource: { terraform_data: { network: { input: "10.20.66.0/23" } } } });
  terraform("network", "apply", "-auto-approve");
  synthesize("10.20.66.0/23");
  const { exitCode, stacks, stderr } = await plan("--stack", "cluster");
  expect(stacks).toEqual([{ name: "cluster", status: "error", needs: ["network"] }]);
  expect(stderr).toContain("Unsupported attribute");
  expect(exitCode).toBe(1);
});

test("once the network is applied, the others are planned", async () => {
  terraform("network", "apply", "-auto-approve");
  expect(await plan()).toMatchObject({
    stacks: [
      { name: "network", status: "no changes", create: 0 },
      { name: "cluster", status: "changes", create: 2 },
      { name: "apps", status: "changes", create: 1, outputs: ["subnet"] },
    ],
    exitCode: 2,
  });
});

test("when everything is applied, there is nothing to do", async () => {
  terraform("cluster", "apply", "-auto-approve");
  terraform("apps", "apply", "-auto-approve");
  expect(await plan("--parallelism", "3")).toMatchObject({
    stacks: [{ status: "no changes" }, { status: "no changes" }, { status: "no changes" }],
    exitCode: 0,
  });
});

test("a change is counted as what it does, with its address", async () => {
  synthesize("10.20.68.0/23");
  terraform("network", "apply", "-auto-approve");
  expect(await plan()).toMatchObject({
    stacks: [
      { name: "network", status: "no changes" },
      {
        name: "cluster",
        change: 1,
        replace: 1,
        addresses: { change: ["terraform_data.settings"], replace: ["terraform_data.vm"] },
      },
      { name: "apps", status: "outputs only", change: 0, outputs: ["subnet"] },
    ],
    totals: { create: 0, change: 1, replace: 1, destroy: 0 },
    exitCode: 2,
  });
});

test("only moving and only forgetting are changes", async () => {
  terraform("cluster", "apply", "-auto-approve");
  write("cluster", {
    ...cluster,
    resource: { terraform_data: { machine: cluster.resource.terraform_data.vm } },
    moved: [{ from: "terraform_data.vm", to: "terraform_data.machine" }],
    removed: [{ from: "terraform_data.settings", lifecycle: { destroy: false } }],
  });
  expect(await plan("--stack", "cluster")).toMatchObject({
    stacks: [
      {
        status: "changes",
        destroy: 0,
        addresses: { moved: ["terraform_data.machine"], forgotten: ["terraform_data.settings"] },
      },
    ],
    exitCode: 2,
  });
});

test("what the guard refuses is told apart from other changes", async () => {
  const vm = { node_name: "pve1", tags: ["controlplane"], disk: [{ interface: "scsi0", datastore_id: "local-lvm" }] };
  const machines = (names: readonly string[]) => ({
    terraform: {
      required_providers: { proxmox: { source: "bpg/proxmox" } },
      backend: { local: { path: statePath("apps") } },
    },
    provider: { proxmox: [{ endpoint: "https://pve.example.com:8006" }] },
    resource: { proxmox_virtual_environment_vm: Object.fromEntries(names.map((name) => [name, { name, ...vm }])) },
  });
  write("apps", machines(["cp-1", "cp-2", "cp-3"]));
  terraform("apps", "init");
  terraform("apps", "apply", "-auto-approve");
  write("apps", machines(["cp-1", "cp-2"]));
  expect(await plan("--stack", "apps")).toMatchObject({ guard: { safe: true }, exitCode: 2 });
  write("apps", machines(["cp-1"]));
  expect(await plan("--stack", "apps")).toMatchObject({
    guard: { safe: false, refused: [{ code: "etcd-quorum-lost" }, { code: "control-planes-together" }] },
    exitCode: 3,
  });
});

test("a configuration that Terraform refuses is an error with its text, and the other stacks are planned", async () => {
  write("apps", { resource: { terraform_data: { app: { nonsense: true } } } });
  const { exitCode, stacks, stderr } = await plan();
  expect(stacks).toMatchObject([{ status: "no changes" }, { status: "changes" }, { name: "apps", status: "error" }]);
  expect(stderr).toContain('No argument or block type is named "nonsense"');
  expect(exitCode).toBe(1);
});

test("nothing but Terraform's own files is left in the stacks", () => {
  for (const name of Object.keys(dependencies)) {
    const files = readdirSync(path.join(folder, "cdktf.out/stacks", name));
    expect(files.filter((file) => ![".terraform", ".terraform.lock.hcl", "cdk.tf.json"].includes(file))).toEqual([]);
  }
});

const subnetOfNetwork = "${data.terraform_remote_state.cross-stack-reference-input-network.outputs.subnet}";

const cluster = {
  data: {
    terraform_remote_state: {
      "cross-stack-reference-input-network": { backend: "local", config: { path: statePath("network") } },
    },
  },
  resource: {
    terraform_data: { settings: { input: subnetOfNetwork }, vm: { triggers_replace: subnetOfNetwork } },
  },
};

/** Writes what `cdktf synth` would. */
function synthesize(subnet: string): void {
  write("network", {
    resource: { terraform_data: { network: { input: subnet } } },
    output: { subnet: { value: subnet } },
  });
  write("cluster", cluster);
  write("apps", { resource: { terraform_data: { app: {} } }, output: { subnet: { value: subnet } } });
  const stacks = Object.entries(dependencies).map(([name, needs]) => [
    name,
    { name, dependencies: needs, workingDirectory: `stacks/${name}` },
  ]);
  writeFileSync(path.join(folder, "cdktf.out/manifest.json"), JSON.stringify({ stacks: Object.fromEntries(stacks) }));
}

function write(name: Name, configuration: object): void {
  const stack = path.join(folder, "cdktf.out/stacks", name);
  mkdirSync(stack, { recursive: true });
  const terraform = { backend: { local: { path: statePath(name) } } };
  writeFileSync(path.join(stack, "cdk.tf.json"), JSON.stringify({ terraform, ...configuration }));
}

function statePath(name: Name): string {
  return `../../../terraform.${name}.tfstate`;
}

async function plan(...options: readonly string[]): Promise<Report> {
  const { code, stdout, stderr } = await command.run(["plan", path.join(folder, "cdktf.out"), "--json", ...options], {
    ...environment(),
    TMPDIR: path.join(folder, "tmp"),
  });
  if (stdout === "") {
    throw new Error(stderr);
  }
  const report: Omit<Report, "stderr"> = JSON.parse(stdout);
  expect(report.exitCode).toBe(code);
  return { ...report, stderr };
}

interface Report {
  readonly stacks: readonly object[];
  readonly totals: object;
  readonly exitCode: number;
  readonly stderr: string;
}

function terraform(name: Name, ...args: readonly string[]): void {
  execFileSync(binary(), [`-chdir=${path.join(folder, "cdktf.out/stacks", name)}`, ...args, "-no-color"], {
    env: environment(),
    stdio: "pipe",
  });
}

function binary(): string {
  const chosen = process.env["TERRAFORM_BINARY_NAME"];
  return chosen ?? (spawnSync("terraform", ["version"]).status === 0 ? "terraform" : "tofu");
}

/** A developer's plugin cache or extra arguments must not reach the tests. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("TF_"));
  return { ...Object.fromEntries(own), ...providerEnvironment() };
}
