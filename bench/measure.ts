import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { performance } from "node:perf_hooks";

/** A Node program to measure, as a process of its own. */
export interface Program {
  readonly script: string;
  readonly args?: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** One run of a program. */
export interface Run {
  /** From its start to its end, as a person waits for it. */
  readonly seconds: number;
  /** The most memory that the process held; not that of processes which it started. */
  readonly megabytes: number;
  readonly stdout: string;
}

/** Medians of several runs. */
export interface Measured {
  readonly seconds: number;
  readonly megabytes: number;
  readonly runs: readonly Run[];
}

/**
 * Runs programs in turns, so that whatever else the machine does slows all of them down alike, and a ratio between two
 * of them stays. The first round is not counted: it reads the files from disk.
 */
export function inTurns<Name extends string>(
  rounds: number,
  programs: Readonly<Record<Name, Program>>,
): Readonly<Record<Name, Measured>> {
  const names = Object.keys(programs) as Name[];
  const runs = new Map<Name, Run[]>(names.map((name) => [name, []]));
  for (const name of names) {
    run(programs[name]);
  }
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      runs.get(name)?.push(run(programs[name]));
    }
  }
  return Object.fromEntries(names.map((name) => [name, measured(runs.get(name) ?? [])])) as Record<Name, Measured>;
}

/** Runs a program once. Throws when it fails: a figure of a failed run would mean nothing. */
export function run({ script, args = [], cwd, env = {} }: Program): Run {
  const start = performance.now();
  const { status, signal, error, output } = spawnSync(
    process.execPath,
    ["--require", path.join(__dirname, "programs/report-memory.js"), script, ...args],
    {
      cwd,
      env: { ...process.env, CHECKPOINT_DISABLE: "1", CI: "1", ...env },
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      // The fourth is where report-memory.ts writes.
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    },
  );
  const seconds = (performance.now() - start) / 1000;
  const [, stdout, stderr, kibibytes] = output ?? [];
  if (status !== 0) {
    throw new Error(`${[script, ...args].join(" ")} ended with ${error ?? signal ?? status}:\n${stdout}${stderr}`);
  }
  return { seconds, megabytes: (Number(kibibytes) * 1024) / 1e6, stdout: stdout ?? "" };
}

export function measured(runs: readonly Run[]): Measured {
  return {
    seconds: median(runs.map((it) => it.seconds)),
    megabytes: median(runs.map((it) => it.megabytes)),
    runs,
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
