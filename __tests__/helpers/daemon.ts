import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

/** A program that runs beside the tests until it is stopped. */
export class Daemon {
  readonly #name: string;
  readonly #process: ChildProcess;
  #output = "";

  constructor(program: string, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
    this.#name = program.split("/").at(-1) ?? program;
    this.#process = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    const keep = (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString()).slice(-20_000);
    };
    this.#process.stdout?.on("data", keep);
    this.#process.stderr?.on("data", keep);
    this.#process.on("error", (error) => keep(Buffer.from(String(error))));
    // A test run that dies takes its programs along.
    process.once("exit", () => this.#process.kill("SIGKILL"));
  }

  /** Waits until the program answers; one that ends before, or that needs a minute, fails with what it said. */
  async ready(answers: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (!(await answers().catch(() => false))) {
      if (this.#ended || Date.now() > deadline) {
        await this.stop();
        throw new Error(`${this.#name} did not become ready:\n${this.#output}`);
      }
      await sleep(100);
    }
  }

  async stop(): Promise<void> {
    if (!this.#ended && this.#process.pid !== undefined) {
      const ended = new Promise((resolve) => this.#process.once("exit", resolve));
      this.#process.kill("SIGKILL");
      await ended;
    }
  }

  get #ended(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null || this.#process.pid === undefined;
  }
}
