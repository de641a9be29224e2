import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Attributes } from "../../helpers/synth";

export interface PodOutcome {
  readonly code: number | null;
  /** What the last container printed. */
  readonly output: string;
}

/** A pod as its object says, on this machine: a folder stands for the root of its file system. */
export class Pod {
  constructor(
    private readonly spec: Attributes,
    private readonly root: string,
    /** What is other than on a node: texts by those that they stand for. */
    private readonly instead: Readonly<Record<string, string>>,
  ) {
    for (const { volumeMounts } of this.#containers) {
      for (const { mountPath } of volumeMounts) mkdirSync(path.join(root, mountPath), { recursive: true });
    }
  }

  /** Puts a file where a volume would have it. */
  put(file: string, text: string): void {
    writeFileSync(path.join(this.root, file), text);
  }

  /** Runs the containers one after the other; the last one gets SIGTERM when something holds. */
  async run(env: NodeJS.ProcessEnv, endWhen?: () => boolean): Promise<PodOutcome> {
    let outcome: PodOutcome = { code: 0, output: "" };
    for (const [index, container] of this.#containers.entries()) {
      const isLast = index === this.#containers.length - 1;
      outcome = await this.#runOne(container, env, isLast ? endWhen : undefined);
      if (outcome.code !== 0) {
        return outcome;
      }
    }
    return outcome;
  }

  get #containers(): readonly Attributes[] {
    return [...(this.spec["initContainers"] ?? []), ...this.spec["containers"]];
  }

  async #runOne(
    container: Attributes,
    env: NodeJS.ProcessEnv,
    endWhen: (() => boolean) | undefined,
  ): Promise<PodOutcome> {
    const own = Object.fromEntries(
      container["env"].map(({ name, value }: Attributes) => [name, this.#here(value ?? "")]),
    );
    const [program = "", ...args]: string[] = container["command"].map((word: string) => this.#here(word));
    const child = spawn(program, args, { env: { ...own, ...env } });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    const watch = setInterval(() => {
      if (endWhen?.()) {
        clearInterval(watch);
        child.kill("SIGTERM");
      }
    }, 25);
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    clearInterval(watch);
    return { code, output };
  }

  #here(text: string): string {
    const places = text.replace(
      /(?<![\w.:/@-])\/(?=(?:program|machines|checkout|data|deploy-key|credentials|vault-token)\b)/g,
      `${this.root}/`,
    );
    return Object.entries(this.instead).reduce((result, [from, to]) => result.replaceAll(from, to), places);
  }
}
