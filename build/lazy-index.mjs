/**
 * Makes the library load a module when something of it is first used: tsc lets `dist/index.js` load all of them at once,
 * and an app needs a few. Run after tsc; what was done already stays.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const file = fileURLToPath(new URL("../dist/index.js", import.meta.url));
const compiled = readFileSync(file, "utf8");
const lazy = compiled.replace(/^((?:const|var) \w+ = )(require\(".+"\));$/gm, "$1lazily(() => $2);");
if (lazy !== compiled) {
  writeFileSync(file, `${lazy}function lazily(load) { return new Proxy({}, { get: (_, name) => load()[name] }); }\n`);
}
