import { type ChildProcess, spawn } from "node:child_process";
import { ProblemsError, terraformNotFound } from "../errors";

/** How a command of Terraform ended and what it said. Its standard output may hold secrets. */
export interface Ended {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Thrown instead of running on after {@link Terraform.interrupt}. */
export class Interrupted extends Error {
  constructor(readonly signal: NodeJS.Signals) {
    super(`Interrupted by ${signal}.`);
    this.name = "Interrupted";
  }
}

/** Terraform or OpenTofu. */
export class Terraform {
  readonly #running = new Set<ChildProcess>();
  #interrupted: NodeJS.Signals | undefined;

  private constructor(readonly binary: string) {}

  /** The one that `TERRAFORM_BINARY_NAME` names, or what is found on `PATH`. */
  static async find(): Promise<Terraform> {
    const chosen = process.env["TERRAFORM_BINARY_NAME"];
    const candidates = chosen ? [chosen] : ["terraform", "tofu"];
    for (const candidate of candidates) {
      const terraform = new Terraform(candidate);
      if (await terraform.#works()) {
        return terraform;
      }
    }
    throw new ProblemsError([terraformNotFound("PATH", candidates)]);
  }

  /** Runs a command to its end, whatever the exit code. */
  async run(args: readonly string[]): Promise<Ended> {
    if (this.#interrupted !== undefined) {
      throw new Interrupted(this.#interrupted);
    }
    const ended = await this.#spawn(args);
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
      return (await this.#spawn(["version"])).code === 0;
    } catch {
      return false;
    }
  }

  #spawn(args: readonly string[]): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const child = spawn(this.binary, args, {
        // Without it Terraform asks a server for news, and waits for it.
        env: { ...process.env, CHECKPOINT_DISABLE: "1" },
        stdio: ["ignore", "pipe", "pipe"],
        // In a process group of its own, or Ctrl-C would reach Terraform twice, which makes it drop its locks.
        detached: true,
      });
      const stdout = textOf(child.stdout);
      const stderr = textOf(child.stderr);
      this.#running.add(child);
      child.on("error", reject);
      child.on("close", (code) => {
        this.#running.delete(child);
        resolve({ code, stdout: stdout(), stderr: stderr() });
      });
    });
  }
}

function textOf(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8");
}
