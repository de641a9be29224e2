import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { KubernetesObject } from "../../../index";
import { objectsOf } from "../../helpers/kubernetes-objects";
import { objectOf } from "../../helpers/postgres";
import type { Synthesized } from "../../helpers/synth";
import { Api, type Connection } from "./api";

const scripts = path.resolve(__dirname, "../../../scripts");

/** How a run ended. */
export interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** The program of a drill, in the name of its own account, in its namespace of a real API server. */
export class Drill {
  readonly api = Api.ofThisRun();
  readonly connection: Connection = JSON.parse(process.env["CLUSTER_CONNECTION"] ?? "");
  /** What was pushed as metrics. */
  pushed: string[] = [];
  readonly #folder = mkdtempSync(path.join(tmpdir(), "drill-"));
  readonly #gateway: Server;

  private constructor(
    readonly name: string,
    private readonly program: readonly string[],
    private readonly quota: KubernetesObject,
  ) {
    this.#gateway = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.pushed.push(`${request.method} ${request.url}\n${Buffer.concat(chunks)}`);
        response.end();
      });
    });
  }

  /**
   * @param name of the drill and of its namespace, which the stack has
   * @param program and its files, as its CronJob names them
   */
  static async of(stack: Synthesized, name: string, program: readonly string[]): Promise<Drill> {
    const objects = objectsOf(stack).filter(
      ({ metadata, kind }) => metadata.namespace === name || (kind === "Namespace" && metadata.name === name),
    );
    const drill = new Drill(name, program, objectOf(objects, "ResourceQuota"));
    await drill.#apply(objects);
    await new Promise<void>((resolve) => drill.#gateway.listen(0, "127.0.0.1", resolve));
    return drill;
  }

  async #apply(objects: readonly KubernetesObject[]): Promise<void> {
    const { api, name, connection } = this;
    for (const object of [objectOf(objects, "Namespace"), ...objects.filter(({ kind }) => kind !== "Namespace")]) {
      await api.apply(object);
    }
    await api.addDefaultAccount(name);
    const token = await api.ask("POST", `/api/v1/namespaces/${name}/serviceaccounts/${name}/token`, "{}");
    const files = objectOf(objects, "ConfigMap")["data"] as Readonly<Record<string, string>>;
    const account = { token: token.body.status.token, namespace: name, "ca.crt": connection.certificate };
    for (const [file, text] of Object.entries({ ...account, ...files })) {
      writeFileSync(path.join(this.#folder, file), text);
    }
  }

  /** What comes before each test. */
  async reset(): Promise<void> {
    await this.api.countQuota(this.quota);
    this.pushed = [];
  }

  close(): void {
    this.#gateway.close();
    rmSync(this.#folder, { recursive: true });
  }

  begin(env: Readonly<Record<string, string>> = {}): ChildProcess {
    const [program = "", ...files] = this.program;
    return spawn(
      process.execPath,
      [path.join(scripts, program), ...files.map((file) => path.join(this.#folder, file))],
      {
        env: {
          DRILL: this.name,
          MAX_AGE_DAYS: "15",
          RESTORE_TIMEOUT_SECONDS: "30",
          PUSHGATEWAY_URL: `http://127.0.0.1:${(this.#gateway.address() as AddressInfo).port}`,
          KUBERNETES_SERVICE_HOST: "127.0.0.1",
          KUBERNETES_SERVICE_PORT: String(this.connection.port),
          NODE_EXTRA_CA_CERTS: path.join(this.#folder, "ca.crt"),
          SERVICE_ACCOUNT: this.#folder,
          POLL_SECONDS: "0.02",
          ...env,
        },
      },
    );
  }

  run(env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return ended(this.begin(env));
  }

  /** The last line of the history. */
  async remembered(): Promise<Readonly<Record<string, unknown>>> {
    const { name, api } = this;
    const { body } = await api.ask("GET", `/api/v1/namespaces/${name}/configmaps/${name}-history`);
    return JSON.parse(body.data["runs.jsonl"].trim().split("\n").at(-1));
  }

  /** The names of what there is below paths. */
  async namesIn(...places: readonly string[]): Promise<readonly string[]> {
    const lists = await Promise.all(places.map((place) => this.api.ask("GET", place)));
    return lists.flatMap(({ body }) => body.items.map(({ metadata }: KubernetesObject) => metadata.name));
  }
}

export async function ended(child: ChildProcess): Promise<Ended> {
  const output: Buffer[] = [];
  child.stdout?.on("data", (chunk) => output.push(chunk));
  child.stderr?.on("data", (chunk) => output.push(chunk));
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { status, output: Buffer.concat(output).toString() };
}
