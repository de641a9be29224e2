import { readFileSync } from "node:fs";
import * as path from "node:path";

/** A file or folder of this package that is no module: a chart, a program. Sources and what is published agree on it. */
export function packageFile(...names: readonly string[]): string {
  return path.join(path.dirname(require.resolve("cdktf-proxmox-talos/package.json")), ...names);
}

/** What such a file holds. */
export function packageText(...names: readonly string[]): string {
  return readFileSync(packageFile(...names), "utf8");
}

/** Programs and modules out of `scripts`, by their names. */
export function packagePrograms(...names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, packageText("scripts", name)]));
}
