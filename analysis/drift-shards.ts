import { driftCannotFit, type Problem } from "../errors";

/** How much there is to plan, and what may be used for it. */
export interface DriftScale {
  readonly stacks: number;
  /** How long one plan takes, measured: init, plan and show. */
  readonly secondsPerStack: number;
  /** Pods that plan at the same time. @default - the fewest that fit, at most 16 */
  readonly shards?: number | undefined;
  /** Plans at the same time in each of them. @default 1 */
  readonly parallelism?: number | undefined;
  /** Seconds from the start of a run to its end. @default - half as much again as the plans take */
  readonly within?: number | undefined;
  /** What one plan with its providers may need. @default 512 */
  readonly memoryMiBPerPlan?: number | undefined;
}

/** A run in shards, each with its part of the stacks. */
export interface ShardPlan {
  readonly shards: number;
  readonly parallelism: number;
  /** Of the largest shard. */
  readonly stacksPerShard: number;
  /** How long the plans take if each takes what was measured. */
  readonly expectedSeconds: number;
  /** For `drift run --deadline`: it ends by itself, and reports, before the Job is killed. */
  readonly deadlineSeconds: number;
  /** For the Job's `activeDeadlineSeconds`. */
  readonly jobDeadlineSeconds: number;
  /** For the pods' `terminationGracePeriodSeconds`: to report when they are ended. */
  readonly graceSeconds: number;
  /** For `drift run --stagger`: how much later each shard begins than the one before it. */
  readonly staggerSeconds: number;
  /** For the memory of each pod, request and limit. */
  readonly memoryMiB: number;
}

/** Time to plan a quarter of the stacks a second time. */
const margin = 1.25;

/** Between the end of planning and the end of the Job: to stop what runs, write and push. */
const reportSeconds = 60;

/** Of the program itself. */
const ownMemoryMiB = 256;

const mostShards = 16;

/** How a run is divided (DRF-2). Check {@link shardProblems} first. */
export function shardPlan(scale: DriftScale): ShardPlan {
  const { stacks, secondsPerStack, parallelism = 1, within, memoryMiBPerPlan = 512 } = scale;
  const shards = scale.shards ?? fewestShards(scale);
  const stacksPerShard = Math.ceil(stacks / shards);
  const staggerSeconds = staggerOf(secondsPerStack, shards * parallelism);
  const expectedSeconds = expected(scale, shards);
  const jobDeadlineSeconds = within ?? Math.ceil((expectedSeconds * 1.5 + reportSeconds) / 60) * 60;
  return {
    shards,
    parallelism,
    stacksPerShard,
    expectedSeconds,
    deadlineSeconds: jobDeadlineSeconds - reportSeconds,
    jobDeadlineSeconds,
    graceSeconds: reportSeconds,
    staggerSeconds,
    memoryMiB: ownMemoryMiB + parallelism * memoryMiBPerPlan,
  };
}

/** What is wrong with a scale: that it does not fit into the time (DRF-2). */
export function shardProblems(where: string, scale: DriftScale): Problem[] {
  const { within } = scale;
  if (within === undefined) {
    return [];
  }
  const shards = scale.shards ?? fewestShards(scale);
  return fits(scale, shards) ? [] : [driftCannotFit(where, needed(scale, shards), within - reportSeconds, shards)];
}

/** The part of the names that a shard plans: the same in all of them, whatever they know of earlier runs. */
export function ofShard(names: readonly string[], index: number, count: number): string[] {
  return [...names].sort().filter((_, position) => position % count === index);
}

function fewestShards(scale: DriftScale): number {
  const most = Math.min(mostShards, Math.max(1, scale.stacks));
  const fitting = Array.from({ length: most }, (_, index) => index + 1).find((shards) => fits(scale, shards));
  return fitting ?? most;
}

function fits(scale: DriftScale, shards: number): boolean {
  return scale.within === undefined || needed(scale, shards) <= scale.within - reportSeconds;
}

function needed(scale: DriftScale, shards: number): number {
  return Math.ceil(expected(scale, shards) * margin);
}

function expected({ stacks, secondsPerStack, parallelism = 1 }: DriftScale, shards: number): number {
  const rounds = Math.ceil(Math.ceil(stacks / shards) / parallelism);
  return Math.ceil(rounds * secondsPerStack) + (shards - 1) * staggerOf(secondsPerStack, shards * parallelism);
}

/** The states of all shards are not asked for in the same moment. */
function staggerOf(secondsPerStack: number, plansAtOnce: number): number {
  return Math.floor(Math.min(10, secondsPerStack / plansAtOnce));
}
