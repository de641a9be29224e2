import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { checkGate } from "../../analysis/gates";
import { decideStageC } from "../../analysis/gates/decision";
import { evidenceSchema } from "../../analysis/gates/evidence";
import { backupsOfOtherSite, evidenceUnreadable, formatProblem, unknownFigure } from "../../errors";
import { evidenceWith } from "../analysis/gates/support";
import { type CommandResult, CompiledCommand } from "./support/command";

let command: CompiledCommand;
let folder: string;

beforeAll(() => {
  command = new CompiledCommand();
  folder = mkdtempSync(path.join(tmpdir(), "gate-test-"));
});

afterAll(() => {
  command.remove();
  rmSync(folder, { recursive: true });
});

test("a passed gate ends in exit code 0", async () => {
  expect(await gate(["check", "stage-a", evidence(evidenceWith())])).toEqual({
    code: 0,
    stdout: `met  ssh-masked         5 of 5
met  rescue-tested      k8s-node2
met  file-integrity     6 nodes, 6 running, 6 with a baseline
met  drift-detection    1.3 hours ago; the last run measured 126 of 126 stacks
met  no-new-failure     new: none
met  hardened-template  yes

Gate stage-a of staged-ubuntu: passed; 6 of 6 criteria met, measured at 2026-07-25T08:00:00Z
`,
    stderr: "",
  });
});

test("a gate that is not passed ends in exit code 1, with what is asked and where it comes from", async () => {
  const file = evidence(evidenceWith({ stageA: { rescueTestedOn: [] } }));
  const { code, stdout, stderr } = await gate(["check", "stage-a", file]);
  expect(stdout).toContain("not met  rescue-tested      none\n");
  expect(stdout).toContain(`
rescue-tested: The rescue boot was tried on at least one of them.
  stageA.rescueTestedOn: Machines whose rescue boot from the console of Proxmox somebody has tried.

Gate stage-a of staged-ubuntu: not passed; 5 of 6 criteria met, measured at 2026-07-25T08:00:00Z
`);
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
});

test("Stage C is decided in exit code 0, with the rule, what would change it, and what follows", async () => {
  const { code, stdout, stderr } = await gate(["decide", evidence(evidenceWith())]);
  expect(stdout).toMatch(/^contained: All that changed/);
  expect(stdout).toContain("\n  nothing had been caught: defer (no-drift)\n");
  expect(stdout).toMatch(/\nStage C: Outcome 4, stay: Stay on Ubuntu with Stage A\n$/);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

test("GATE-7: Stage C that is not decided ends in exit code 1, with every reason", async () => {
  const { code, stdout } = await gate(["decide", "-"], JSON.stringify(evidenceWith({ stageC: { sandbox: null } })));
  expect(stdout).toBe(`stageC.sandbox: figure-not-known
  The decision needs this, and it is not known.
  Remedy: Read it where \`gate schema\` says that it comes from.

Stage C: not decided
`);
  expect(code).toBe(1);
});

test("--format json prints nothing but the verdict", async () => {
  const file = evidence(evidenceWith());
  const [checked, decided] = await Promise.all([
    gate(["check", "stage-b", file, "--format", "json"]),
    gate(["decide", file, "--format", "json"]),
  ]);
  expect(JSON.parse(checked.stdout)).toEqual(checkGate("stage-b", evidenceWith()));
  expect(JSON.parse(decided.stdout)).toEqual(decideStageC(evidenceWith()));
});

test("evidence that cannot be used ends in exit code 2, with all that is wrong with it", async () => {
  const misspelt = evidence({ ...evidenceWith(), driftt: {}, stageE: {} });
  const results = await Promise.all([
    gate(["check", "stage-a", misspelt]),
    gate(["decide", "nowhere.json"]),
    gate(["check", "start", "-"], "no"),
  ]);
  expect(results.map(({ code, stdout }) => ({ code, stdout }))).toEqual(Array(3).fill({ code: 2, stdout: "" }));
  expect(results[0]?.stderr).toBe(
    `${[unknownFigure(`${misspelt} driftt`), unknownFigure(`${misspelt} stageE`)].map(formatProblem).join("\n\n")}\n`,
  );
  expect(results[1]?.stderr).toBe(
    `${formatProblem(evidenceUnreadable("nowhere.json", "there is no such file or folder"))}\n`,
  );
  expect(results[2]?.stderr).toContain("-: evidence-unreadable\n");
});

describe("GATE-11: --backups", () => {
  const data = [{ data: "Vault", backup: "vault-snapshots", offsite: "the NAS", drill: "monthly" }];
  const withoutPolicy = () => evidence(evidenceWith({ backups: { policy: null } }));
  const checked = (backups: string) => gate(["check", "stage-b", withoutPolicy(), "--backups", backups]);

  test("is the figure that the evidence does not have", async () => {
    expect((await checked(evidence({ site: "staged-ubuntu", data }))).stdout).toContain(
      "met  backups-declared  1 things, of them without a backup: none\n",
    );
  });

  test("of another site is refused", async () => {
    const file = evidence({ site: "prox-ops", data });
    expect(await checked(file)).toEqual({
      code: 2,
      stdout: "",
      stderr: `${formatProblem(backupsOfOtherSite(file, "prox-ops", "staged-ubuntu"))}\n`,
    });
  });

  test("that cannot be used is named, and not the evidence", async () => {
    const [nowhere, broken, list, empty] = [
      path.join(folder, "absent.json"),
      path.join(folder, "broken.json"),
      evidence(data),
      evidence({ site: "staged-ubuntu", data: [{ data: "Vault" }] }),
    ];
    writeFileSync(broken, "s3cret");
    const results = await Promise.all([nowhere, broken, list, empty].map(checked));
    expect(results.map(({ code, stdout }) => ({ code, stdout }))).toEqual(Array(4).fill({ code: 2, stdout: "" }));
    expect(results.map(({ stderr }) => stderr.split("\n")[0])).toEqual([
      `${nowhere}: backups-unreadable`,
      `${broken}: backups-unreadable`,
      `${list} (the whole): backups-unreadable`,
      `${empty} data.0: backups-unreadable`,
    ]);
    expect(results.map(({ stderr }) => stderr).join()).not.toContain("s3cret");
  });
});

test("schema prints the form of the evidence", async () => {
  expect(JSON.parse((await gate(["schema"])).stdout)).toEqual(evidenceSchema());
});

test.each([[[]], [["check", "stage-e", "a.json"]], [["check", "stage-a"]], [["decide", "a", "--format", "xml"]]])(
  "gate %j is a usage error",
  async (args) => {
    expect(await gate(args)).toMatchObject({ code: 2, stdout: "" });
  },
);

test("--help names the gates and the exit codes", async () => {
  const { code, stdout } = await gate(["check", "--help"]);
  expect(stdout).toContain("Usage: cdktf-proxmox-talos gate check [options] <gate> <evidence>");
  expect(stdout.replace(/\s+/g, " ")).toContain('(choices: "start", "stage-a", "stage-b", "stage-c", "stage-d")');
  expect(stdout).toContain("1  not passed");
  expect(code).toBe(0);
});

let files = 0;

/** The name of a file with it. */
function evidence(content: object): string {
  files += 1;
  const file = path.join(folder, `${files}.json`);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

function gate(args: readonly string[], input?: string): Promise<CommandResult> {
  return command.run(["gate", ...args], { PATH: process.env["PATH"] }, undefined, undefined, input);
}
