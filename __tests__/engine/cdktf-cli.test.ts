import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { providerEnvironment } from "./support/provider-mirror";

/** The project in a folder of its own, so that nothing is written into this one. */
const source = path.resolve(__dirname, "../..");
const project = realpathSync(mkdtempSync(path.join(tmpdir(), "project-")));

beforeAll(() => {
  for (const entry of readdirSync(source)) {
    if (!/^(node_modules|dist|cdktf\.out|\.git|__tests__)$|tfstate|\.tgz$/.test(entry)) {
      cpSync(path.join(source, entry), path.join(project, entry), { recursive: true });
    }
  }
  symlinkSync(path.join(source, "node_modules"), path.join(project, "node_modules"));
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

function cdktf(...args: readonly string[]): { readonly output: string; readonly status: number | null } {
  const { stdout, stderr, status } = spawnSync("node_modules/.bin/cdktf", args, {
    cwd: project,
    encoding: "utf8",
    env: { ...process.env, ...providerEnvironment(), SITE: "single-node", CI: "1" },
  });
  return { output: stripVTControlCharacters(stdout + stderr), status };
}

/** Without a registry the checksums for other platforms cannot be looked up. */
const offline = "--skip-provider-lock";

test("cdktf synth type-checks, runs the app and names the stacks", () => {
  const { output, status } = cdktf("synth");
  expect(output).toContain("Generated Terraform code for the stacks: single-node-cluster");
  expect(status).toBe(0);
});

test("cdktf list names each stack and its folder", () => {
  expect(cdktf("list").output).toMatch(/single-node-cluster\s+cdktf\.out\/stacks\/single-node-cluster/);
});

test("cdktf diff shows what a stack would create", () => {
  const { output, status } = cdktf("diff", "single-node-cluster", offline);
  expect(output).toMatch(/Plan: 8 to add, 0 to change, 0 to destroy/);
  expect(status).toBe(0);
});

test("cdktf deploy applies a stack, hides its sensitive outputs and keeps the state beside cdktf.out", () => {
  const { output, status } = cdktf("deploy", "single-node-cluster", "--auto-approve", offline);
  expect(output).toMatch(/Apply complete! Resources: 8 added/);
  // By the output's name where the CLI lets Terraform's own lines through, and always by the construct's.
  expect(output).toMatch(/kubeconfig = <sensitive>/);
  expect(status).toBe(0);
  expect(existsSync(path.join(project, "terraform.single-node-cluster.tfstate"))).toBe(true);
});

test("terraform alone sees the same state in the stack's folder", () => {
  const engine = process.env["TERRAFORM_BINARY_NAME"] ?? "terraform";
  const { stdout, status } = spawnSync(
    engine,
    ["-chdir=cdktf.out/stacks/single-node-cluster", "plan", "-detailed-exitcode"],
    {
      cwd: project,
      encoding: "utf8",
      env: { ...process.env, ...providerEnvironment() },
    },
  );
  expect(stdout).toContain("No changes");
  expect(status).toBe(0);
});
