import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { setTimeout } from "node:timers/promises";
import { formatProblem, malformedManifest, stackNotApplied, terraformNotFound, unknownStack } from "../../errors";
import { type CommandResult, CompiledCommand, type Interruption } from "./support/command";

let command: CompiledCommand;
let folder: string;

beforeAll(() => {
  command = new CompiledCommand();
});

afterAll(() => command.remove());

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "plan-test-"));
  mkdirSync(path.join(folder, "bin"));
  mkdirSync(path.join(folder, "tmp"));
  writeFileSync(path.join(folder, "bin/terraform"), readFileSync(path.join(__dirname, "support/terraform")), {
    mode: 0o755,
  });
});

afterEach(() => rmSync(folder, { recursive: true }));

test("the stacks are planned after those that they depend on, and one table has the counts and the addresses", async () => {
  stacks({
    apps: { needs: ["cluster"], actions: [["no-op"]] },
    cluster: { needs: ["network"], actions: [["update"], ["delete", "create"], ["create", "delete"]] },
    network: { actions: [["create"], ["create"], ["delete"]] },
  });
  const { code, stdout, stderr } = await plan();
  expect(stdout).toBe(`stack    create  change  replace  destroy  status
network       2       0        0        1  changes
cluster       0       1        2        0  changes
apps          0       0        0        0  no changes
total         2       1        2        1

Would be replaced:
  cluster  terraform_data.r1
  cluster  terraform_data.r2

Would be destroyed:
  network  terraform_data.r2

Guard: safe; 0 machines, 0 control planes, 0 out of service
`);
  expect(stderr).toBe("[1/3] network: changes\n[2/3] cluster: changes\n[3/3] apps: no changes\n");
  expect(planned()).toEqual(["network", "cluster", "apps"]);
  expect(code).toBe(2);
});

test("no changes in any stack end in exit code 0", async () => {
  stacks({ network: { actions: [["no-op"]] } });
  expect(await plan()).toMatchObject({ code: 0, stderr: "[1/1] network: no changes\n" });
});

test("drift alone is said, but is nothing to do", async () => {
  stacks({ network: {} });
  write("network/show.json", JSON.stringify({ format_version: "1.2", resource_drift: changesOf([["update"]]) }));
  expect(await plan()).toMatchObject({ code: 0, stderr: "[1/1] network: no changes (1 drifted)\n" });
});

test("what a check says that failed is shown, but is nothing to do", async () => {
  stacks({ network: {} });
  const checks = [{ status: "fail", instances: [{ status: "fail", problems: [{ message: "Look here." }] }] }];
  write("network/show.json", JSON.stringify({ format_version: "1.2", checks }));
  const { code, stdout } = await plan();
  expect(stdout).toContain("\n\nChecks that failed:\n  network  Look here.\n");
  expect(code).toBe(0);
});

test("changed outputs alone are called that, and are changes", async () => {
  stacks({ network: {} });
  write("network/show.json", readFileSync(path.join(__dirname, "../analysis/golden/outputs-only.json"), "utf8"));
  write("network/plan.code", "2");
  const { code, stdout } = await plan();
  expect(stdout).toContain("network       0       0        0        0  outputs only\n");
  expect(code).toBe(2);
});

test("what only moves or is imported or forgotten is counted beside the status", async () => {
  stacks({ network: { actions: [["forget"]] } });
  const moved = { ...changeOf("terraform_data", "b", { actions: ["no-op"] }), previous_address: "terraform_data.a" };
  const imported = changeOf("terraform_data", "c", { actions: ["no-op"], importing: { id: "s3cret" } });
  write(
    "network/show.json",
    JSON.stringify({ format_version: "1.2", resource_changes: [...changesOf([["forget"]]), moved, imported] }),
  );
  expect((await plan()).stderr).toBe("[1/1] network: changes (1 moved, 1 imported, 1 forgotten)\n");
});

