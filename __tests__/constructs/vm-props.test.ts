/** What the docstrings say about a change is what the provider does, prop by prop. */
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import type { VmEffect } from "../../analysis/vm-changes";
import { effectsOfProps, vmProps } from "./vm-props";

const folder = path.resolve(__dirname, "../../constructs");
const files = readdirSync(folder).filter((file) => /^(vm-.*|proxmox-vm)\.ts$/.test(file));
const sources = files.map((file) => readFileSync(path.join(folder, file), "utf8")).join("\n");

/** The docstrings of the props of all interfaces, by `Interface.prop`. */
const docstrings: ReadonlyMap<string, string> = new Map(
  [...sources.matchAll(/^(?:export )?interface (\w+)[^{]*\{\n([\s\S]*?)^\}/gm)].flatMap(([, name, body = ""]) =>
    [...body.matchAll(/(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?^ {2}readonly (\w+)\??:(?! never;)/gm)].map(
      ([, doc = "", prop]) => [`${name}.${prop}`, doc.replace(/\s*\n\s*\* ?/g, " ")] as const,
    ),
  ),
);

const effects = effectsOfProps();

/** Not about a VM, or a whole whose parts are told apart. */
const exempt = ["ProxmoxVmProps.site", "Disks.disk", "Pool.poolId", "Pool.resource"];

test("every prop of every interface that a VM is made of has an example of its change", () => {
  const exported = [...sources.matchAll(/^export interface (\w+)/gm)].map(([, name]) => name);
  const parts = new Set([...exported, ...Object.keys(vmProps).map((prop) => prop.split(".")[0])]);
  const props = [...docstrings.keys()].filter((prop) => parts.has(prop.split(".")[0]) && !exempt.includes(prop));
  expect(props.filter((prop) => !(prop in vmProps))).toEqual([]);
  expect(Object.keys(vmProps).filter((prop) => !props.includes(prop))).toEqual([]);
});

const said: Readonly<Record<VmEffect, RegExp>> = {
  none: /does nothing/,
  live: /while (it|the VM) runs|without a restart/,
  migrate: /migrates the VM/,
  restart: /restarts the VM/,
  stop: /shuts it down/,
  replace: /replaces the VM/,
};

test.each([...effects])("the docstring of %s says what a change does: %s", (prop, effect) => {
  const doc = docstrings.get(prop) ?? "";
  expect(doc).toMatch(said[effect]);
});
