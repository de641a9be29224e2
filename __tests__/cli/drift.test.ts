import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { DriftResult } from "../../analysis/drift-result";
import { type CommandResult, CompiledCommand } from "./support/command";
import { everyClass } from "./support/drift-result";

// What needs Terraform is in the programs tier.

let command: CompiledCommand;
let folder: string;

beforeAll(() => {
  command = new CompiledCommand();
  folder = mkdtempSync(path.join(tmpdir(), "drift-test-"));
});

afterAll(() => {
  command.remove();
  rmSync(folder, { recursive: true });
});

const drifted = {
  format_version: "1.2",
  resource_drift: [
    { address: "vm.a", change: { actions: ["update"], before: { tags: "a" }, after: { tags: "s3cret" } } },
  ],
  resource_changes: [
    { address: "vm.a", change: { actions: ["update"], before: { tags: "s3cret" }, after: { tags: "a" } } },
  ],
};

test("classify says what plans are, and what could not be read", async () => {
  const files = [
    write("drift.json", drifted),
    write("clean.json", { format_version: "1.2" }),
    write("broken.json", "s3cret"),
    write("odd.json", { format_version: "1.2", resource_changes: "s3cret" }),
  ];
  const { code, stdout, stderr } = await drift("classify", ...files, "--format", "json");
  const result: DriftResult = JSON.parse(stdout);
  expect(result.stacks.map(({ name, class: of }) => [path.basename(name), of])).toEqual([
    ["broken.json", "error"],
    ["clean.json", "clean"],
    ["drift.json", "drift"],
    ["odd.json", "error"],
  ]);
  expect(stdout + stderr).not.toContain("s3cret");
  expect(code).toBe(3);
});

test("rules let pass what they name, and --exit-zero makes a finding no failure", async () => {
  const file = write("drift.json", drifted);
  const ignore = [{ address: "vm.*", attributes: ["tags"], reason: "the backup writes them", until: "2999-12-31" }];
  const rules = write("rules.json", { ignore });
  expect(await drift("classify", file)).toMatchObject({ code: 1 });
  expect(await drift("classify", file, "--exit-zero")).toMatchObject({ code: 0 });
  expect(await drift("classify", file, "--rules", rules)).toMatchObject({ code: 0 });
});

test("report writes a result as everything that it can be", async () => {
  const file = write("result.json", everyClass());
  const [html = "", metrics = "", merged = ""] = ["a.html", "a.prom", "merged.json"].map((name) =>
    path.join(folder, name),
  );
  const outputs = ["--html", html, "--metrics", metrics, "--result", merged];
  const { code, stdout } = await drift("report", file, ...outputs);
  expect(stdout).toContain("Drift: 5 of 7 stacks measured");
  expect(readFileSync(html, "utf8")).toMatch(/^<!doctype html>/);
  expect(readFileSync(metrics, "utf8")).toContain('tf_drift_status{stack="apps"} 1\n');
  expect(JSON.parse(readFileSync(merged, "utf8"))).toEqual(JSON.parse(readFileSync(file, "utf8")));
  expect(code).toBe(3);
});

test("classify says in words what is no plan, and what would be one", async () => {
  const binary = write("plan.bin", "PK\u0003\u0004 s3cret");
  const { code, stdout, stderr } = await drift("classify", binary, folder, "nowhere.json");
  for (const reason of ["it is no JSON", "it is a folder", "there is no such file or folder"]) {
    expect(stdout).toContain(`There is no plan to judge here: ${reason}. Plan with -out=<file>, and give what`);
  }
  expect(stdout).not.toMatch(/s3cret|ENOENT|EISDIR/);
  expect({ code, stderr }).toEqual({ code: 3, stderr: "" });
});

test.each([
  [["run", "--shard", "4/4"], 'Write it as "0/4"'],
  [["run", "--shard", "/4"], "where JOB_COMPLETION_INDEX is set"],
  [["report"], "missing required argument"],
  [["run", "nowhere"], "nowhere: there is no such file or folder"],
  [["run", ".", "--rules", "nowhere.json"], "The rules cannot be read: there is no such file or folder\n"],
  [["report", "."], "This is no result of a drift run: it is a folder\n"],
])("%j ends in 2: 1 would say that something was found", async (args, message) => {
  const { code, stdout, stderr } = await drift(...args);
  expect(stderr).toContain(message);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
});

function write(name: string, content: object | string): string {
  const file = path.join(folder, name);
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

function drift(...args: readonly string[]): Promise<CommandResult> {
  return command.run(["drift", ...args], { PATH: process.env["PATH"] }, undefined, folder);
}