test("a failing stack shows all that Terraform says, and only what depends on it is left out", async () => {
  stacks({
    apps: { needs: ["cluster"] },
    cluster: { needs: ["network"] },
    network: {},
    registry: { actions: [["create"]] },
  });
  write("network/plan.code", "1");
  write("network/plan.stderr", "\nError: Invalid token\n\n  with terraform_data.a,\n\nThe token has expired.\n");
  const { code, stdout, stderr } = await plan();
  expect(stdout).toBe(`stack     create  change  replace  destroy  status
network        -       -        -        -  error
cluster        -       -        -        -  not planned (needs network)
apps           -       -        -        -  not planned (needs network)
registry       1       0        0        0  changes
total          1       0        0        0

Guard: safe as far as there are plans; 0 machines, 0 control planes, 0 out of service; not judged: 3 stacks without a plan
`);
  expect(stderr).toContain(
    "network: terraform plan failed (exit code 1)\n\nError: Invalid token\n\n  with terraform_data.a,\n\nThe token has expired.\n",
  );
  expect(planned()).toEqual(["network", "registry"]);
  expect(code).toBe(1);
});

test("an init that fails is the stack's error, and nothing is planned", async () => {
  stacks({ network: {} });
  write("network/init.code", "1");
  write("network/init.stderr", "Error: Backend configuration changed\n");
  const { code, stderr } = await plan();
  expect(stderr).toContain("network: terraform init failed (exit code 1)\n\nError: Backend configuration changed\n");
  expect(planned()).toEqual([]);
  expect(code).toBe(1);
});

test.each([
  [
    "has no state",
    "Error: Unable to find remote state\n\n  with data.terraform_remote_state.cross-stack-reference-input-home-net-2,\n",
  ],
  [
    "has no such output yet",
    "Error: Unsupported attribute\n\n  data.terraform_remote_state.cluster_cross-stack-reference-input-homenet2_F00.outputs is object with no attributes\n",
  ],
])("a stack whose dependency %s names that one to apply", async (_, said) => {
  stacks({ "home-cluster": { needs: ["home-net", "home-net-2"] }, "home-net": {}, "home-net-2": {} });
  write("home-cluster/plan.code", "1");
  write("home-cluster/plan.stderr", said);
  const { code, stdout, stderr } = await plan();
  expect(stdout).toContain("  error (apply home-net-2 first)\n");
  expect(stderr).toContain(said.trim());
  expect(stderr).toContain(formatProblem(stackNotApplied("home-cluster", ["home-net-2"])));
  expect(code).toBe(1);
});

test("--json prints nothing but JSON, with the addresses of every kind", async () => {
  stacks({
    cluster: { needs: ["network"], actions: [["update"], ["delete", "create"]] },
    network: { actions: [["create"]] },
    registry: {},
    apps: { needs: ["registry"] },
  });
  write("registry/plan.code", "1");
  const { code, stdout } = await plan("--json");
  const none = {
    create: [],
    change: [],
    replace: [],
    destroy: [],
    moved: [],
    imported: [],
    forgotten: [],
    drifted: [],
  };
  expect(JSON.parse(stdout)).toEqual({
    stacks: [
      {
        name: "network",
        status: "changes",
        create: 1,
        change: 0,
        replace: 0,
        destroy: 0,
        addresses: { ...none, create: ["terraform_data.r0"] },
        outputs: [],
        warnings: [],
      },
      {
        name: "cluster",
        status: "changes",
        create: 0,
        change: 1,
        replace: 1,
        destroy: 0,
        addresses: { ...none, change: ["terraform_data.r0"], replace: ["terraform_data.r1"] },
        outputs: [],
        warnings: [],
      },
      { name: "registry", status: "error", needs: [] },
      { name: "apps", status: "not planned", needs: ["registry"] },
    ],
    totals: { create: 1, change: 1, replace: 1, destroy: 0 },
    guard: { safe: true, refused: [], allowed: [], notes: [], machines: [] },
    exitCode: 1,
  });
  expect(code).toBe(1);
});

