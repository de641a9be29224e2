/** Snapshots of Vault and etcd in the real Terraform: planned without a cluster, made once, with programs as they are. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { addSnapshots } from "../helpers/snapshots";
import { newApp } from "../helpers/synth";
import { synthesize } from "./support/app";
import { Workspace } from "./support/terraform";
import { World } from "./support/world";

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "snapshots-")));
const world = new World();

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  world.remove();
});

test("Helm gets every object as the construct has it, and there is nothing left to do", async () => {
  synthesize(folder, (app) => void addSnapshots(app));
  const stack = new Workspace(path.join(folder, "cdktf.out/stacks/test-recovery"), world.options);
  await stack.init();
  expect(await stack.validate()).toEqual([]);
  await stack.apply();
  expect(await stack.plan()).toEqual({ changes: [], drift: [], outputs: [] });
  const { vault, etcd } = addSnapshots(newApp("unused"));
  const released = world.objects("helm_release").map(({ attributes }) => {
    const [values = ""] = Array(attributes["values"]).flat();
    return [attributes["name"], parse(String(values), { version: "1.1" })];
  });
  expect(Object.fromEntries(released)).toEqual({
    "vault-snapshots": { objects: vault.objects.objects },
    "etcd-snapshots": { objects: etcd.objects.objects },
  });
});
