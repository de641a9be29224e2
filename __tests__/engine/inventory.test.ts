/** The code that is written from an inventory takes every VM over as it is. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { isValues } from "../../analysis/values";
import { vmEffects } from "../../analysis/vm-changes";
import { answersOf, inventories, runCode, written } from "../helpers/inventories";
import { importedVm } from "./support/imported-vm";
import { Workspace } from "./support/terraform";
import { World } from "./support/world";

const vmType = "proxmox_virtual_environment_vm";

describe.each(inventories)("%s", (name) => {
  const world = new World();
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "inventory-")));
  const stack = new Workspace(path.join(folder, `cdktf.out/stacks/${name}-vms`), world.options);
  const answers = answersOf(name);
  const { code, machines } = written(name, answers);
  let changes: readonly Planned[];

  beforeAll(async () => {
    mkdirSync(world.options.world, { recursive: true });
    for (const { vm } of machines) {
      const answer = answers.find(({ path: asked }) => asked === `nodes/${vm.host}/qemu/${vm.vmId}/config`);
      const attributes = importedVm(vm.host, vm.vmId, vm.running, Object(answer?.json));
      const object = { type: vmType, label: vm.name, attributes };
      writeFileSync(path.join(world.options.world, `${vmType}.${vm.vmId}.json`), JSON.stringify(object));
    }
    const cwd = jest.spyOn(process, "cwd").mockReturnValue(folder);
    jest.spyOn(console, "warn").mockImplementation(() => undefined);
    runCode(code, path.join(folder, "cdktf.out"));
    cwd.mockRestore();
    await stack.init();
    changes = JSON.parse(await stack.planJson()).resource_changes;
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    world.remove();
  });

  test("the first plan imports each of them, and creates, replaces and destroys nothing", () => {
    const ids = changes.map(({ change }) => change.importing?.id);
    expect(ids.sort()).toEqual(machines.map(({ vm }) => `${vm.host}/${vm.vmId}`).sort());
    expect(changes.flatMap(({ change }) => change.actions).filter((one) => !["no-op", "update"].includes(one))).toEqual(
      [],
    );
  });

  test("what it changes is Terraform's own, or what an import does not read", () => {
    const effects = changes.flatMap(({ address, change: { before, after, after_unknown } }) =>
      isValues(before) && isValues(after)
        ? vmEffects(before, after, after_unknown)
            .filter(({ effect }) => effect !== "none")
            .map((effect) => [address, effect.path, effect.effect])
        : [],
    );
    expect(effects.filter(([, attribute]) => attribute !== "on_boot")).toEqual([]);
  });

  test("then nothing is left to do", async () => {
    await stack.apply();
    expect((await stack.plan()).changes).toEqual([]);
    expect(world.calls("create", "delete")).toEqual([]);
  });
});

interface Planned {
  readonly address: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly importing?: { readonly id: string };
    readonly before: unknown;
    readonly after: unknown;
    readonly after_unknown: unknown;
  };
}
