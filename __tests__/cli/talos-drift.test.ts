import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { stringify } from "yaml";
import { composeConfiguration, renderDocuments, sysctls } from "../../machine-configs";
import { judge } from "../../machine-configs/judge";
import { baseOf } from "../machine-configs/verdicts";
import { CompiledCommand } from "./support/command";

let command: CompiledCommand;
let folder: string;

const schematic = "ce4c980550dd2ab1b17bbf2b08801c7eb59418eafe8f279833297925d67c7515";
const talos = "1.13.9";
const names = ["w-1", "w-2"];
const patchOf = (name: string) =>
  `machine:\n  install:\n    image: factory.talos.dev/nocloud-installer/${schematic}:v${talos}\n---\n${renderDocuments(
    composeConfiguration({ name, role: "worker", contract: "1.13", talos }, [sysctls({ "vm.swappiness": "10" })])
      .documents,
  )}---\napiVersion: v1alpha1\nkind: HostnameConfig\nauto: "off"\nhostname: ${name}\n`;

/** Prints what is in a folder called after the machine's address, or fails as the API does for a reader. */
const talosctl = `#!/bin/sh
cd "$(dirname "$0")"
echo "$*" >> asked
while [ "$1" != --nodes ]; do shift; done
name=$([ "$2" = 10.0.0.31 ] && echo w-1 || echo w-2)
case $4 in
versions.*) cat "$name/versions.yaml" ;;
extensionstatuses.*) cat "$name/extensions.yaml" ;;
*) if [ -e reader ]; then echo 'rpc error: code = PermissionDenied desc = not authorized' >&2; exit 1; fi
   cat "$name/machineconfig.yaml" ;;
esac
`;

beforeAll(() => {
  command = new CompiledCommand();
});

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "talos-drift-"));
  writeFileSync(path.join(folder, "talosctl"), talosctl);
  chmodSync(path.join(folder, "talosctl"), 0o755);
  mkdirSync(path.join(folder, "out/stacks/lab-cluster"), { recursive: true });
  const stack = { name: "lab-cluster", workingDirectory: "stacks/lab-cluster", dependencies: [] };
  writeFileSync(path.join(folder, "out/manifest.json"), JSON.stringify({ stacks: { "lab-cluster": stack } }));
  const configurations = names.map((name) => [
    name,
    {
      cluster_name: "example",
      cluster_endpoint: "https://10.0.0.10:6443",
      config_patches: [patchOf(name)],
      kubernetes_version: "1.36.3",
      machine_type: "worker",
      talos_version: "v1.13",
    },
  ]);
  const applied = names.map((name, index) => [
    name,
    {
      node: `10.0.0.3${index + 1}`,
      machine_configuration_input: `\${data.talos_machine_configuration.${name}.machine_configuration}`,
    },
  ]);
  const json = {
    data: { talos_machine_configuration: Object.fromEntries(configurations) },
    resource: { talos_machine_configuration_apply: Object.fromEntries(applied) },
  };
  writeFileSync(path.join(folder, "out/stacks/lab-cluster/cdk.tf.json"), JSON.stringify(json));
  for (const name of names) {
    mkdirSync(path.join(folder, name));
    record(name, {});
  }
});

afterEach(() => rmSync(folder, { recursive: true }));
afterAll(() => command.remove());

test("TAL-32: machines that are what was synthesized are the same, as what was recorded of them is", async () => {
  const { code, stdout, stderr } = await drift();
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toBe(`machine  version  schematic  configuration
w-1      same     same       same
w-2      same     same       same
`);
  expect(await drift("--recorded", folder)).toMatchObject({ code: 0, stdout });
});

test("TAL-32: tells what differs, and no text of a machine", async () => {
  record("w-2", {
    version: "1.13.8",
    schematic: "0f".repeat(32),
    replace: ['vm.swappiness: "10"', "vm.swappiness: hunter2"],
  });
  const { code, stdout } = await drift("--talosconfig", "reader.yaml");
  expect(code).toBe(1);
  expect(stdout).toBe(`machine  version  schematic     configuration
w-1      same     same          same
w-2      1.13.8   0f0f0f0f0f0f  differs in 1

w-2
  version 1.13.8, made as 1.13.9
  schematic ${"0f".repeat(32)}, made as ${schematic}
  changed machine.sysctls["vm.swappiness"], made as "10"
`);
  expect(readFileSync(path.join(folder, "asked"), "utf8")).toContain(
    "--talosconfig reader.yaml --nodes 10.0.0.31 get machineconfigs.config.talos.dev v1alpha1 --output yaml\n",
  );
});

test("what a reader may not see is not measured, and is not the same", async () => {
  writeFileSync(path.join(folder, "reader"), "");
  const { code, stdout } = await drift("--machine", "w-1");
  expect(code).toBe(3);
  expect(stdout).toContain("configuration not measured: rpc error: code = PermissionDenied desc = not authorized\n");
  expect(await drift("--without-configuration")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("left out"),
  });
});

test("a part of the machines is not pushed: it would take the place of all", async () => {
  const { code, stderr } = await drift("--machine", "w-1", "--pushgateway", "http://127.0.0.1:1");
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("cannot be used with") });
});

/** What talosctl prints of a machine. */
function record(name: string, changes: { version?: string; schematic?: string; replace?: [string, string] }): void {
  const base = { name: "base", text: baseOf(talos, "worker") };
  const { documents } = judge(base, [{ name: "patch", text: patchOf(name) }], { talos });
  const [from, to] = changes.replace ?? ["", ""];
  const configuration = renderDocuments(documents).replace(from, to);
  const resource = (type: string, id: string, spec: unknown) =>
    stringify({ node: "10.0.0.31", metadata: { namespace: "runtime", type, id, version: 1, phase: "running" }, spec });
  const extension = (index: number, metadata: object) =>
    resource("ExtensionStatuses.runtime.talos.dev", `${index}`, { image: `00${index}.sqsh`, metadata });
  const files = {
    versions: resource("Versions.runtime.talos.dev", "version", { version: `v${changes.version ?? talos}` }),
    extensions: [
      extension(0, { name: "qemu-guest-agent", version: "10.0.2" }),
      extension(1, { name: "schematic", version: changes.schematic ?? schematic }),
    ].join("---\n"),
    machineconfig: resource("MachineConfigs.config.talos.dev", "v1alpha1", configuration),
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, name, `${file}.yaml`), text);
}

function drift(...args: string[]) {
  return command.run(["talos-drift", path.join(folder, "out"), ...args], { PATH: `${folder}:${process.env["PATH"]}` });
}
