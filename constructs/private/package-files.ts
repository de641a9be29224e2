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

/** A program out of `scripts`, and the modules beside it that it imports, by their names. */
export function packagePrograms(program: string): Readonly<Record<string, string>> {
  const programs: Record<string, string> = {};
  const add = (name: string): void => {
    if (programs[name] === undefined) {
      const text = packageText("scripts", name);
      programs[name] = text;
      for (const [, module = ""] of text.matchAll(/ from "\.\/([\w-]+\.mjs)"/g)) add(module);
    }
  };
  add(program);
  return programs;
}
