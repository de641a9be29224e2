import { type ChildProcess, spawn } from "node:child_process";
import * as path from "node:path";
import { ProblemsError, terraformNotFound } from "../errors";

/** How a command of Terraform ended and what it said. Its standard output may hold secrets. */
export interface Ended {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Where it runs. @default - where this process does */
  readonly folder?: string;
  /** More for its environment. @default - nothing */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends it, and what it started. @default - it may take as long as it takes */
  readonly until?: AbortSignal;
}

/** Thrown instead of running on after {@link Terraform.interrupt}. */
export class Interrupted extends Error {
  constructor(readonly signal: NodeJS.Signals) {
    super(`Interrupted by ${signal}.`);
    this.name = "Interrupted";
  }
}

/** For so long it may end by itself. Then it is killed. */
const graceMilliseconds = 5_000;

/** Terraform, OpenTofu or Terragrunt. */
export class Terraform {
  readonly #running = new Set<ChildProcess>();
  #interrupted: NodeJS.Signals | undefined;

  private constructor(readonly binary: string) {}

  /** The one that `TERRAFORM_BINARY_NAME` names, or what is found on `PATH`. */
  static find(): Promise<Terraform> {
    const chosen = process.env["TERRAFORM_BINARY_NAME"];
    return Terraform.#first(chosen ? [chosen] : ["terraform", "tofu"]);
  }

  /** Terragrunt on `PATH`; which Terraform it runs is its own matter. */
  static findTerragrunt(): Promise<Terraform> {
    return Terraform.#first(["terragrunt"]);
  }

  static async #first(candidates: readonly string[]): Promise<Terraform> {
    for (const candidate of candidates) {
      // A path is meant from here, whatever the folder of a stack.
      const terraform = new Terraform(candidate.includes(path.sep) ? path.resolve(candidate) : candidate);
      if (await terraform.#works()) {
        return terraform;
      }
    }
    throw new ProblemsError([terraformNotFound("PATH", candidates)]);
  }

  /** Runs a command to its end, whatever the exit code. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    if (this.#interrupted !== undefined) {
      throw new Interrupted(this.#interrupted);
    }
    options.until?.throwIfAborted();
    const ended = await this.#spawn(args, options);
    if (this.#interrupted !== undefined) {
      throw new Interrupted(this.#interrupted);
    }
    return ended;
  }

  /** Asks everything that runs to stop: Terraform then ends its requests and gives its locks back. */
  interrupt(signal: NodeJS.Signals): void {
    this.#interrupted = signal;
    for (const child of this.#running) {
      child.kill(signal);
    }
  }

  async #works(): Promise<boolean> {
    try {
      return (await this.#spawn(["--version"], {})).code === 0;
    } catch {
      return false;
    }
  }

  #spawn(args: readonly string[], { folder, env, until }: RunOptions): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const child = spawn(this.binary, args, {
        cwd: folder,
        env: {
          // Checksums that only some stores take would come along with a state in S3.
          AWS_REQUEST_CHECKSUM_CALCULATION: "when_required",
          ...process.env,
          // Without it Terraform asks a server for news, and waits for it.
          CHECKPOINT_DISABLE: "1",
          ...env,
        },
        stdio: ["ignore", "pipe", "pipe"],
        // In a process group of its own, or Ctrl-C would reach Terraform twice, which makes it drop its locks.
        detached: true,
      });
      const stdout = textOf(child.stdout);
      const stderr = textOf(child.stderr);
      this.#running.add(child);
      const stop = (): void => endGroup(child);
      until?.addEventListener("abort", stop, { once: true });
      child.on("error", reject);
      child.on("close", (code) => {
        until?.removeEventListener("abort", stop);
        this.#running.delete(child);
        resolve({ code, stdout: stdout(), stderr: stderr() });
      });
    });
  }
}

/** Ends a command, and if it does not, kills it with all that it started: its providers are in its process group. */
function endGroup(child: ChildProcess): void {
  child.kill("SIGINT");
  const timer = setTimeout(() => {
    try {
      process.kill(-(child.pid ?? 0), "SIGKILL");
    } catch {
      // It has just ended by itself.
    }
  }, graceMilliseconds);
  child.once("close", () => clearTimeout(timer));
}

function textOf(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8");
}
