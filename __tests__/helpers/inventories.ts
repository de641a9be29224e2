import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { transformSync } from "@swc/core";
import { type Answer, readInventory } from "../../analysis/inventory/read";
import { siteCodeOf } from "../../analysis/inventory/site";
import { siteText } from "../../analysis/inventory/site-text";
import * as library from "../../index";

/** Inventories as hosts give them: one host with machines from the web interface, and a cluster of three. */
export const inventories = ["home", "rack"];

const folder = path.resolve(__dirname, "../analysis/inventories");

export function folderOf(inventory: string): string {
  return path.join(folder, inventory);
}

export function answersOf(inventory: string): Answer[] {
  return readdirSync(folderOf(inventory), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .map((name) => ({
      path: name.replace(/\.json$/, ""),
      json: JSON.parse(readFileSync(path.join(folderOf(inventory), name), "utf8")),
    }));
}

/** What the command makes of answers. */
export function written(name: string, answers: readonly Answer[]) {
  const site = siteCodeOf(readInventory(answers, name));
  return { ...site, code: siteText({ name, endpoint: "https://pve.example.com:8006" }, site) };
}

/** Runs the code of a site, which synthesizes it to a folder. */
export function runCode(code: string, outdir: string): void {
  const { code: script } = transformSync(code, {
    jsc: { parser: { syntax: "typescript" }, target: "es2023" },
    module: { type: "commonjs" },
  });
  process.env["CDKTF_OUTDIR"] = outdir;
  try {
    new Function("require", "exports", script)(
      (name: string) => (name === "cdktf-proxmox-talos" ? library : require(name)),
      {},
    );
  } finally {
    delete process.env["CDKTF_OUTDIR"];
  }
}
