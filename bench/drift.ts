import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import type { Figure } from "./figure";
import { run } from "./measure";

/** How long the provider takes to read an object: a tenth of what plans took in the site that this was made for. */
const readDelayMs = 2_200;

const files = 1_000;

/**
 * `drift run` against a plain loop of `terraform plan` over the same stacks, with the real Terraform and a provider that
 * takes its time; and classifying plans that are files already. Needs Terraform and Go: without them a line says so.
 */
export async function driftFigures(folder: string, root: string, stacks: number): Promise<Figure[]> {
  const command = path.join(root, "dist/cli/main.js");
  const classified = run({
    script: command,
    args: ["drift", "classify", "--exit-zero", "--format", "json", ...writePlans(folder)],
    cwd: folder,
  });
  const figures: Figure[] = [
    {
      name: `classifying ${files.toLocaleString("en-US")} plan files`,
      value: classified.seconds,
      unit: "s",
      budget: 2,
    },
  ];
  const terraform = process.env["TERRAFORM_BINARY_NAME"] ?? "terraform";
  let env: NodeJS.ProcessEnv;
  try {
    env = environment(folder, root);
    makeStacks(path.join(folder, "stacks"), stacks, terraform, env);
  } catch (error) {
    console.error(`drift run is not measured, since it needs Terraform and Go: ${error}`);
    return figures;
  }
  const slow = { ...env, PROVIDER_DOUBLE_READ_DELAY_MS: String(readDelayMs) };
  const cwd = path.join(folder, "stacks");
  const loop = `for stack in */; do ${terraform} -chdir="$stack" plan -input=false -lock=false || exit; done`;
  const plain = await watched("sh", ["-c", loop], cwd, slow);
  const ours = await watched(process.execPath, [command, "drift", "run", "."], cwd, slow);
  return [
    ...figures,
    { name: `terraform plan of ${stacks} stacks in a loop`, value: plain.seconds, unit: "s" },
    { name: `drift run of ${stacks} stacks`, value: ours.seconds, unit: "s" },
    { name: "drift run / loop", value: ours.seconds / plain.seconds, unit: "×", budget: 0.25 },
    { name: "loop, memory", value: plain.megabytes, unit: "MB" },
    { name: "drift run, memory above the loop's", value: ours.megabytes - plain.megabytes, unit: "MB", budget: 500 },
  ];
}

/** Plans of forty machines each, a third of them with one that drifted. */
function writePlans(folder: string): string[] {
  const machine = (index: number, more: object) => ({
    name: `vm-${index}`,
    tags: ["cluster"],
    description: "A machine of the cluster. ".repeat(16),
    memory: [{ dedicated: 8192, floating: 0 }],
    cpu: [{ cores: 4, type: "host", flags: [] }],
    disk: ["scsi0", "scsi1", "scsi2"].map((slot) => ({
      interface: slot,
      datastore_id: "ceph",
      size: 64,
      cache: "none",
    })),
    network_device: [60, 61, 62].map((vlan) => ({ bridge: "vmbr1", model: "virtio", vlan_id: vlan })),
    ...more,
  });
  const indexes = Array.from({ length: 40 }, (_, index) => index);
  const change = (index: number, before: object, after: object, action: string) => ({
    address: `proxmox_virtual_environment_vm.node[${index}]`,
    change: {
      actions: [action],
      before: machine(index, before),
      after: machine(index, after),
      after_unknown: {},
      before_sensitive: {},
      after_sensitive: {},
    },
  });
  const others = { tags: ["somebody"] };
  return Array.from({ length: files }, (_, file) => {
    const drifts = file % 3 === 0;
    const plan = {
      format_version: "1.2",
      resource_changes: indexes.map((index) =>
        drifts && index === 0 ? change(index, others, {}, "update") : change(index, {}, {}, "no-op"),
      ),
      resource_drift: drifts ? [change(0, {}, others, "update")] : [],
      prior_state: { values: { root_module: { resources: indexes.map((index) => ({ values: machine(index, {}) })) } } },
    };
    const name = path.join(folder, `plan-${file}.json`);
    writeFileSync(name, JSON.stringify(plan));
    return name;
  });
}

/** Builds the provider double and tells Terraform where it is. */
function environment(folder: string, root: string): NodeJS.ProcessEnv {
  const version = "0.111.1";
  const platform = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
  const mirror = path.join(folder, "mirror");
  const binary = path.join(folder, "double");
  execFileSync("go", ["build", "-trimpath", "-o", binary, "."], {
    cwd: path.join(root, "__tests__/engine/provider-double"),
    env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly" },
  });
  for (const registry of ["registry.terraform.io", "registry.opentofu.org"]) {
    const target = path.join(mirror, registry, "bpg/proxmox", version, platform);
    mkdirSync(target, { recursive: true });
    cpSync(binary, path.join(target, `terraform-provider-proxmox_v${version}`));
  }
  const config = path.join(folder, "terraform.rc");
  writeFileSync(config, `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`);
  return {
    ...process.env,
    CHECKPOINT_DISABLE: "1",
    TF_CLI_CONFIG_FILE: config,
    PROVIDER_DOUBLE_SCHEMAS: path.join(root, "providers/schemas"),
  };
}

/** One stack, applied, and copies of it with its state: the double knows an object by the state alone. */
function makeStacks(folder: string, count: number, terraform: string, env: NodeJS.ProcessEnv): void {
  const first = path.join(folder, "stack-000");
  mkdirSync(first, { recursive: true });
  const configuration = {
    terraform: { required_providers: { proxmox: { source: "bpg/proxmox" } }, backend: { local: {} } },
    provider: { proxmox: { endpoint: "https://pve.example.com:8006" } },
    resource: { proxmox_virtual_environment_pool: { it: { pool_id: "bench" } } },
  };
  writeFileSync(path.join(first, "main.tf.json"), JSON.stringify(configuration));
  for (const args of [
    ["init", "-input=false"],
    ["apply", "-auto-approve", "-input=false"],
  ]) {
    execFileSync(terraform, args, { cwd: first, env, stdio: "pipe" });
  }
  for (let index = 1; index < count; index++) {
    const name = `stack-${String(index).padStart(3, "0")}`;
    cpSync(first, path.join(folder, name), { recursive: true, verbatimSymlinks: true });
  }
}

/** Runs a command, and asks again and again how much memory it and all that it started hold. */
async function watched(
  file: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly seconds: number; readonly megabytes: number }> {
  const start = performance.now();
  const child = spawn(file, args, { cwd, env, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  let seconds: number | undefined;
  ended.then(
    () => {
      seconds = (performance.now() - start) / 1000;
    },
    () => undefined,
  );
  let megabytes = 0;
  while (child.exitCode === null && seconds === undefined) {
    megabytes = Math.max(megabytes, heldBy(child.pid ?? 0));
    await setTimeout(200);
  }
  const code = await ended;
  if (code !== 0) {
    throw new Error(`${[file, ...args].join(" ")} ended with ${code}:\n${stderr}`);
  }
  return { seconds: seconds ?? 0, megabytes };
}

/** Of a process and its descendants; what several of them share counts once. 0 where there is no /proc. */
function heldBy(root: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    const [, parent] = /^PPid:\s+(\d+)$/m.exec(read(`/proc/${name}/status`)) ?? [];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const isOurs = (pid: number): boolean => pid === root || (parents.has(pid) && isOurs(parents.get(pid) ?? 0));
  const kibibytes = [...parents.keys()]
    .filter(isOurs)
    .map((pid) => Number(/^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0));
  return (kibibytes.reduce((sum, one) => sum + one, 0) * 1024) / 1e6;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
