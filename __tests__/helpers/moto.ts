import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import * as path from "node:path";

/** Where `.ci/run` installs Python programs. */
const programs = path.resolve(__dirname, "../../node_modules/.cache/python/bin");

/** A user of a store, with the keys that the store made. */
export interface MotoUser {
  readonly accessKey: string;
  readonly secretKey: string;
}

/** A real S3 server, which knows conditional writes, versioning, object lock and lifecycles: moto. */
export class Moto {
  private constructor(
    readonly endpoint: string,
    private readonly server: ChildProcess,
  ) {}

  /** @param args of `moto_server`: `-s` and certificates for TLS */
  static async start(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Moto> {
    const program = path.join(programs, "moto_server");
    if (!existsSync(program)) {
      throw new Error(`There is no ${program}: .ci/run installs moto[server] there, in a virtual environment.`);
    }
    const port = await freePort();
    const server = spawn(program, ["-p", String(port), ...args], { stdio: "ignore", env: { ...process.env, ...env } });
    const moto = new Moto(`${args.includes("-s") ? "https" : "http"}://127.0.0.1:${port}`, server);
    while (server.exitCode === null && !(await answers(port))) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return moto;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.server.once("exit", resolve));
    this.server.kill();
    await ended;
  }

  /** Makes a user who may do everything; only a server that checks signatures cares who it is. */
  async addUser(name: string): Promise<MotoUser> {
    await this.#iam({ Action: "CreateUser", UserName: name });
    const all = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] };
    const policy = { PolicyName: "all", PolicyDocument: JSON.stringify(all) };
    await this.#iam({ Action: "PutUserPolicy", UserName: name, ...policy });
    const keys = await this.#iam({ Action: "CreateAccessKey", UserName: name });
    const field = (tag: string) => new RegExp(`<${tag}>([^<]+)</${tag}>`).exec(keys)?.[1] ?? "";
    return { accessKey: field("AccessKeyId"), secretKey: field("SecretAccessKey") };
  }

  async #iam(form: Readonly<Record<string, string>>): Promise<string> {
    const authorization =
      "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=a";
    const body = new URLSearchParams({ ...form, Version: "2010-05-08" });
    return (await fetch(this.endpoint, { method: "POST", body, headers: { authorization } })).text();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") {
    throw new Error("A server on a port has an address.");
  }
  return address.port;
}

async function answers(port: number): Promise<boolean> {
  const { connect } = await import("node:net");
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true));
    socket.on("error", () => resolve(false)).on("connect", () => socket.destroy());
  });
}
