/**
 * Real PostgreSQL, with the real barman-cloud as the plugin runs it for the store that we generate, against a real S3
 * server: backed up, destroyed and brought back. RESTORE_RUNS is how often in a row.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { App } from "cdktf";
import { recoveryTarget } from "../../manifests";
import { Moto } from "../helpers/moto";
import { objectOf, postgresObjects } from "../helpers/postgres";
import { begin, type Environment, ended, killed, Postgres, postgresFolder, run, succeed } from "./support/postgres";
import { printed } from "./support/programs";
import { StoreFront } from "./support/store-front";

jest.setTimeout(600_000);

const scripts = path.resolve(__dirname, "../../scripts");
const spec = objectOf(postgresObjects(new App({ outdir: "unused" }), {}), "ObjectStore")["spec"] as {
  readonly configuration: object;
  readonly instanceSidecarConfiguration: { readonly env: readonly { readonly name: string; readonly value: string }[] };
};

/** What the plugin's own library makes of the store: barman-options says how it was asked. */
type Options = "walArchive" | "checkArchive" | "backup" | "restore" | "walRestore";
const recorded: Readonly<Record<Options, readonly string[]>> & {
  readonly configuration: { readonly endpointURL: string };
  readonly retention: string;
} = JSON.parse(readFileSync(path.join(__dirname, "barman-options/recorded.json"), "utf8"));

const runs = Number(process.env["RESTORE_RUNS"] ?? "1");

let moto: Moto;
let store: StoreFront;
let folder: string;
let env: Environment;

beforeAll(async () => {
  folder = postgresFolder();
  moto = await Moto.start();
  store = await StoreFront.before(moto.endpoint);
  const ca = path.join(folder, "ca.crt");
  writeFileSync(ca, store.ca, { mode: 0o644 });
  env = {
    AWS_ACCESS_KEY_ID: "postgres",
    AWS_SECRET_ACCESS_KEY: "made up",
    AWS_CA_BUNDLE: ca,
    // Waiting for a store that is away is the operator's business, not that of a test.
    AWS_MAX_ATTEMPTS: "1",
    ...Object.fromEntries(spec.instanceSidecarConfiguration.env.map(({ name, value }) => [name, value])),
  };
  await python('client.create_bucket(Bucket="postgres")');
  const template = new Postgres(path.join(folder));
  await template.init();
});

afterEach(async () => {
  store.mood = "well";
  await Cluster.stopAll();
});

afterAll(async () => {
  await store.close();
  await moto.stop();
  rmSync(folder, { recursive: true });
});

test("the options that were recorded are those of the store that we generate", () => {
  expect(spec.configuration).toEqual(recorded.configuration);
});

// --- What the plugin does -------------------------------------------------------------------------------------------

/** Options as they were recorded, for the store and server of a test. */
function options(kind: Options, server: string): string[] {
  const { endpointURL } = recorded.configuration;
  return recorded[kind].map((option) =>
    option === endpointURL ? store.endpoint : option === "SERVER" ? server : option,
  );
}

/** A cluster with some rows, whose WAL is archived. */
class Cluster extends Postgres {
  static #made = 0;
  static #inUse: Cluster[] = [];

  private constructor(readonly server: string) {
    const own = path.join(folder, server);
    mkdirSync(own);
    super(own, env);
    printed("cp", ["-a", path.join(folder, "data"), own]);
    if (process.getuid?.() === 0) printed("chown", ["postgres:postgres", own]);
  }

  static async start(): Promise<Cluster> {
    Cluster.#made += 1;
    const cluster = new Cluster(`server-${Cluster.#made}`);
    Cluster.#inUse.push(cluster);
    cluster.configure({
      archive_mode: "on",
      archive_command: ["barman-cloud-wal-archive", ...options("walArchive", cluster.server), "%p"].join(" "),
    });
    await cluster.start();
    return cluster;
  }

