/** Prints how many milliseconds it takes to load the module that the argument names, with all that it exports. */
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";

const load = createRequire(__filename);
const start = performance.now();
// What an index exports may be loaded when it is first used.
Object.values(load(process.argv[2] ?? ""));
console.log(performance.now() - start);
