import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { App } from "cdktf";
import { sites } from "../../examples";
import { ProxmoxVm, TalosNode } from "../../index";
import { synthesize } from "./support/app";
import { failureOf, Workspace } from "./support/terraform";
import { type Call, overlap, World, type WorldObject } from "./support/world";

const vmType = "proxmox_virtual_environment_vm";

describe.each(Object.entries(sites))("the site %s", (name, add) => {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), `${name}-`)));
  const world = new World();
  const stackNames = synthesize(folder, add);
  // Every call takes a while, so that two at the same time are seen to overlap.
  const options = { ...world.options, delayMs: 20 };
  const stacks = stackNames.map((stack) => new Workspace(path.join(folder, "cdktf.out/stacks", stack), options));
  const machines = stacks.findLast((stack) => configurationOf(stack).includes('"talos_machine_secrets"'));

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    world.remove();
  });

  test("initializes and validates every stack without a warning", async () => {
    for (const stack of stacks) {
      await stack.init();
      expect(await stack.validate()).toEqual([]);
    }
  });

  test("plans every stack before any is applied: none needs another's outputs", async () => {
    for (const stack of stacks) {
      const { changes } = await stack.plan();
      expect(changes.length).toBeGreaterThan(0);
      expect(new Set(changes.flatMap(({ actions }) => actions))).toEqual(new Set(["create"]));
    }
  });

  test("applies every stack in order, and then has nothing left to do", async () => {
    for (const stack of stacks) {
      await stack.apply();
      expect(await stack.plan()).toEqual({ changes: [], drift: [], outputs: [] });
    }
  });

  test("configured the control planes one at a time, and bootstrapped once, after the first of them", () => {
    const configured = expectOneControlPlaneAtATime(world.calls("create"), world);
    const bootstraps = world.calls("create").filter(({ type }) => /^talos_(machine_bootstrap|cluster)$/.test(type));
    expect(bootstraps).toHaveLength(1);
    expect(bootstraps[0]?.start).toBeGreaterThan(Math.min(...configured.map(({ end }) => end)));
  });

  test("marks kubeconfig and talosconfig as sensitive", async () => {
    const outputs = Object.entries((await machines?.output()) ?? {});
    expect(outputs.map(([output]) => output.replace(/^.*_/, "")).sort()).toEqual(["kubeconfig", "talosconfig"]);
    expect(outputs.map(([, { sensitive }]) => sensitive)).toEqual([true, true]);
  });

  test("keeps its state beside cdktf.out, in one file per stack", () => {
    const states = readdirSync(folder).filter((file) => file.endsWith(".tfstate"));
    expect(states.sort()).toEqual(stackNames.map((stack) => `terraform.${stack}.tfstate`).sort());
  });

  test("changes one machine in place when its memory changes", async () => {
    synthesize(folder, (app) => {
      add(app);
      const vm = lastVm(app);
      vm.resource.putMemory({ dedicated: 6144, floating: 0 });
    });
    const plan = await machines?.plan();
    expect(plan?.changes.map(({ address, actions }) => [address.split(".")[0], actions])).toEqual([
      [vmType, ["update"]],
    ]);
    expect(plan?.changes[0]?.replacePaths).toEqual([]);
    await machines?.apply();
    expect(await machines?.plan()).toEqual({ changes: [], drift: [], outputs: [] });
  });

  test("changes the control planes one at a time when the configuration of every machine changes", async () => {
    world.forgetCalls();
    synthesize(folder, (app) => {
      add(app);
      for (const node of nodesOf(app)) {
        node.configuration.configPatches = [
          ...(node.configuration.configPatchesInput ?? []),
          "machine:\n  env:\n    A: b\n",
        ];
      }
      lastVm(app).resource.putMemory({ dedicated: 6144, floating: 0 });
    });
    await machines?.apply();
    expectOneControlPlaneAtATime(world.calls("update"), world);
    expect(world.calls("create", "delete")).toEqual([]);
  });

  test("configures a machine again that somebody deleted by hand, when it creates it anew", async () => {
    const [{ label = "" } = {}] = world.objects(vmType).filter(isControlPlane);
    world.delete(vmType, label);
    const changes = (await machines?.plan())?.changes ?? [];
    const configured =
      world.objects("talos_machine").length > 0 ? "talos_machine" : "talos_machine_configuration_apply";
    expect(changes.map(({ address, actions }) => `${address.split(".")[0]} ${actions}`).sort()).toEqual([
      `${vmType} create`,
      `${configured} delete,create`,
      "terraform_data delete,create",
    ]);
    expect(changes.every(({ address }) => address.includes(`_${label}_`))).toBe(true);
    await machines?.apply();
    expect(await machines?.plan()).toEqual({ changes: [], drift: [], outputs: [] });
  });

  test("refuses to destroy the machine secrets and the control planes", async () => {
    const refusal = await failureOf(machines?.destroy() ?? Promise.resolve());
    expect(refusal).toMatch(/instance cannot be destroyed/i);
    expect(refusal).toContain("talos_machine_secrets");
  });

  test("refuses to replace a control plane", async () => {
    synthesize(folder, (app) => {
      add(app);
      for (const { vm } of nodesOf(app).filter(({ role }) => role === "controlplane")) {
        vm.resource.vmId = (vm.resource.vmIdInput ?? 9000) + 100;
        break;
      }
    });
    expect(await failureOf(machines?.plan() ?? Promise.resolve())).toMatch(/instance cannot be destroyed/i);
  });

  test("configures a worker again that it replaces", async () => {
    synthesize(folder, (app) => {
      add(app);
      const [worker] = nodesOf(app).filter(({ role }) => role === "worker");
      if (worker !== undefined) {
        worker.vm.resource.vmId = (worker.vm.resource.vmIdInput ?? 9000) + 100;
      }
    });
    const replaced = (await machines?.plan())?.changes.filter(({ actions }) => actions.length === 2) ?? [];
    const workers = world.objects(vmType).length - controlPlanesOf(world).length;
    const expected = workers === 0 ? [] : [vmType, "talos_machine_configuration_apply", "terraform_data"];
    expect(replaced.map(({ address }) => address.split(".")[0]).sort()).toEqual(expected);
  });

  test("is destroyed when it is taken out of the code, while its stacks stay", async () => {
    for (const [index, stack] of [...stacks.entries()].reverse()) {
      withoutContent(path.join(folder, "cdktf.out/stacks", stackNames[index] ?? ""));
      await stack.apply();
      expect(await stack.state()).toEqual([]);
    }
    expect(world.objects(vmType)).toEqual([]);
  });
});

