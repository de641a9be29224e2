import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { type CommandResult, CompiledCommand } from "./support/command";

let command: CompiledCommand;
let folder: string;

beforeAll(() => {
  command = new CompiledCommand();
});

afterAll(() => command.remove());

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "migrate-test-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

const SYSCTLS = "# ours\nmachine:\n  sysctls:\n    vm.swappiness: '10'\n";
const SYSCTL_CONFIG = 'apiVersion: v1alpha1\nkind: SysctlConfig\nparams:\n  vm.swappiness: "10"\n';
const MOUNTS =
  "machine:\n  kubelet:\n    extraMounts:\n      - {source: /var/a, destination: /var/a, type: bind, options: [bind]}\n";

test("the report is on stderr and the new form on stdout", async () => {
  write("patch.yaml", SYSCTLS);
  expect(await migrate(["patch.yaml"])).toEqual({
    code: 0,
    stdout: `# ours\n${SYSCTL_CONFIG}`,
    stderr: "patch.yaml:3:3: machine.sysctls → SysctlConfig\n\n1 file: 1 section moved, 0 left, 0 errors\n",
  });
  expect(read("patch.yaml")).toBe(SYSCTLS);
});

test("what has nothing to move is printed as it is", async () => {
  write("patch.yaml", SYSCTL_CONFIG);
  expect(await migrate(["patch.yaml"])).toMatchObject({ code: 0, stdout: SYSCTL_CONFIG });
});

test("of several files, a comment says where each begins", async () => {
  write("a.yaml", `---\n${SYSCTLS}`);
  write("b.yaml", SYSCTL_CONFIG);
  const { stdout } = await migrate(["a.yaml", "b.yaml"]);
  expect(stdout).toBe(`# a.yaml\n# ours\n${SYSCTL_CONFIG}---\n# b.yaml\n${SYSCTL_CONFIG}`);
});

test("what is left is told with its place, its reason and what to do, and ends in exit code 1", async () => {
  write("patch.yaml", MOUNTS);
  const { code, stdout, stderr } = await migrate(["patch.yaml"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: MOUNTS });
  expect(stderr).toMatch(
    /^patch\.yaml:3:5: left: section-without-document machine\.kubelet\.extraMounts\n {2}.+\n {2}Remedy: .+\n/,
  );
});

test("what Talos would refuse in the new form ends in exit code 1", async () => {
  write("patch.yaml", "cluster:\n  network:\n    podSubnets: [10.42.0.0/16, 'fd00:42::/56']\n");
  const { code, stderr } = await migrate(["patch.yaml"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/\npatch\.yaml:\d+:\d+: error: subnets-differ \(talos\) KubeNetworkConfig\.serviceSubnets\n/);
});

test("--write puts the new form into the files and reports on stdout", async () => {
  write("patch.yaml", SYSCTLS);
  chmodSync(path.join(folder, "patch.yaml"), 0o640);
  symlinkSync("patch.yaml", path.join(folder, "link.yaml"));
  const { code, stdout, stderr } = await migrate(["link.yaml", "link.yaml", "--write"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("link.yaml:3:3: machine.sysctls → SysctlConfig\n");
  expect(read("patch.yaml")).toBe(`# ours\n${SYSCTL_CONFIG}`);
  expect(statSync(path.join(folder, "patch.yaml")).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder).sort()).toEqual(["link.yaml", "patch.yaml"]);
});

test.each([
  ["is no YAML", () => write("b.yaml", "machine: [")],
  ["is not there", () => undefined],
])("--write writes nothing at all when one file %s", async (_, prepare) => {
  write("a.yaml", SYSCTLS);
  prepare();
  expect(await migrate(["a.yaml", "b.yaml", "--write"])).toMatchObject({ code: 2 });
  expect(read("a.yaml")).toBe(SYSCTLS);
});

test("a file that cannot be read as YAML leaves stdout empty", async () => {
  write("a.yaml", "machine: [");
  const { code, stdout, stderr } = await migrate(["a.yaml"]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^a\.yaml:1:\d+: error: yaml-malformed/);
});

test("--format json is one entry per file", async () => {
  write("patch.yaml", SYSCTLS + MOUNTS.replace("machine:\n", ""));
  const { code, stdout, stderr } = await migrate(["patch.yaml", "--format", "json"]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  expect(JSON.parse(stdout)).toEqual([
    {
      file: "patch.yaml",
      moved: [{ from: "machine.sysctls", to: "SysctlConfig", line: 3, column: 3 }],
      left: [
        {
          path: "machine.kubelet.extraMounts",
          line: 6,
          column: 5,
          code: "section-without-document",
          reason: expect.any(String),
          remedy: expect.any(String),
        },
      ],
      notes: [],
      problems: [
        {
          code: "section-conflicts",
          tier: "talos",
          severity: "error",
          path: "machine.kubelet",
          line: 3,
          column: 3,
          message: expect.any(String),
          remedy: expect.any(String),
        },
      ],
      yaml: `# ours\n${MOUNTS}---\n${SYSCTL_CONFIG}`,
    },
  ]);
});

test("the role of patches decides what only control planes read, and one that is not given is told", async () => {
  write("patch.yaml", "cluster:\n  scheduler:\n    extraArgs: {v: '4'}\n");
  const silent = await migrate(["patch.yaml"]);
  expect(silent.stderr).toContain("note: control-plane-only KubeSchedulerConfig\n");
  const controlPlane = await migrate(["patch.yaml", "--role", "controlplane"]);
  expect(controlPlane).toMatchObject({ stdout: silent.stdout });
  expect(controlPlane.stderr).not.toContain("note");
  const worker = await migrate(["patch.yaml", "--role", "worker"]);
  expect(worker.stderr).toContain("cluster.scheduler.extraArgs → nothing: only control planes read it\n");
});

test.each([
  ["no file", []],
  ["a file that is not there", ["absent.yaml"]],
  ["an unknown format", ["a.yaml", "--format", "sarif"]],
  ["an unknown role", ["a.yaml", "--role", "init"]],
])("%s ends in exit code 2", async (_, args) => {
  write("a.yaml", SYSCTLS);
  const { code, stdout, stderr } = await migrate(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^error: /);
});

test.each([
  ["to an earlier contract", ["--from", "1.14", "--to", "1.13"]],
  ["to the same contract", ["--from", "1.14", "--to", "1.14"]],
  ["from nowhere", ["--to", "1.14"]],
  ["to nowhere", ["--from", "1.13"]],
  ["to a contract that nobody knows", ["--from", "1.13", "--to", "2.0"]],
])("a migration %s ends in exit code 2", async (_, contracts) => {
  write("a.yaml", SYSCTLS);
  expect(await run(["migrate", "a.yaml", ...contracts])).toMatchObject({ code: 2, stdout: "" });
});

test("--help ends in exit code 0 and says what the exit codes mean", async () => {
  const { code, stdout } = await run(["migrate", "--help"]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("1  something is left for you") });
});

function migrate(args: readonly string[]): Promise<CommandResult> {
  return run(["migrate", ...args, "--from", "1.13", "--to", "1.14"]);
}

/** Runs in the folder of the test, so that file names are as they were given. */
function run(args: readonly string[]): Promise<CommandResult> {
  return command.run(args, process.env, undefined, folder);
}

function write(name: string, text: string): void {
  writeFileSync(path.join(folder, name), text);
}

function read(name: string): string {
  return readFileSync(path.join(folder, name), "utf8");
}
