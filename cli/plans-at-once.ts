import { readFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";

/** Most of a plan is waiting for an API, so a processor serves several. */
const plansPerCpu = 4;

/** What a plan with its providers holds; this is for choosing a number, and no limit. */
const bytesPerPlan = 512 * 1024 * 1024;

/** How many plans this machine, or this container, bears at the same time. */
export function plansAtOnce(cpus = usableCpus(), bytes = usableBytes()): number {
  return Math.max(1, Math.min(Math.floor(plansPerCpu * cpus), Math.floor(bytes / bytesPerPlan)));
}

/** Node does not see that a container may use a part of a processor only. */
function usableCpus(): number {
  const [quota, period] = (read("/sys/fs/cgroup/cpu.max") ?? "max").split(" ").map(Number);
  const allowed = quota !== undefined && period !== undefined && quota > 0 ? quota / period : Number.POSITIVE_INFINITY;
  return Math.min(availableParallelism(), allowed);
}

function usableBytes(): number {
  const limit = Number(read("/sys/fs/cgroup/memory.max") ?? "max");
  return Math.min(totalmem(), Number.isNaN(limit) ? Number.POSITIVE_INFINITY : limit);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}