describe("what the guard refuses", () => {
  const controlPlane = (name: string, actions: readonly string[]) =>
    changeOf("proxmox_virtual_environment_vm", name, { actions, before: { tags: ["controlplane"] }, after: {} });

  beforeEach(() => {
    // A cluster in two stacks: of neither alone would it be too much.
    stacks({ blue: { actions: [["delete"]] }, green: { needs: ["blue"], actions: [["delete"]] }, broken: {} });
    const changes = {
      blue: [controlPlane("a", ["delete"])],
      green: [controlPlane("b", ["delete"]), controlPlane("c", ["no-op"])],
    };
    for (const [name, resource_changes] of Object.entries(changes)) {
      write(`${name}/show.json`, JSON.stringify({ format_version: "1.2", resource_changes }));
    }
  });

  test("over all stacks together ends in exit code 3, and is shown below the table", async () => {
    const { code, stdout } = await plan();
    expect(stdout).toContain("\n\nblue, green: refused: control-planes-together\n");
    expect(stdout).toMatch(/\nGuard: refused \(etcd-quorum-lost, control-planes-together\); 3 machines, .*\n$/);
    expect(code).toBe(3);
  });

  test("is in the JSON as well", async () => {
    const { code, stdout } = await plan("--json");
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 3, guard: { safe: false, refused: [{}, {}] } });
    expect(code).toBe(3);
  });

  test("and is allowed with a reason is a change like others", async () => {
    const rules = ["etcd-quorum-lost", "control-planes-together"].flatMap((rule) => ["--allow", `${rule}:*`]);
    const { code, stdout } = await plan(...rules, "--reason", "They have left etcd.");
    expect(stdout).toContain("  Reason: They have left etcd.\n");
    expect(code).toBe(2);
  });

  test("comes after a stack that could not be planned, which may hold more of it", async () => {
    write("broken/plan.code", "1");
    expect(await plan()).toMatchObject({ code: 1, stdout: expect.stringContaining("Guard: refused") });
  });

  test("and is allowed without a reason is a usage error, before anything is planned", async () => {
    const { code, stderr } = await plan("--allow", "whole-host:*");
    expect(stderr).toContain("error: --allow whole-host:* needs a --reason behind it");
    expect({ code, log: log() }).toEqual({ code: 1, log: [] });
  });
});

test("--stack plans the named stacks only, in the order of their dependencies", async () => {
  stacks({ apps: { needs: ["cluster"] }, cluster: { needs: ["network"] }, network: {} });
  await plan("--stack", "apps", "cluster");
  expect(planned()).toEqual(["cluster", "apps"]);
});

test("Terraform is asked for no input, for its detailed exit code, and for no news", async () => {
  stacks({ network: {} });
  await plan("--no-refresh");
  const [init, planning] = log();
  expect(init).toBe("init network -input=false -no-color CHECKPOINT_DISABLE=1");
  expect(planning).toMatch(
    /^plan network -input=false -no-color -detailed-exitcode -refresh=false -out=\S+ CHECKPOINT_DISABLE=1$/,
  );
});

test.each([
  ["at the same time with --parallelism", "plan", ["--parallelism", "2"], 0],
  ["one at a time without it", "plan", [], 1],
  ["one at a time while providers are installed, even so", "init", ["--parallelism", "2"], 1],
])("stacks are worked on %s", async (_, step, options, expected) => {
  stacks({ a: {}, b: {} });
  // The first one fails unless the other one comes to the same step meanwhile.
  write(`a/${step}.waits`, path.join(outdir(), `stacks/b/${step}.begun`));
  expect(await plan(...options)).toMatchObject({ code: expected });
});

test.each([
  ["is planned", {}, 0],
  ["fails", { "a/plan.code": "1" }, 1],
  ["cannot be shown", { "a/show.code": "1" }, 1],
])("the plan of a stack that %s is in a private folder and then gone", async (_, files, expected) => {
  stacks({ a: {} });
  for (const [file, text] of Object.entries(files)) {
    write(file, text);
  }
  expect(await plan()).toMatchObject({ code: expected });
  expect(readFileSync(`${logFile()}.folder`, "utf8")).toMatch(/^drwx------/);
  expect(readdirSync(path.join(folder, "tmp"))).toEqual([]);
});

