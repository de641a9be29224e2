/** Prints how many milliseconds it takes to load the module that the argument names. */
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";

const load = createRequire(__filename);
const start = performance.now();
load(process.argv[2] ?? "");
console.log(performance.now() - start);
