/**
 * Makes the library and the example sites load a module when something of it is first used: tsc lets an index load all of
 * them at once, and an app needs a few. Run after tsc; what was done already stays.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

for (const index of ["../dist/index.js", "../dist/cloud-init/index.js", "../dist/examples/index.js"]) {
  const file = fileURLToPath(new URL(index, import.meta.url));
  const compiled = readFileSync(file, "utf8");
  const lazy = compiled.replace(/^((?:const|var) \w+ = )(require\(".+"\));$/gm, "$1lazily(() => $2);");
  if (lazy !== compiled) {
    writeFileSync(file, `${lazy}function lazily(load) { return new Proxy({}, { get: (_, name) => load()[name] }); }\n`);
  }
}
