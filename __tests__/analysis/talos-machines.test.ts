/** The Talos machines of synthesized stacks, and when one of them is not what it was made. */
import { TerraformVariable } from "cdktf";
import {
  machineVerdict,
  type SynthesizedMachine,
  synthesizedMachines,
  unknownValue,
} from "../../analysis/talos-machines";
import { nodeLabels, sysctls } from "../../machine-configs";
import { addCluster } from "../helpers/clusters";
import { synthesize } from "../helpers/synth";

test.each(["apply", "managed"] as const)("has the machines of a cluster with the lifecycle %s", (lifecycle) => {
  const stacks = synthesize((app) => {
    const { stack, cluster } = addCluster(app, { cluster: { lifecycle } });
    const tier = new TerraformVariable(stack, "tier", { type: "string" }).stringValue;
    cluster.addWorker("w-9", {
      host: "pve1",
      address: "10.0.0.39",
      macAddress: "BC:24:11:00:00:39",
      intents: [nodeLabels({ tier }), sysctls({ "kernel.core_pattern": "${x} %{y}" })],
    });
  });
  const machines = synthesizedMachines(Object.values(stacks));
  expect(machines.length).toBeGreaterThan(1);
  const worker = machines.find(({ name }) => name === "w-9");
  expect(worker).toMatchObject({
    address: "10.0.0.39",
    role: "worker",
    talos: expect.stringMatching(/^1\.\d+\.\d+$/),
    schematic: expect.stringMatching(/^[0-9a-f]{64}$/),
    cluster: { name: "lab" },
  });
  expect(worker?.patches.join()).toContain(`tier: ${unknownValue}\n`);
  expect(worker?.patches.join()).toMatch(/kernel\.core_pattern: ["']?\$\{x\} %\{y\}["']?\n/);
});

test("stacks without Talos have no machine", () => {
  expect(synthesizedMachines([{}, { resource: { helm_release: {} } }])).toEqual([]);
});

const made: SynthesizedMachine = {
  name: "w-1",
  address: "10.0.0.31",
  role: "worker",
  contract: "1.14",
  talos: "1.14.4",
  schematic: "a".repeat(64),
  cluster: { name: "lab", endpoint: "https://10.0.0.10:6443", kubernetes: "1.37.1" },
  patches: [],
};
const same = { talos: { value: made.talos }, schematic: { value: made.schematic }, configuration: { value: [] } };
const unmeasured = { unmeasured: "no answer" };

test.each([
  [same, "same"],
  [{ ...same, talos: { value: "1.14.3" } }, "drift"],
  [{ ...same, schematic: { value: "none" } }, "drift"],
  [{ ...same, configuration: { value: ["x"] } }, "drift"],
  [{ ...same, configuration: unmeasured }, "unmeasured"],
  [{ ...same, talos: { value: "1.14.3" }, configuration: unmeasured }, "drift"],
  [{ talos: same.talos, schematic: same.schematic }, "same"],
])("of %j the verdict is %s", (is, verdict) => {
  expect(machineVerdict(made, is)).toBe(verdict);
});
