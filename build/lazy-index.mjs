/**
 * Makes the library, its rooms and the example sites load a module when something of it is first used: tsc lets an index
 * load all of them at once, and an app needs a few. Run after tsc; what was done already stays.
 */
import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../dist", import.meta.url));

const rooms = ["", "cloud-init", "examples", "machine-configs", "manifests", "object-storage", "runbooks", "snapshots"];

for (const room of rooms) {
  const file = path.join(dist, room, "index.js");
  const compiled = readFileSync(file, "utf8");
  const lazy = compiled.replace(/^((?:const|var) \w+ = )(require\(".+"\));$/gm, "$1lazily(() => $2);");
  if (lazy !== compiled) {
    writeFileSync(file, `${lazy}function lazily(load) { return new Proxy({}, { get: (_, name) => load()[name] }); }\n`);
  }
}
