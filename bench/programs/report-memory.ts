/** Loaded before a program that is measured: at its end it says how much memory, in KiB, the process held at most. */
import { writeSync } from "node:fs";

process.on("exit", () => writeSync(3, String(process.resourceUsage().maxRSS)));
