import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { guardRules } from "../../analysis/plan-guard";
import { formatProblem, notAPlan } from "../../errors";
import { type CommandResult, CompiledCommand } from "./support/command";

const corpus = path.join(__dirname, "../analysis/golden/plans");

let command: CompiledCommand;
let folder: string;

beforeAll(() => {
  command = new CompiledCommand();
  folder = mkdtempSync(path.join(tmpdir(), "guard-test-"));
});

afterAll(() => {
  command.remove();
  rmSync(folder, { recursive: true });
});

test("a safe plan ends in exit code 0", async () => {
  expect(await guard([recorded("worker-memory")])).toEqual({
    code: 0,
    stdout: "Guard: safe; 8 machines, 3 control planes, 1 out of service\n",
    stderr: "",
  });
});

test("a refused plan ends in exit code 1, with the reasons, the addresses and the remedies", async () => {
  const { code, stdout, stderr } = await guard([recorded("all-workers-of-a-host")]);
  const [w4, w5] = ["lab_w-4_Vm_C57536DE", "lab_w-5_Vm_4537412D"].map(
    (name) => `proxmox_virtual_environment_vm.${name}`,
  );
  expect(stdout).toBe(`${recorded("all-workers-of-a-host")}: refused: whole-host
  All machines on pve4, 2 in number, would be out of service at the same time.
    ${w4}  worker on pve4, restarted (cpu.cores)
    ${w5}  worker on pve4, restarted (cpu.cores)
  Remedy: Change some of them in another apply, once the others are back.

Guard: refused (whole-host); 8 machines, 3 control planes, 2 out of service
`);
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
});

test("several plans are one site: what one of them does not tell, another one may", async () => {
  const [machines = "", talos = ""] = ["machines", "talos"].map((stack) =>
    recorded("vms-whose-roles-another-stack-tells", stack),
  );
  expect((await guard([machines, "--max-machines", "5"])).stdout).not.toContain("control-planes-together");
  expect((await guard([machines, talos, "--max-machines", "5"])).stdout).toContain("control-planes-together");
});

test("- is standard input, and a file that is named twice is read once", async () => {
  const { code, stdout } = await guard(["-", "-"], readFileSync(recorded("worker-memory"), "utf8"));
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: "Guard: safe; 8 machines, 3 control planes, 1 out of service\n",
  });
});

test("--format json prints nothing but the verdict", async () => {
  const { code, stdout } = await guard([recorded("three-workers-memory"), "--format", "json"]);
  expect(JSON.parse(stdout)).toEqual({
    safe: false,
    refused: [
      expect.objectContaining({
        code: "too-many-machines",
        subjects: [expect.anything(), expect.anything(), expect.anything()],
      }),
    ],
    allowed: [],
    notes: [],
    machines: expect.arrayContaining([
      {
        plan: recorded("three-workers-memory"),
        address: "proxmox_virtual_environment_vm.lab_w-1_Vm_A25030D3",
        role: "worker",
        cluster: "lab at https://10.0.0.10:6443",
        host: "pve1",
        fate: "restarted",
      },
    ]),
  });
  expect(code).toBe(1);
});

describe("--allow", () => {
  const file = recorded("workers-to-zero");

  test("with reasons that are printed makes a refused plan safe", async () => {
    const pool = ["--allow", "too-many-machines:*", "--allow", "whole-host:*", "--reason", "The pool is given up."];
    const disk = ["--allow", "data-disk-lost:*.lab_w-3_*", "--reason", "Backed up: yes."];
    const { code, stdout } = await guard([file, ...pool, ...disk]);
    expect(stdout.match(/: allowed: .*| {2}Reason: .*/g)).toEqual([
      ": allowed: data-disk-lost",
      "  Reason: Backed up: yes.",
      ": allowed: too-many-machines",
      "  Reason: The pool is given up.",
      ": allowed: whole-host",
      "  Reason: The pool is given up.",
    ]);
    expect(code).toBe(0);
  });

  test.each([
    ["no reason", ["--allow", "whole-host:*"], "error: --allow whole-host:* needs a --reason behind it"],
    [
      "a reason for another one",
      ["--allow", "whole-host:a", "--reason", "Why", "--allow", "whole-host:b"],
      "--allow whole-host:b needs a --reason",
    ],
    ["a reason before it", ["--reason", "Why", "--allow", "whole-host:*"], "It belongs behind an --allow."],
    ["an empty reason", ["--allow", "whole-host:*", "--reason", " "], "Say why."],
    ["no address", ["--allow", "whole-host", "--reason", "Why"], "Write it as <rule>:<address>"],
    ["an unknown rule", ["--allow", "hole-host:*", "--reason", "Why"], guardRules().join(", ")],
  ])("with %s is a usage error", async (_, args, message) => {
    const { code, stdout, stderr } = await guard([file, ...args]);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });
});

test("everything that cannot be read is named at once, without what is in it", async () => {
  const [binary = "", state = ""] = ["plan.bin", "state.json"].map((name) => path.join(folder, name));
  writeFileSync(binary, "PK\u0003\u0004 s3cret");
  writeFileSync(state, JSON.stringify({ format_version: "1.0", values: { outputs: { token: { value: "s3cret" } } } }));
  const { code, stdout, stderr } = await guard([binary, "nowhere.json", recorded("worker-memory"), state]);
  expect(stderr).toBe(
    `${[
      notAPlan(binary, "it is no JSON"),
      notAPlan("nowhere.json", "there is no such file or folder"),
      notAPlan(state, "it is a state"),
    ]
      .map(formatProblem)
      .join("\n\n")}\n`,
  );
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
});

test.each([[["guard"]], [["guard", "a.json", "--max-machines", "0"]], [["guard", "a.json", "--format", "xml"]]])(
  "%j is a usage error",
  async (args) => {
    expect(await run(args)).toMatchObject({ code: 2, stdout: "" });
  },
);

test("--help names the options and the exit codes", async () => {
  const { code, stdout } = await run(["guard", "--help"]);
  expect(stdout).toContain("Usage: cdktf-proxmox-talos guard [options] <plan...>");
  expect(stdout).toContain("1  refused");
  expect(code).toBe(0);
});

function recorded(scenario: string, stack = "lab-cluster"): string {
  return path.relative(process.cwd(), path.join(corpus, scenario, `${stack}.json`));
}

function guard(args: readonly string[], input?: string): Promise<CommandResult> {
  return run(["guard", ...args], input);
}

function run(args: readonly string[], input?: string): Promise<CommandResult> {
  return command.run(args, { PATH: process.env["PATH"] }, undefined, undefined, input);
}