test("an interrupt reaches Terraform, removes the plan and starts no other stack", async () => {
  stacks({ a: {}, b: {} });
  write("a/plan.waits", "never");
  const { code, stderr } = await run(["plan", outdir()], { signal: "SIGINT", when: exists("out/stacks/a/plan.begun") });
  expect(stderr).toBe("Interrupted by SIGINT.\n");
  expect(code).toBe(130);
  expect(log().slice(2)).toEqual(["interrupted a"]);
  expect(readdirSync(path.join(folder, "tmp"))).toEqual([]);
});

test("what a terminal sends to its programs does not reach Terraform, or Ctrl-C would count twice", async () => {
  stacks({ a: {} });
  write("a/plan.waits", path.join(outdir(), "signalled"));
  const begun = exists("out/stacks/a/plan.begun");
  const running = run(["plan", outdir()], { signal: "SIGWINCH", when: begun });
  await begun;
  await setTimeout(100);
  writeFileSync(path.join(outdir(), "signalled"), "");
  expect(await running).toMatchObject({ code: 0 });
  expect(log()).not.toContain("in the terminal");
});

test("no value of a plan is ever printed", async () => {
  const secret = { ...changesOf([["update"]])[0], change: { actions: ["update"], before: "s3cret", after: "s3cret" } };
  stacks({ good: {}, odd: {}, broken: {}, failing: {} });
  write("good/show.json", JSON.stringify({ format_version: "1.2", resource_changes: [secret] }));
  write("odd/show.json", JSON.stringify({ format_version: "1.2", resource_changes: "s3cret" }));
  write("broken/show.json", "s3cret");
  write("failing/plan.code", "1");
  for (const options of [[], ["--json"]]) {
    const { stdout, stderr } = await plan(...options);
    expect(stdout + stderr).not.toContain("s3cret");
    expect(stderr).toContain("odd: unknown-plan-format");
    expect(stderr).toContain("broken: unknown-plan-format");
  }
});

test("without what synth writes, the problem says how to get it", async () => {
  const { code, stdout, stderr } = await run(["plan", "elsewhere"]);
  expect(stderr).toBe(`elsewhere: no-synth-output
  There are no synthesized stacks here: elsewhere/manifest.json: there is no such file or folder.
  Remedy: Run the app that writes them (\`npm run synth\`), or name the folder that they are in.
`);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
});

test.each([
  ["no JSON", "{", "It is no JSON."],
  ["no manifest", '{"stacks": {"a": {"name": "a"}}}', expect.stringContaining("stacks.a.workingDirectory")],
  [
    "a circle",
    manifestOf({ a: { needs: ["b"] }, b: { needs: ["a"] } }),
    "The dependencies of a, b form a circle or are missing.",
  ],
])("a manifest that is %s is refused", async (_, text, reason) => {
  mkdirSync(outdir());
  writeFileSync(path.join(outdir(), "manifest.json"), text);
  const { code, stderr } = await plan();
  const expected = formatProblem(malformedManifest(path.join(outdir(), "manifest.json"), "<reason>")).split("<reason>");
  for (const part of [...expected, reason]) {
    expect(stderr).toEqual(typeof part === "string" ? expect.stringContaining(part) : part);
  }
  expect(code).toBe(1);
});

test("all unknown stacks are named at once, with the known ones", async () => {
  stacks({ a: {}, b: {} });
  const { code, stderr } = await plan("--stack", "x", "a", "y");
  expect(stderr).toBe(
    `${["x", "y"].map((name) => formatProblem(unknownStack("--stack", name, ["a", "b"]))).join("\n\n")}\n`,
  );
  expect({ code, log: log() }).toEqual({ code: 1, log: [] });
});

test("without Terraform and OpenTofu, or the one that was named, the problem names what was tried", async () => {
  stacks({ a: {} });
  rmSync(path.join(folder, "bin/terraform"));
  const onPath = await plan();
  expect(onPath).toMatchObject({
    code: 1,
    stderr: `${formatProblem(terraformNotFound("PATH", ["terraform", "tofu"]))}\n`,
  });
  const named = await run(["plan", outdir()], undefined, { TERRAFORM_BINARY_NAME: "other" });
  expect(named).toMatchObject({ code: 1, stderr: `${formatProblem(terraformNotFound("PATH", ["other"]))}\n` });
});

