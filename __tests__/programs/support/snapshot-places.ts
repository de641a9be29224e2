import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Moto } from "../../helpers/moto";

const scripts = path.resolve(__dirname, "../../../scripts");

/** How a run ended. */
export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** A run that goes on. */
export interface Running {
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
}

/** A folder and a bucket in which snapshots are kept, and the programs that put them there. */
export class SnapshotPlaces {
  readonly #root = realpathSync(mkdtempSync(path.join(tmpdir(), "places-")));
  readonly folder = path.join(this.#root, "share");
  readonly scratch = path.join(this.#root, "scratch");
  readonly #clock = path.join(this.#root, "clock.mjs");

  private constructor(
    readonly name: string,
    private readonly suffix: string,
    private readonly moto: Moto,
  ) {
    mkdirSync(this.scratch);
    writeFileSync(this.#clock, otherClock);
  }

  static async open(name: string, suffix: string): Promise<SnapshotPlaces> {
    const places = new SnapshotPlaces(name, suffix, await Moto.start());
    await places.empty();
    return places;
  }

  async close(): Promise<void> {
    await this.moto.stop();
    rmSync(this.#root, { recursive: true });
  }

  /** Both places as they are before the first snapshot. */
  async empty(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder);
    await this.#ask("PUT", "");
    await Promise.all((await this.#keys()).map((key) => this.#ask("DELETE", `/${key}`)));
  }

  /** The environment of a run that keeps snapshots in both. */
  get env(): Record<string, string> {
    return {
      PATH: process.env["PATH"] ?? "",
      BACKUP_NAME: this.name,
      KEEP_COUNT: "7",
      KEEP_DAYS: "30",
      RETRY_SECONDS: "0",
      SCRATCH: this.scratch,
      SNAPSHOT_FOLDER: this.folder,
      S3_ENDPOINT: this.moto.endpoint,
      S3_BUCKET: "backups",
      S3_PREFIX: "lab",
      AWS_ACCESS_KEY_ID: "a",
      AWS_SECRET_ACCESS_KEY: "b",
    };
  }

  /** Puts a good snapshot of a time into both places, as an earlier run would have. */
  async addSnapshot(time: Date, content: string | Buffer = `snapshot of ${time.toISOString()}`): Promise<string> {
    const name = this.nameAt(time);
    writeFileSync(path.join(this.folder, name), content);
    await this.#ask("PUT", `/lab/${name}`, content);
    return name;
  }

  nameAt(time: Date): string {
    return `${this.name}-${time.toISOString().replace(/[-:]|\.\d+/g, "")}${this.suffix}`;
  }

  /** The names in the folder, hidden ones as well. */
  files(): string[] {
    return readdirSync(this.folder).sort();
  }

  /** The names in the bucket below its prefix. */
  async objects(): Promise<string[]> {
    return (await this.#keys()).map((key) => key.replace(/^lab\//, "")).sort();
  }

  /** Checksums by name of what is in both places. */
  async contents(): Promise<Readonly<Record<string, string>>[]> {
    const files = this.files().map((name) => [name, sha256(readFileSync(path.join(this.folder, name)))]);
    const objects = (await this.objects()).map(async (name) => {
      return [name, sha256(await this.#ask("GET", `/lab/${name}`))];
    });
    return [Object.fromEntries(files), Object.fromEntries(await Promise.all(objects))];
  }

  run(program: string, args: readonly string[], env: Readonly<Record<string, string>>, now?: Date): Promise<Ended> {
    return this.start(program, args, env, now).ended;
  }

  /** Starts a program of `scripts`, at another time where one is given. */
  start(program: string, args: readonly string[], env: Readonly<Record<string, string>>, now?: Date): Running {
    const clock = now === undefined ? [] : [`--import=${this.#clock}`];
    const child = spawn(process.execPath, [...clock, path.join(scripts, program), ...args], {
      env: { ...env, ...(now === undefined ? {} : { OTHER_CLOCK: now.toISOString() }) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    const ended = new Promise<Ended>((resolve) =>
      child.on("close", (status) =>
        resolve({ status, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }),
      ),
    );
    return { ended, kill: (signal) => void child.kill(signal) };
  }

  async #keys(): Promise<string[]> {
    const list = (await this.#ask("GET", "?list-type=2")).toString();
    return [...list.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key = ""]) => key);
  }

  /** Whoever signs is somebody to this server, which does not look at the signature. */
  async #ask(method: string, place: string, body?: string | Buffer): Promise<Buffer> {
    const authorization =
      "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=a";
    const url = `${this.moto.endpoint}/backups${place}`;
    const answer = await fetch(url, {
      method,
      headers: { authorization },
      ...(body === undefined ? {} : { body: new Uint8Array(Buffer.from(body)) }),
    });
    return Buffer.from(await answer.arrayBuffer());
  }
}

/** The value of a metric in what a run printed. */
export function metric({ out }: Ended, name: string): number | undefined {
  const line = out.split("\n").find((text) => text.startsWith(`backup_${name} `));
  return line === undefined ? undefined : Number(line.split(" ").at(-1));
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** What makes a program believe that it is another time. */
const otherClock = `
const Real = Date;
const offset = Real.parse(process.env.OTHER_CLOCK) - Real.now();
globalThis.Date = class extends Real {
  constructor(...args) {
    if (args.length > 0) super(...args);
    else super(Real.now() + offset);
  }
  static now() {
    return Real.now() + offset;
  }
};
`;
