/** What the documentation says about a change of each prop is what Terraform plans. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { isValues } from "../../analysis/values";
import { addVmProps, effectsOfProps, vmNameOf, vmProps, worstEffect } from "../constructs/vm-props";
import { synthesize } from "./support/app";
import { type Plan, Workspace } from "./support/terraform";
import { World } from "./support/world";

const vmType = "proxmox_virtual_environment_vm";
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "vm-props-")));
const world = new World();
const stack = new Workspace(path.join(folder, "cdktf.out/stacks/props-vms"), world.options);
let plan: Plan;

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  world.remove();
});

beforeAll(async () => {
  synthesize(folder, (app) => addVmProps(app, "from"));
  await stack.init();
  await stack.apply();
  synthesize(folder, (app) => addVmProps(app, "to"));
  plan = await stack.plan();
});

test("every VM of the examples was made, and the provider warns of none", async () => {
  const names = world.objects(vmType).map(({ label }) => label);
  expect(names).toEqual(expect.arrayContaining(Object.keys(vmProps).map(vmNameOf)));
  expect(await stack.validate()).toEqual([]);
});

test.each([...effectsOfProps()])("a change of %s is planned as documented: %s", (prop, effect) => {
  const changes = plan.changes.filter(({ address }) => address.includes(`.${vmNameOf(prop)}_`));
  const vm = changes.find(({ address }) => address.startsWith(`${vmType}.`));
  const others = changes.filter((change) => change !== vm && change.actions.includes("update"));
  if (effect === "replace") {
    expect(vm?.actions).toEqual(["delete", "create"]);
    return;
  }
  // What a VM has beside itself changes without it; what is only read at its creation changes nothing.
  expect(vm === undefined ? [] : vm.actions).toEqual(vm === undefined ? [] : ["update"]);
  expect(vm?.replacePaths ?? []).toEqual([]);
  const { before, after } = vm ?? {};
  const ofVm = isValues(before) && isValues(after) ? worstEffect(before, after, vm?.afterUnknown) : undefined;
  expect(ofVm ?? (others.length > 0 ? "live" : "none")).toBe(effect);
});