  static async stopAll(): Promise<void> {
    for (const cluster of Cluster.#inUse) await cluster.destroy();
    Cluster.#inUse = [];
  }

  /** A base backup, with its id. */
  async backup(name: string, keys: Environment = env): Promise<string> {
    await succeed("barman-cloud-backup", this.#backupOptions(name), { ...this.connection, ...keys });
    const [latest] = (await this.backups()).slice(-1);
    return latest ?? "none";
  }

  beginBackup(name: string, keys: Environment = env) {
    return begin("barman-cloud-backup", this.#backupOptions(name), { ...this.connection, ...keys });
  }

  #backupOptions(name: string): string[] {
    return options("backup", this.server).map((option) => (option === "BACKUP" ? name : option));
  }

  /** The ids of the backups that are whole, oldest first. */
  async backups(): Promise<readonly string[]> {
    const list = ["--format", "json", ...options("checkArchive", this.server)];
    const { backups_list: all } = JSON.parse(await succeed("barman-cloud-backup-list", list, env));
    const whole = all.filter(({ status }: { status: string }) => status === "DONE");
    return whole.map(({ backup_id }: { backup_id: string }) => backup_id).sort();
  }

  /** Writes a row that must not get lost. */
  async keep(text: string): Promise<void> {
    await this.sql(`create table if not exists kept (text text); insert into kept values ('${text}')`);
  }

  /** The rows that are there. */
  kept(): Promise<string> {
    return this.sql("select string_agg(text, ' ' order by text) from kept");
  }

  sentinel(): Promise<string> {
    return succeed("sh", [path.join(scripts, "postgres-sentinel.sh")], this.connection);
  }

  /** Sends all that was written to the archive. */
  async archived(): Promise<void> {
    const wal = await this.sql("select pg_walfile_name(pg_switch_wal())");
    await this.until(`last_archived_wal >= '${wal}' from pg_stat_archiver`);
  }

  async now(): Promise<string> {
    // A moment of its own, between what was written before and after it.
    const now = await this.sql(
      "select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
    );
    return now;
  }

  /** Brings a destroyed one back, and starts it at the moment that our manifests ask for. */
  async restore(backup: string, target: Parameters<typeof recoveryTarget>[0] | undefined): Promise<void> {
    await succeed("barman-cloud-restore", [...options("restore", this.server), backup, this.data], env);
    const { targetTime, targetLSN, targetName } = target === undefined ? {} : recoveryTarget(target);
    this.configure({
      archive_mode: "off",
      restore_command: ["barman-cloud-wal-restore", ...options("walRestore", this.server), "%f", "%p"].join(" "),
      recovery_target_action: "promote",
      // PostgreSQL does not read "Z" there; the operator writes it like this, too.
      ...(targetTime === undefined ? {} : { recovery_target_time: targetTime.replace(/Z$/, "+00:00") }),
      ...(targetLSN === undefined ? {} : { recovery_target_lsn: targetLSN }),
      ...(targetName === undefined ? {} : { recovery_target_name: targetName }),
    });
    writeFileSync(path.join(this.data, "recovery.signal"), "");
    await this.start();
    await this.until("not pg_is_in_recovery()");
  }

  /** What the proof of a drill says about it. */
  async proof(target: string, maxLag = 600): Promise<{ status: number | null; said: string }> {
    const log = path.join(this.folder, "termination-log");
    const { status, output } = await run("sh", [path.join(scripts, "postgres-proof.sh")], {
      ...this.connection,
      TARGET_TIME: target,
      MAX_LAG_SECONDS: String(maxLag),
      TERMINATION_LOG: log,
    });
    return { status, said: output.trim() };
  }
}

/** The store as somebody with all rights sees it. */
async function python(code: string): Promise<string> {
  const head = `import os, boto3; client = boto3.client("s3", endpoint_url="${store.endpoint}", region_name="us-east-1")`;
  return (await succeed("python3", ["-c", `${head}\n${code}`], env)).trim();
}

/** Whether nothing is lost: the cluster is destroyed, brought back from a backup to the latest moment, and has the rows. */
async function expectRestorable(cluster: Cluster, backup: string, rows: string): Promise<void> {
  await cluster.destroy();
  await cluster.restore(backup, undefined);
  expect(await cluster.kept()).toBe(rows);
}

// --- The good way -------------------------------------------------------------------------------------------------

test.each(Array.from({ length: runs }, (_, index) => index + 1))(
  "PG-1, PG-3, DR-1: a cluster that was destroyed is what it was at a moment of the past (run %d)",
  async () => {
    const cluster = await Cluster.start();
    const backup = await cluster.backup("backup-1");
    await cluster.keep("before");
    await cluster.sentinel();
    const moment = await cluster.now();
    await cluster.keep("later");
    await cluster.sentinel();
    await cluster.archived();
    await cluster.destroy();

    await cluster.restore(backup, { time: moment });
    expect(await cluster.kept()).toBe("before");
    expect(await cluster.proof(moment)).toEqual({ status: 0, said: expect.stringMatching(/^lag_seconds=\d$/) });
    expect(await cluster.sql("select count(*) from restore_drill.sentinel")).toBe("1");
  },
);

test("a cluster is brought back to a position, to a restore point, and to the latest moment", async () => {
  const cluster = await Cluster.start();
  const backup = await cluster.backup("backup-1");
  await cluster.keep("1");
  const lsn = await cluster.sql("select pg_current_wal_insert_lsn()");
  await cluster.keep("2");
  await cluster.sql("select pg_create_restore_point('before the upgrade')");
  await cluster.keep("3");
  await cluster.archived();
  const targets = [
    [{ lsn }, "1"],
    [{ name: "before the upgrade", backupId: backup }, "1 2"],
    [undefined, "1 2 3"],
  ] as const;
  for (const [target, rows] of targets) {
    await cluster.destroy();
    await cluster.restore(backup, target);
    expect(await cluster.kept()).toBe(rows);
  }
});

// --- Bad days -----------------------------------------------------------------------------------------------------

/** What the alert PostgresWalArchiveFailing compares, as CloudNativePG asks for it. */
const isFailing = "last_failed_time > coalesce(last_archived_time, '-infinity') from pg_stat_archiver";

test.each([
  ["away", /EOF occurred|Connection was closed|Could not connect/],
  ["full", /InsufficientStorage/],
] as const)(
  "PG-4, MON-3: while the store is %s, WAL waits and the alert has its reason; then all of it is archived",
  async (mood, reason) => {
    const cluster = await Cluster.start();
    const backup = await cluster.backup("backup-1");
    store.mood = mood;
    await cluster.keep("meanwhile");
    await cluster.sql("select pg_switch_wal()");
    await cluster.until(isFailing);
    const ready = "count(*) > 0 from pg_ls_archive_statusdir() where name like '%.ready'";
    expect(await cluster.sql(`select ${ready}`)).toBe("t");
    expect(cluster.logged).toMatch(reason);
    const { status, output } = await ended(cluster.beginBackup("backup-2"));
    expect(status).not.toBe(0);
    expect(output).toMatch(reason);
    store.mood = "well";
    await cluster.archived();
    expect(await cluster.sql(`select ${isFailing}`)).toBe("f");
    expect(await cluster.backups()).toEqual([backup]);
    await expectRestorable(cluster, backup, "meanwhile");
  },
);

test("with a wrong key nothing is written, and the reason is named", async () => {
  const strict = await Moto.start([], { INITIAL_NO_AUTH_ACTION_COUNT: "3" });
  const front = await StoreFront.before(strict.endpoint);
  try {
    const { accessKey, secretKey } = await strict.addUser("postgres");
    const file = path.join(folder, "000000010000000000000001");
    const ca = path.join(folder, "strict.crt");
    writeFileSync(file, "WAL", { mode: 0o644 });
    writeFileSync(ca, front.ca, { mode: 0o644 });
    const archive = (key: string) =>
      run(
        "barman-cloud-wal-archive",
        [...options("walArchive", "keys").map((option) => (option === store.endpoint ? front.endpoint : option)), file],
        { ...env, AWS_CA_BUNDLE: ca, AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: key },
      );
    expect(await archive("wrong")).toEqual({ status: 4, output: expect.stringContaining("SignatureDoesNotMatch") });
    expect(await archive(secretKey)).toMatchObject({ output: expect.stringContaining("NoSuchBucket") });
  } finally {
    await front.close();
    await strict.stop();
  }
});

test("a server whose CA is not trusted gets nothing", async () => {
  const { AWS_CA_BUNDLE: _, ...withoutCa } = env;
  const cluster = await Cluster.start();
  const { status, output } = await ended(cluster.beginBackup("backup-1", withoutCa));
  expect(status).not.toBe(0);
  expect(output).toMatch(/certificate verify failed/i);
});

test("S3 servers that refuse checksums take what our settings send, and nothing without them", async () => {
  const cluster = await Cluster.start();
  store.mood = "strict";
  const { AWS_REQUEST_CHECKSUM_CALCULATION, AWS_RESPONSE_CHECKSUM_VALIDATION, ...without } = env;
  expect([AWS_REQUEST_CHECKSUM_CALCULATION, AWS_RESPONSE_CHECKSUM_VALIDATION]).toEqual(Array(2).fill("when_required"));
  const refused = await ended(cluster.beginBackup("backup-1", without));
  expect(refused.status).not.toBe(0);
  expect(refused.output).toContain("x-amz-content-sha256");
  expect(await cluster.backup("backup-2")).toMatch(/^\d{8}T\d{6}$/);
});

test("a base backup that was damaged in the store is refused, and the one before it brings everything back", async () => {
  const cluster = await Cluster.start();
  const good = await cluster.backup("backup-1");
  await cluster.keep("between");
  const damaged = await cluster.backup("backup-2");
  await cluster.keep("last");
  await cluster.archived();
  await cluster.destroy();
  const key = `prod/${cluster.server}/base/${damaged}/data.tar.gz`;
  await python(`body = client.get_object(Bucket="postgres", Key="${key}")["Body"].read()
client.put_object(Bucket="postgres", Key="${key}", Body=body[:len(body) // 2])`);
  const { status, output } = await run(
    "barman-cloud-restore",
    [...options("restore", cluster.server), damaged, cluster.data],
    env,
  );
  expect(status).not.toBe(0);
  expect(output).toMatch(/ERROR|unexpected end|exception/i);
  rmSync(cluster.data, { recursive: true, force: true });
  await expectRestorable(cluster, good, "between last");
});

test("a volume without room ends the restore with the reason, and the backup is as it was", async () => {
  const cluster = await Cluster.start();
  await cluster.keep("all");
  const backup = await cluster.backup("backup-1");
  await cluster.archived();
  await cluster.destroy();
  mkdirSync(cluster.data);
  printed("mount", ["-t", "tmpfs", "-o", "size=8m,mode=0777", "tmpfs", cluster.data]);
  try {
    const { status, output } = await run(
      "barman-cloud-restore",
      [...options("restore", cluster.server), backup, cluster.data],
      env,
    );
    expect(status).not.toBe(0);
    expect(output).toContain("No space left on device");
  } finally {
    printed("umount", [cluster.data]);
  }
  rmSync(cluster.data, { recursive: true });
  await expectRestorable(cluster, backup, "all");
});

test("a base backup that was killed half-way is none, and neither the one before it nor the next one minds", async () => {
  const cluster = await Cluster.start();
  const before = await cluster.backup("backup-1");
  await cluster.keep("all");
  store.mood = "hanging";
  const asked = store.refused.length;
  const half = cluster.beginBackup("backup-2");
  while (store.refused.length === asked) await new Promise((resolve) => setTimeout(resolve, 50));
  await killed(half);
  store.mood = "well";
  expect(await cluster.backups()).toEqual([before]);
  const next = await cluster.backup("backup-3");
  expect(await cluster.backups()).toEqual([before, next]);
  await cluster.archived();
  await expectRestorable(cluster, before, "all");
});

test("PostgreSQL that was killed while it archived loses nothing that was committed", async () => {
  const cluster = await Cluster.start();
  const backup = await cluster.backup("backup-1");
  store.mood = "hanging";
  await cluster.keep("committed");
  const asked = store.refused.length;
  await cluster.sql("select pg_switch_wal()");
  while (store.refused.length === asked) await new Promise((resolve) => setTimeout(resolve, 50));
  const stopped = cluster.stop("immediate");
  store.mood = "well";
  await stopped;
  await cluster.start();
  await cluster.archived();
  await expectRestorable(cluster, backup, "committed");
});

test("a restore that was killed half-way is begun anew in an empty folder", async () => {
  const cluster = await Cluster.start();
  await cluster.keep("all");
  const backup = await cluster.backup("backup-1");
  await cluster.archived();
  await cluster.destroy();
  const half = begin("barman-cloud-restore", [...options("restore", cluster.server), backup, cluster.data], env);
  while (!existsSync(path.join(cluster.data, "base"))) await new Promise((resolve) => setTimeout(resolve, 5));
  await killed(half);
  rmSync(cluster.data, { recursive: true });
  await expectRestorable(cluster, backup, "all");
});

test("PG-2: the retention that we ask for deletes no backup that the window needs", async () => {
  const cluster = await Cluster.start();
  const backups = [await cluster.backup("backup-1"), await cluster.backup("backup-2")];
  const policy = ["--retention-policy", recorded.retention];
  await succeed("barman-cloud-backup-delete", [...policy, ...options("checkArchive", cluster.server)], env);
  expect(await cluster.backups()).toEqual(backups);
});

test("an archive of somebody else is refused before anything is written to it", async () => {
  const cluster = await Cluster.start();
  await cluster.archived();
  const check = (server: string) => run("barman-cloud-check-wal-archive", options("checkArchive", server), env);
  expect(await check(cluster.server)).toEqual({ status: 1, output: expect.stringContaining("Expected empty archive") });
  expect(await check("another")).toMatchObject({ status: 0 });
});

// --- The programs of a drill ----------------------------------------------------------------------------------------

test("the sentinel writes a row each time, and the proof says what it finds", async () => {
  const cluster = await Cluster.start();
  expect(await cluster.proof(await cluster.now())).toEqual({
    status: 2,
    said: expect.stringMatching(/^The copy cannot be asked: .*relation "restore_drill.sentinel" does not exist/),
  });
  expect(await cluster.sentinel()).toBe("The sentinel row is written.\n");
  await cluster.sentinel();
  expect(await cluster.sql("select count(*) from restore_drill.sentinel")).toBe("2");
  const moment = await cluster.now();
  expect(await cluster.proof(moment)).toMatchObject({ status: 0 });
  await cluster.sentinel();
  expect(await cluster.proof(moment)).toEqual({
    status: 1,
    said: `The copy has 1 sentinel rows from after ${moment}.`,
  });
  const later = "2999-01-01T00:00:00Z";
  expect(await cluster.proof(later)).toEqual({
    status: 1,
    said: expect.stringMatching(
      /^The newest sentinel row is \d+ seconds older than 2999-01-01T00:00:00Z, and may be 600\.$/,
    ),
  });
  await cluster.sql("insert into restore_drill.sentinel values (now() - interval '2 years')");
  await cluster.sentinel();
  expect(await cluster.sql("select count(*) from restore_drill.sentinel where at < now() - interval '1 year'")).toBe(
    "0",
  );
  await cluster.sql("truncate restore_drill.sentinel");
  expect(await cluster.proof(moment)).toEqual({ status: 1, said: "The copy has no sentinel row." });
  await cluster.stop();
  expect(await cluster.proof(moment)).toEqual({
    status: 2,
    said: expect.stringMatching(/^The copy cannot be asked: .*failed/),
  });
});
