import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Attributes } from "../../helpers/synth";

export interface PodOutcome {
  /** The last container that was run. */
  readonly name: string;
  readonly code: number | null;
  /** What it printed. */
  readonly output: string;
}

/** When a container gets a signal. */
export interface PodEnd {
  /** @default - the last one */
  readonly container?: string;
  readonly when: () => boolean;
  readonly signal: NodeJS.Signals;
}

interface Running {
  readonly ended: Promise<PodOutcome>;
  kill(signal: NodeJS.Signals): void;
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

  /** What volumes have at a path. */
  read(file: string): string {
    return readFileSync(path.join(this.root, file), "utf8");
  }

  /**
   * Runs the containers: those of the beginning one after the other, the others side by side until the last of them ends.
   * The first that fails ends the pod.
   */
  async run(env: NodeJS.ProcessEnv, end?: PodEnd): Promise<PodOutcome> {
    const containers: readonly Attributes[] = this.spec["containers"];
    const last = containers.at(-1);
    const endOf = (container: Attributes) =>
      container["name"] === (end?.container ?? last?.["name"]) ? end : undefined;
    for (const container of this.spec["initContainers"] ?? []) {
      const outcome = await this.#start(container, env, endOf(container)).ended;
      if (outcome.code !== 0) {
        return outcome;
      }
    }
    const beside = containers.slice(0, -1).map((container) => this.#start(container, env, endOf(container)));
    const outcome = await this.#start(last ?? {}, env, endOf(last ?? {})).ended;
    for (const one of beside) {
      one.kill("SIGKILL");
      await one.ended;
    }
    return outcome;
  }

  get #containers(): readonly Attributes[] {
    return [...(this.spec["initContainers"] ?? []), ...this.spec["containers"]];
  }

  #start(container: Attributes, env: NodeJS.ProcessEnv, end: PodEnd | undefined): Running {
    const own = Object.fromEntries(
      (container["env"] ?? []).map(({ name, value }: Attributes) => [name, this.#here(value ?? "")]),
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
      if (end?.when()) child.kill(end.signal);
    }, 10);
    const ended = new Promise<PodOutcome>((resolve) =>
      child.on("close", (code) => {
        clearInterval(watch);
        resolve({ name: container["name"], code, output });
      }),
    );
    return { ended, kill: (signal) => void child.kill(signal) };
  }

  #here(text: string): string {
    const places = text.replace(
      /(?<![\w.:/@-])\/(?=(?:program|machines|checkout|data|deploy-key|credentials|vault-token|programs|scratch)\b)/g,
      `${this.root}/`,
    );
    return Object.entries(this.instead).reduce((result, [from, to]) => result.replaceAll(from, to), places);
  }
}
