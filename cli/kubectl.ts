import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { kubectlFailed, ProblemsError } from "../errors";

/** `kubectl` in one namespace. */
export class Kubectl {
  readonly #options: readonly string[];

  constructor(namespace: string, context?: string) {
    this.#options = ["--namespace", namespace, ...(context === undefined ? [] : ["--context", context])];
  }

  /** What a command prints. One that fails ends in a problem with what it said. */
  async run(...args: readonly string[]): Promise<string> {
    try {
      const { stdout } = await promisify(execFile)("kubectl", [...args, ...this.#options], { maxBuffer: 1024 ** 3 });
      return stdout;
    } catch (error) {
      throw new ProblemsError([kubectlFailed(`kubectl ${args.slice(0, 2).join(" ")}`, reasonOf(error))]);
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && "stderr" in error && typeof error.stderr === "string" && error.stderr !== "") {
    return error.stderr.trim();
  }
  return error instanceof Error ? error.message : String(error);
}
