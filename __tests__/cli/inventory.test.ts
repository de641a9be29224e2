import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { answersOf, folderOf, written } from "../helpers/inventories";
import { CompiledCommand } from "./support/command";

let command: CompiledCommand;
let folder: string;

beforeAll(() => {
  command = new CompiledCommand();
  folder = mkdtempSync(path.join(tmpdir(), "inventory-"));
});

afterAll(() => {
  command.remove();
  rmSync(folder, { recursive: true });
});

const options = ["--endpoint", "https://pve.example.com:8006", "--site"];

test("prints the code, and what it does not have on stderr", async () => {
  const { code, stdout, stderr } = await command.run(["inventory", folderOf("home"), ...options, "home"], process.env);
  expect([code, stdout]).toEqual([0, written("home", answersOf("home")).code]);
  expect(stderr).toMatch(/^container 110 pihole: not-a-machine\n/);
});

test("ends with 1 when machines are left out, and prints both as JSON", async () => {
  const args = ["inventory", folderOf("rack"), ...options, "rack", "--format", "json"];
  const { code, stdout, stderr } = await command.run(args, process.env);
  expect([code, stderr]).toEqual([1, ""]);
  const { code: text, listed } = written("rack", answersOf("rack"));
  expect(JSON.parse(stdout)).toEqual({ code: text, listed });
});

test("the script of the docs saves what the command reads", async () => {
  const page = readFileSync(path.join(__dirname, "../../docs/existing-machines.md"), "utf8");
  const [, script = ""] = /```sh\n(mkdir inventory[\s\S]*?)```/.exec(page) ?? [];
  const hosts = path.join(folder, "etc");
  for (const { path: asked } of answersOf("rack")) {
    const [, host, vmid] = /^nodes\/(.+)\/qemu\/(.+)\/config$/.exec(asked) ?? [];
    if (host === undefined) continue;
    mkdirSync(path.join(hosts, "nodes", host, "qemu-server"), { recursive: true });
    writeFileSync(path.join(hosts, "nodes", host, "qemu-server", `${vmid}.conf`), "");
  }
  const pvesh = `#!/bin/sh\nexec cat "${folderOf("rack")}$2.json"\n`;
  writeFileSync(path.join(folder, "pvesh"), pvesh, { mode: 0o755 });
  execFileSync("sh", ["-ec", script.replaceAll("/etc/pve", hosts)], {
    cwd: folder,
    env: { ...process.env, PATH: `${folder}:${process.env["PATH"]}` },
  });
  const args = ["inventory", path.join(folder, "inventory"), ...options, "rack"];
  const { stdout } = await command.run(args, process.env);
  const read = answersOf("rack").filter(({ path: asked }) => !asked.startsWith("cluster/mapping"));
  expect(stdout).toBe(written("rack", read).code);
});

test.each([
  ["no JSON", "[", /resources\.json: malformed-inventory\n {2}.*it is no JSON/],
  ["another form", "{}", /resources: malformed-inventory\n {2}.*it has another form/],
])("ends with 2 and a problem for %s", async (_, text, problem) => {
  mkdirSync(path.join(folder, "cluster"), { recursive: true });
  writeFileSync(path.join(folder, "cluster/resources.json"), text);
  const { code, stdout, stderr } = await command.run(["inventory", folder, ...options, "home"], process.env);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(problem);
});

test.each([
  ["a folder that is not there", ["nowhere", ...options, "home"], /nowhere: there is no such file or folder/],
  ["a name that no site has", [".", ...options, "My Site"], /lower-case letters/],
])("ends with 2 for %s", async (_, args, said) => {
  const { code, stderr } = await command.run(["inventory", ...args], process.env);
  expect(code).toBe(2);
  expect(stderr).toMatch(said);
});
