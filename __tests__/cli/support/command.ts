import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { transformFileSync } from "@swc/core";

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as a program of its own, compiled to a temporary folder. */
export class CompiledCommand {
  readonly #folder = realpathSync(mkdtempSync(path.join(tmpdir(), "command-")));

  constructor() {
    for (const source of ["errors.ts", ...ROOMS.flatMap(sourcesOf)]) {
      const { code } = transformFileSync(path.join(root, source), {
        jsc: { parser: { syntax: "typescript" }, target: "es2023" },
        module: { type: "commonjs" },
      });
      const target = path.join(this.#folder, source.replace(/\.ts$/, ".js"));
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, code);
    }
    symlinkSync(path.join(root, "node_modules"), path.join(this.#folder, "node_modules"));
  }

  /** Runs it to its end. */
  run(
    args: readonly string[],
    env: NodeJS.ProcessEnv,
    interruption?: Interruption,
    cwd = process.cwd(),
    input = "",
  ): Promise<CommandResult> {
    return new Promise((resolve, reject) => {
      const main = path.join(this.#folder, "cli/main.js");
      const child = spawn(process.execPath, [main, ...args], { env, cwd, detached: true });
      const result = { stdout: "", stderr: "" };
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        result.stdout += text;
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        result.stderr += text;
      });
      // A command that does not read it may have ended already.
      child.stdin.on("error", () => undefined).end(input);
      interruption?.when.then(() => signalGroup(child.pid, interruption.signal)).catch(reject);
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, ...result }));
    });
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

/** A signal for the command and all in its process group, as from a terminal. */
export interface Interruption {
  readonly signal: NodeJS.Signals;
  readonly when: Promise<unknown>;
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid !== undefined) {
    process.kill(-pid, signal);
  }
}

const root = path.join(__dirname, "../../..");

/** What the command is made of. */
const ROOMS = ["analysis", "cli", "machine-configs"];

function sourcesOf(room: string): string[] {
  return readdirSync(path.join(root, room), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => path.join(room, name));
}
