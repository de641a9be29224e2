import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { generatedConfiguration } from "../../machine-configs/generated";
import { type CommandResult, CompiledCommand } from "./support/command";

let command: CompiledCommand;
let folder: string;

beforeAll(() => {
  command = new CompiledCommand();
});

afterAll(() => command.remove());

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "lint-test-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

test("files without errors end in exit code 0", async () => {
  write("a.yaml", "apiVersion: v1alpha1\nkind: SysctlConfig\nparams:\n  vm.swappiness: '10'\n");
  write("b.yaml", "machine:\n  certSANs: [talos.example.com]\n");
  expect(await lint(["a.yaml", "b.yaml"])).toEqual({ code: 0, stdout: "2 files: 0 errors, 0 warnings\n", stderr: "" });
});

test("a problem is shown with its file, line and column, and what to do", async () => {
  write("patch.yaml", "# ours\nmachine:\n  certSANS: [talos.example.com]\n");
  const { code, stdout } = await lint(["patch.yaml"]);
  expect(stdout).toMatch(
    /^patch\.yaml:3:3: error: field-unknown \(talos\) machine\.certSANS\n {2}.+\n {2}Remedy: .*certSANs/,
  );
  expect(stdout).toMatch(/\n\n1 file: 1 error, 0 warnings\n$/);
  expect(code).toBe(1);
});

test("--format json is one entry per file, each judged alone", async () => {
  write("good.yaml", "machine:\n  certSANs: [talos.example.com]\n");
  write("bad.yaml", "machine:\n  kubelet:\n    extraArgs:\n      max-pods: '250'\n");
  const { code, stdout } = await lint(["good.yaml", "bad.yaml", "--format", "json"]);
  expect(JSON.parse(stdout)).toEqual([
    { file: "good.yaml", ok: true, problems: [] },
    {
      file: "bad.yaml",
      ok: false,
      problems: [
        {
          code: "section-conflicts",
          tier: "talos",
          severity: "error",
          path: "machine.kubelet",
          line: 2,
          column: 3,
          message: expect.any(String),
          remedy: expect.any(String),
        },
      ],
    },
  ]);
  expect(code).toBe(1);
});

test("the contract decides which form a patch must have", async () => {
  write("patch.yaml", "machine:\n  kubelet:\n    extraArgs:\n      max-pods: '250'\n");
  expect(await lint(["patch.yaml"], { contract: "1.13" })).toMatchObject({ code: 0 });
  expect(await lint(["patch.yaml"], { contract: "1.14" })).toMatchObject({ code: 1 });
});

test("the role decides which documents a machine takes", async () => {
  write("patch.yaml", "apiVersion: v1alpha1\nkind: KubeAPIServerConfig\ncertExtraSANs: [k8s.example.com]\n");
  expect(await lint(["patch.yaml"], { role: "controlplane" })).toMatchObject({ code: 0 });
  const { stdout } = await lint(["patch.yaml"]);
  expect(stdout).toContain("patch.yaml:1:1: error: control-plane-only (talos) KubeAPIServerConfig\n");
});

test("--base is the configuration onto which each file is merged", async () => {
  write("base.yaml", generatedConfiguration("1.14", "controlplane"));
  write("patch.yaml", "apiVersion: v1alpha1\nkind: KubeNodeConfig\ntaints:\n  a: {$patch: delete}\n");
  const { code, stdout } = await lint(["patch.yaml", "--base", "base.yaml"], { role: "controlplane" });
  expect(stdout).toMatch(/^patch\.yaml:4:3: error: nothing-to-delete \(talos\) KubeNodeConfig\.taints\.a\n/);
  expect(code).toBe(1);
});

test("a whole configuration is judged as it is", async () => {
  write("config.yaml", generatedConfiguration("1.14", "worker"));
  expect(await lint(["config.yaml"])).toMatchObject({ code: 0 });
});

test("--format sarif has a result with its region", async () => {
  write("patch.yaml", "machine:\n  hostnam: a\n");
  const { stdout } = await lint(["patch.yaml", "--format", "sarif"]);
  expect(JSON.parse(stdout)).toMatchObject({
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "cdktf-proxmox-talos", rules: [{ id: "field-unknown" }] } },
        results: [
          {
            ruleId: "field-unknown",
            level: "error",
            locations: [
              {
                physicalLocation: { artifactLocation: { uri: "patch.yaml" }, region: { startLine: 2, startColumn: 3 } },
              },
            ],
          },
        ],
      },
    ],
  });
});

test.each([
  ["no file", []],
  ["a file that is not there", ["absent.yaml"]],
  ["an unknown format", ["a.yaml", "--format", "xml"]],
  ["an unknown option", ["a.yaml", "--nonsense"]],
])("%s ends in exit code 2", async (_, args) => {
  write("a.yaml", "machine: {}\n");
  const { code, stdout, stderr } = await lint(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^error: /);
});

test("what is no file is named, and why it is none", async () => {
  expect((await lint(["."])).stderr).toMatch(/^error: \.: it is a folder\n/);
  expect((await lint(["absent.yaml"])).stderr).toMatch(/^error: absent\.yaml: there is no such file or folder\n/);
});

test.each([["--talos"], ["--contract"], ["--role"]])("%s cannot be left out, and takes no nonsense", async (option) => {
  write("a.yaml", "machine: {}\n");
  const all = ["--talos", "1.14.4", "--contract", "1.14", "--role", "worker"];
  const index = all.indexOf(option);
  expect(await run(["lint", "a.yaml", ...all.toSpliced(index, 2)])).toMatchObject({ code: 2 });
  expect(await run(["lint", "a.yaml", ...all.toSpliced(index + 1, 1, "nonsense")])).toMatchObject({ code: 2 });
});

test("a release that is older than the contract ends in exit code 2", async () => {
  write("a.yaml", "machine: {}\n");
  const older = ["--talos", "1.13.2", "--contract", "1.14", "--role", "worker"];
  const { code, stderr } = await run(["lint", "a.yaml", ...older]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("Talos 1.13.2 cannot read")]);
});

test("--help ends in exit code 0 and says what the exit codes mean", async () => {
  const { code, stdout } = await run(["lint", "--help"]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("2  the command was used wrongly") });
});

interface Target {
  readonly contract?: string;
  readonly role?: string;
}

function lint(args: readonly string[], { contract = "1.14", role = "worker" }: Target = {}): Promise<CommandResult> {
  // Of an option that is given twice, the last one counts.
  return run(["lint", "--talos", "1.14.4", "--contract", contract, "--role", role, ...args]);
}

/** Runs in the folder of the test, so that file names are as they were given. */
function run(args: readonly string[]): Promise<CommandResult> {
  return command.run(args, process.env, undefined, folder);
}

function write(name: string, text: string): void {
  writeFileSync(path.join(folder, name), text);
}