test("OpenTofu is used where there is no Terraform", async () => {
  stacks({ a: {} });
  writeFileSync(path.join(folder, "bin/tofu"), readFileSync(path.join(folder, "bin/terraform")), { mode: 0o755 });
  rmSync(path.join(folder, "bin/terraform"));
  expect(await plan()).toMatchObject({ code: 0 });
});

test.each([
  [["plan", "--nonsense"], "error: unknown option '--nonsense'"],
  [["plan", "--parallelism", "0"], "Use a whole number of at least 1."],
  [["plan", "--stack"], "error: option '--stack <name...>' argument missing"],
  [["plan", "a", "b"], "error: too many arguments for 'plan'"],
  [["plan", "--max-machines", "none"], "Use a whole number of at least 1."],
  [["nonsense"], "error: unknown command 'nonsense'"],
])("%j is a usage error", async (args, message) => {
  const { code, stdout, stderr } = await run(args);
  expect(stderr).toContain(message);
  expect(stderr).toContain('Run it with "--help" to see how it is used.');
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
});

test("--help names the options and the exit codes", async () => {
  const { code, stdout } = await run(["plan", "--help"]);
  expect(stdout).toContain("Usage: cdktf-proxmox-talos plan [options] [outdir]");
  expect(stdout).toContain("2  changes\n  3  changes that the guard refuses\n");
  expect(code).toBe(0);
});

interface FakeStack {
  readonly needs?: readonly string[];
  /** The actions of terraform_data.r0, r1 …; other than no-op they make changes. */
  readonly actions?: readonly (readonly string[])[];
}

function stacks(all: Readonly<Record<string, FakeStack>>): void {
  mkdirSync(path.join(outdir(), "stacks"), { recursive: true });
  writeFileSync(path.join(outdir(), "manifest.json"), manifestOf(all));
  for (const [name, { actions = [] }] of Object.entries(all)) {
    mkdirSync(path.join(outdir(), "stacks", name));
    write(`${name}/show.json`, JSON.stringify({ format_version: "1.2", resource_changes: changesOf(actions) }));
    write(`${name}/plan.code`, actions.flat().every((action) => action === "no-op") ? "0" : "2");
  }
}

function manifestOf(all: Readonly<Record<string, FakeStack>>): string {
  const entries = Object.entries(all).map(([name, { needs = [] }]) => [
    name,
    { name, dependencies: needs, workingDirectory: `stacks/${name}`, annotations: [] },
  ]);
  return JSON.stringify({ version: "0.21.0", stacks: Object.fromEntries(entries) });
}

function changesOf(actions: readonly (readonly string[])[]): object[] {
  return actions.map((of, index) => changeOf("terraform_data", `r${index}`, { actions: of }));
}

function changeOf(type: string, name: string, change: object): object {
  return { address: `${type}.${name}`, mode: "managed", type, name, change };
}

function write(file: string, text: string): void {
  writeFileSync(path.join(outdir(), "stacks", file), text);
}

function plan(...options: readonly string[]): Promise<CommandResult> {
  return run(["plan", outdir(), ...options]);
}

function run(
  args: readonly string[],
  interruption?: Interruption,
  env: NodeJS.ProcessEnv = {},
): Promise<CommandResult> {
  return command.run(
    args,
    { PATH: path.join(folder, "bin"), TMPDIR: path.join(folder, "tmp"), FAKE_LOG: logFile(), ...env },
    interruption,
  );
}

function outdir(): string {
  return path.join(folder, "out");
}

function logFile(): string {
  return path.join(folder, "log");
}

function log(): string[] {
  return existsSync(logFile()) ? readFileSync(logFile(), "utf8").trim().split("\n") : [];
}

/** The stacks in the order in which they were planned. */
function planned(): string[] {
  return log().flatMap((line) => line.match(/^plan (\S+)/)?.[1] ?? []);
}

async function exists(file: string): Promise<void> {
  for (let left = 300; !existsSync(path.join(folder, file)); left--) {
    if (left === 0) {
      throw new Error(`${file} was not written.`);
    }
    await setTimeout(10);
  }
}
