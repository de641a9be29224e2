import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { CompiledCommand } from "./support/command";

let command: CompiledCommand;
let outdir: string;

beforeAll(() => {
  command = new CompiledCommand();
  outdir = mkdtempSync(path.join(tmpdir(), "privileges-"));
  const stack = (name: string, resource: object) => {
    const workingDirectory = `stacks/${name}`;
    mkdirSync(path.join(outdir, workingDirectory), { recursive: true });
    writeFileSync(path.join(outdir, workingDirectory, "cdk.tf.json"), JSON.stringify({ resource }));
    return [name, { name, workingDirectory, dependencies: [] }] as const;
  };
  const stacks = [
    stack("pools", { proxmox_virtual_environment_pool: { lab: { pool_id: "lab" } } }),
    stack("sdn", { proxmox_sdn_vnet: { net: {} } }),
  ];
  writeFileSync(path.join(outdir, "manifest.json"), JSON.stringify({ stacks: Object.fromEntries(stacks) }));
});

afterAll(() => {
  command.remove();
  rmSync(outdir, { recursive: true });
});

test("prints paths and privileges", async () => {
  expect(await privileges("--stack", "pools")).toEqual({
    code: 0,
    stdout: "path       privileges\n/          Sys.Audit\n/pool/lab  Pool.Allocate, Pool.Audit\n",
    stderr: "",
  });
});

test("prints commands for the host", async () => {
  const { stdout } = await privileges("--stack", "pools", "--format", "pveum", "--user", "ci@pve", "--name", "ci");
  expect(stdout.split("\n").at(-2)).toBe("pveum user token add ci@pve ci --privsep 0");
});

test("names what it does not know, and prints the rest", async () => {
  const { code, stdout, stderr } = await privileges("--format", "json");
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ unknown: ["proxmox_sdn_vnet.net"] });
  expect(stderr).toContain("  proxmox_sdn_vnet.net\n");
});

test("a user without its realm is refused", async () => {
  expect(await privileges("--user", "terraform")).toMatchObject({ code: 2, stdout: "" });
});

function privileges(...args: readonly string[]) {
  return command.run(["privileges", outdir, ...args], process.env);
}

test.each(["privileges", "talos-drift"])(
  "%s says which stack cannot be read, and quotes nothing of it",
  async (name) => {
    const folder = mkdtempSync(path.join(tmpdir(), "stacks-"));
    const file = path.join(folder, "cdk.tf.json");
    const stack = { name: "lab", workingDirectory: ".", dependencies: [] };
    writeFileSync(path.join(folder, "manifest.json"), JSON.stringify({ stacks: { lab: stack } }));
    const said = async () => (await command.run([name, folder], {})).stderr;
    try {
      expect(await said()).toContain(`${file}: malformed-stack\n  The stack cannot be read: there is no such file`);
      writeFileSync(file, '{"resource": {"x": "planted-secret');
      expect(await said()).toBe(`${file}: malformed-stack
  The stack cannot be read: it is no JSON.
  Remedy: Write it again with \`npm run synth\`.
`);
      writeFileSync(file, '["planted-secret"]');
      expect(await said()).toContain("it is no stack of cdktf");
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
