import * as path from "node:path";
import { Daemon } from "./daemon";
import { freePort } from "./free-port";
import { goProgram } from "./go-programs";

/** An etcd of one member that keeps its data in a folder. */
export class Etcd {
  private constructor(
    readonly endpoint: string,
    private readonly daemon: Daemon,
  ) {}

  static async start(folder: string): Promise<Etcd> {
    const endpoint = `http://127.0.0.1:${await freePort()}`;
    const daemon = new Daemon(goProgram("etcd"), [
      `--data-dir=${path.join(folder, "etcd")}`,
      `--listen-client-urls=${endpoint}`,
      `--advertise-client-urls=${endpoint}`,
      "--listen-peer-urls=http://127.0.0.1:0",
      "--unsafe-no-fsync",
      "--log-level=warn",
    ]);
    await daemon.ready(async () => (await fetch(`${endpoint}/health`)).ok);
    return new Etcd(endpoint, daemon);
  }

  async put(key: string, value: string): Promise<void> {
    await this.#ask("put", { key: base64(key), value: base64(value) });
  }

  /** The value of a key; nothing where there is no such key. */
  async get(key: string): Promise<string | undefined> {
    const [found] = (await this.#ask("range", { key: base64(key) })).kvs ?? [];
    return found === undefined ? undefined : Buffer.from(found.value, "base64").toString();
  }

  /** How many keys begin with a prefix. */
  async count(prefix: string): Promise<number> {
    const end = prefix.replace(/.$/, (last) => String.fromCharCode(last.charCodeAt(0) + 1));
    return Number((await this.#ask("range", { key: base64(prefix), range_end: base64(end), count_only: true })).count);
  }

  async #ask(what: "put" | "range", request: object): Promise<Answer> {
    const answer = await fetch(`${this.endpoint}/v3/kv/${what}`, { method: "POST", body: JSON.stringify(request) });
    return (await answer.json()) as Answer;
  }

  stop(): Promise<void> {
    return this.daemon.stop();
  }
}

interface Answer {
  readonly kvs?: readonly { readonly value: string }[];
  readonly count?: string;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