function configurationOf({ directory }: Workspace): string {
  return readFileSync(path.join(directory, "cdk.tf.json"), "utf8");
}

/** What synth writes for a stack when everything in it was taken out of the code. */
function withoutContent(stackFolder: string): void {
  const file = path.join(stackFolder, "cdk.tf.json");
  const { terraform, provider } = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify({ terraform, provider }));
}

function lastVm(app: App): ProxmoxVm {
  const vm = app.node
    .findAll()
    .filter((construct) => construct instanceof ProxmoxVm)
    .at(-1);
  if (vm === undefined) {
    throw new Error("The site has no VM.");
  }
  return vm;
}

function nodesOf(app: App): TalosNode[] {
  return app.node.findAll().filter((construct) => construct instanceof TalosNode);
}

/** The calls that configured a control plane: one for each, and never two at the same time. */
function expectOneControlPlaneAtATime(calls: readonly Call[], world: World): readonly Call[] {
  const controlPlanes = controlPlanesOf(world);
  const configured = calls.filter(
    ({ type, label }) => /^talos_machine(_configuration_apply)?$/.test(type) && controlPlanes.includes(label),
  );
  expect(configured.map(({ label }) => label).sort()).toEqual([...controlPlanes].sort());
  expect(overlap(configured)).toBe(false);
  return configured;
}

function isControlPlane({ attributes }: WorldObject): boolean {
  return JSON.stringify(attributes["tags"]).includes("controlplane");
}

/** The addresses of the control planes, from the VMs that were made. */
function controlPlanesOf(world: World): string[] {
  return world
    .objects(vmType)
    .filter(isControlPlane)
    .map(({ attributes }) => /"address":"([^"/]+)\//.exec(JSON.stringify(attributes["initialization"]))?.[1] ?? "");
}
