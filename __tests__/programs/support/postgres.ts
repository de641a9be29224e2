import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { printed } from "./programs";

export interface Ended {
  readonly status: number | null;
  /** Everything that was printed. */
  readonly output: string;
}

/** Environment of a program, beside the path. */
export type Environment = Readonly<Record<string, string>>;

const isRoot = process.getuid?.() === 0;

/** Where the programs of PostgreSQL and of barman are. */
const programs = [newestPostgres(), path.resolve(__dirname, "../../../node_modules/.cache/python/bin")];

/** A folder that PostgreSQL's user may write to. */
export function postgresFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "postgres-"));
  if (isRoot) {
    const [uid, gid] = ["-u", "-g"].map((of) => Number(printed("id", [of, "postgres"])));
    chownSync(folder, uid ?? 0, gid ?? 0);
  }
  chmodSync(folder, 0o700);
  return folder;
}

/**
 * Starts a program beside this process, in which a store may be, with a process group of its own. PostgreSQL refuses to be
 * root, so none of them is.
 */
export function begin(program: string, args: readonly string[], env: Environment = {}): ChildProcess {
  const command = [...(isRoot ? asPostgres : []), located(program), ...args];
  const [first = "", ...others] = command;
  return spawn(first, others, {
    detached: true,
    env: { PATH: `${programs.join(":")}:${process.env["PATH"]}`, LC_ALL: "C.UTF-8", ...env },
  });
}

/** Ends a program and all that it started, without a chance to say anything. */
export async function killed(child: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => child.once("exit", resolve));
  process.kill(-(child.pid ?? Number.NaN), "SIGKILL");
  await exit;
}

/** Runs a program to its end. */
export async function ended(child: ChildProcess): Promise<Ended> {
  const output: Buffer[] = [];
  child.stdout?.on("data", (chunk) => output.push(chunk));
  child.stderr?.on("data", (chunk) => output.push(chunk));
  const status = await new Promise<number | null>((resolve, reject) => child.on("close", resolve).on("error", reject));
  return { status, output: Buffer.concat(output).toString() };
}

export async function run(program: string, args: readonly string[], env: Environment = {}): Promise<Ended> {
  return ended(begin(program, args, env));
}

/** What a program prints, which has to succeed. */
export async function succeed(program: string, args: readonly string[], env: Environment = {}): Promise<string> {
  const { status, output } = await run(program, args, env);
  if (status !== 0) {
    throw new Error(`${program} ${args.join(" ")} ended with ${status}:\n${output}`);
  }
  return output;
}

/** A PostgreSQL that listens to nothing but a socket in its folder. */
export class Postgres {
  readonly data: string;

  constructor(
    readonly folder: string,
    private readonly env: Environment = {},
  ) {
    this.data = path.join(folder, "data");
  }

  /** What libpq is told. */
  get connection(): Environment {
    return { PGHOST: this.folder, PGUSER: "postgres", PGDATABASE: "postgres" };
  }

  /** Makes an empty one, with checksums as CloudNativePG is told to, and WAL in small pieces: of 16 MiB each takes long. */
  async init(): Promise<void> {
    const options = "--data-checksums --wal-segsize=1 -U postgres -A trust -N -D".split(" ");
    await succeed("initdb", [...options, this.data]);
  }

  /** Settings on top of those that are there. */
  configure(settings: Readonly<Record<string, string>>): void {
    const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`);
    const file = path.join(this.data, "postgresql.auto.conf");
    writeFileSync(file, readFileSync(file, "utf8") + lines.join(""));
  }

  /** Throws with the log when it does not start. */
  async start(): Promise<void> {
    const options = `-k ${this.folder} -c listen_addresses='' -c shared_buffers=16MB -c fsync=off`;
    const { status } = await run(
      "pg_ctl",
      ["-D", this.data, "-l", this.log, "-o", options, "-w", "-t", "60", "start"],
      this.env,
    );
    if (status !== 0) {
      throw new Error(`PostgreSQL did not start:\n${this.logged}`);
    }
  }

  async stop(mode: "fast" | "immediate" = "fast"): Promise<void> {
    await run("pg_ctl", ["-D", this.data, "-m", mode, "-w", "stop"]);
  }

  /** Ends it, and takes everything away. */
  async destroy(): Promise<void> {
    await this.stop("immediate");
    rmSync(this.data, { recursive: true, force: true });
  }

  async sql(text: string): Promise<string> {
    return (await succeed("psql", ["-XqAt", "-v", "ON_ERROR_STOP=1", "-c", text], this.connection)).trim();
  }

  /** Asks until it is true. */
  async until(condition: string): Promise<void> {
    for (let attempt = 0; (await this.sql(`select ${condition}`)) !== "t"; attempt += 1) {
      if (attempt > 300) {
        throw new Error(`It never became true that ${condition}:\n${this.logged}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  get logged(): string {
    return existsSync(this.log) ? readFileSync(this.log, "utf8") : "";
  }

  private get log(): string {
    return path.join(this.folder, "log");
  }
}

/** With the right to go through the folders of whoever runs the tests. */
const asPostgres = [
  "setpriv",
  ..."--reuid=postgres --regid=postgres --init-groups --inh-caps=+dac_read_search --ambient-caps=+dac_read_search".split(
    " ",
  ),
];

function located(program: string): string {
  const found = programs.map((folder) => path.join(folder, program)).find((file) => existsSync(file));
  if (found === undefined && /^(initdb|pg_ctl|barman-)/.test(program)) {
    throw new Error(`The programs tier needs ${program}: .ci/run installs PostgreSQL and barman.`);
  }
  return found ?? program;
}

function newestPostgres(): string {
  const folder = "/usr/lib/postgresql";
  const [newest = "none"] = existsSync(folder) ? readdirSync(folder).sort((a, b) => Number(b) - Number(a)) : [];
  return path.join(folder, newest, "bin");
}
