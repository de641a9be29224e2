/**
 * How a snapshot gets to where it is kept, and what is kept there. Each place is on its own: one that is full or away
 * keeps nothing from the others.
 *
 *   BACKUP_NAME          name of the backup: of its files and in its metrics
 *   KEEP_COUNT           how many of the newest snapshots are never deleted; at least 7
 *   KEEP_DAYS            age after which the others are
 *   TIMEOUT_SECONDS      after which the run is given up; 1800 by default
 *   RETRY_SECONDS        time between two attempts; 15 by default
 *   SCRATCH              folder with room for two snapshots; the system's for temporary files by default
 *   SNAPSHOT_FOLDER      a folder where they are kept, such as of an NFS share
 *   S3_ENDPOINT, S3_REGION, S3_BUCKET, S3_PREFIX, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY   a bucket where they are kept
 *   NODE_EXTRA_CA_CERTS  file with the CAs of all endpoints, where they are no public ones
 *   PUSHGATEWAY_URL      where metrics go, beside standard output; nowhere by default
 *
 * Exit code: 0 a new snapshot is in each place, 1 it is not.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, mkdtemp, open, readdir, rename, rm, stat, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { needed, reasonOf, report } from "./program.mjs";
import { Bucket } from "./s3.mjs";
import { snapshotPattern, takenAt } from "./snapshot-forms.mjs";

/** Whoever makes nothing but broken snapshots for a week still has seven good ones. */
const leastCount = 7;
const attempts = 3;
const dayMs = 86_400_000;

/**
 * Takes a snapshot and keeps it in all places.
 *
 * @param suffix of the files: `.snap`
 * @param take makes the snapshot in a folder, proves that it is whole, and says which file it is
 */
export async function backUp(suffix, take) {
  const began = Date.now();
  process.umask(0o077);
  const metrics = { last_run_timestamp_seconds: began / 1000 };
  const measured = new Map();
  const failures = [];
  const attempt = async (what, work) => {
    try {
      return await work();
    } catch (error) {
      failures.push(`${what}: ${reasonOf(error)}`);
      return undefined;
    }
  };
  const run = await attempt("The environment", () => new Run(suffix));
  const scratch = await attempt("The scratch", () => mkdtemp(path.join(process.env.SCRATCH || tmpdir(), "snapshot-")));
  if (run !== undefined && scratch !== undefined) {
    try {
      const snapshot = await attempt("The snapshot", () => run.take(scratch, take));
      for (const place of run.places) {
        if (snapshot !== undefined) {
          await attempt(place.title, () => run.keep(place, snapshot));
          metrics.size_bytes = snapshot.size;
        }
        await attempt(place.title, async () => measured.set(place.kind, await run.measure(place)));
      }
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }
  const now = Date.now();
  metrics.duration_seconds = (now - began) / 1000;
  metrics.success = failures.length === 0 ? 1 : 0;
  if (failures.length === 0) metrics.last_success_timestamp_seconds = now / 1000;
  const samples = (of) => Object.entries(of).map(([name, value]) => [`backup_${name}`, value]);
  const group = `job/backup/backup/${process.env.BACKUP_NAME}`;
  await report(group, samples(metrics), help);
  // Each in a group of its own: a push takes the place of all metrics of its name in the group, and what a place that is
  // away said last has to stay, and to become old.
  for (const [kind, of] of measured) await report(`${group}/destination/${kind}`, samples(of), help);
  for (const failure of failures) console.error(failure);
  // Not process.exit, which would cut off what is still to be written; a connection that is still open must not hold it.
  process.exitCode = failures.length === 0 ? 0 : 1;
  setTimeout(() => process.exit(), 1000).unref();
}

class Run {
  places;
  #name = needed("BACKUP_NAME");
  #count = numberOf("KEEP_COUNT", leastCount);
  #days = numberOf("KEEP_DAYS", 1);
  #signal;
  #pattern;
  #suffix;

  constructor(suffix) {
    this.#suffix = suffix;
    this.#pattern = snapshotPattern(this.#name, suffix);
    const ended = new AbortController();
    for (const signal of ["SIGTERM", "SIGINT"]) {
      process.once(signal, () => ended.abort(new Error(`The run was ended by ${signal}.`)));
    }
    const seconds = Number(process.env.TIMEOUT_SECONDS || 1800);
    setTimeout(() => ended.abort(new Error(`The run took longer than ${seconds} seconds.`)), seconds * 1000).unref();
    this.#signal = ended.signal;
    const { SNAPSHOT_FOLDER: folder, S3_ENDPOINT: endpoint } = process.env;
    this.places = [
      ...(folder ? [new Folder(folder, this.#pattern, this.#signal)] : []),
      ...(endpoint ? [new Prefix(new Bucket(this.#signal), process.env.S3_PREFIX ?? "")] : []),
    ];
    if (this.places.length === 0) throw new Error("Neither SNAPSHOT_FOLDER nor S3_ENDPOINT is set.");
  }

  async take(scratch, take) {
    const file = await this.#again(() => take(scratch, this.#signal));
    const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
    const { size } = await stat(file);
    return { file, name: `${this.#name}-${stamp}${this.#suffix}`, size, sha256: await sha256Of(file, this.#signal) };
  }

  /** Only after the new one is there, and reads as it was written, are others deleted. */
  async keep(place, snapshot) {
    await this.#again(async () => {
      await place.put(snapshot);
      if ((await place.sha256Of(snapshot.name)) !== snapshot.sha256) {
        // It would count as the newest one.
        await place.delete(snapshot.name);
        throw new Error(`${snapshot.name} reads otherwise than it was written.`);
      }
    });
    console.log(`${place.title}: ${snapshot.name}, ${snapshot.size} bytes`);
    for (const { name } of this.#outdated(await this.#snapshotsIn(place))) {
      await place.delete(name);
      console.log(`${place.title}: ${name} is deleted`);
    }
  }

  async measure(place) {
    const kept = await this.#snapshotsIn(place);
    const labels = `{destination="${place.kind}"}`;
    const free = await place.freeBytes();
    return {
      [`kept${labels}`]: kept.length,
      // By the clock of the place: the time in the name is by ours.
      ...(kept[0] === undefined ? {} : { [`newest_timestamp_seconds${labels}`]: kept[0].time.getTime() / 1000 }),
      ...(free === undefined ? {} : { [`free_bytes${labels}`]: free }),
    };
  }

  /** Whom one asks may be on the way from one leader to the next, or start anew. */
  async #again(work) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        this.#signal.throwIfAborted();
        if (attempt === attempts) throw error;
        console.error(`Attempt ${attempt} of ${attempts}: ${reasonOf(error)}`);
        await sleep(Number(process.env.RETRY_SECONDS || 15) * 1000, undefined, { signal: this.#signal });
      }
    }
  }

  /** The newest first. Whatever else is in the place is not ours. */
  async #snapshotsIn(place) {
    const files = await place.list();
    return files
      .flatMap(({ name, time }) => {
        const [, stamp] = this.#pattern.exec(name) ?? [];
        return stamp === undefined ? [] : [{ name, time, taken: takenAt(stamp) }];
      })
      .sort((a, b) => b.taken - a.taken);
  }

  #outdated(snapshots) {
    const now = Date.now();
    const [newest] = snapshots;
    if (newest !== undefined && newest.taken > now + dayMs / 24) {
      throw new Error(`${newest.name} is of the future. Nothing is deleted by a clock that may be wrong.`);
    }
    return snapshots.slice(this.#count).filter(({ taken }) => now - taken > this.#days * dayMs);
  }
}

// --- Places -------------------------------------------------------------------------------------------------------

class Folder {
  kind = "folder";
  title;
  #folder;
  #pattern;
  #signal;

  constructor(folder, pattern, signal) {
    this.#folder = folder;
    this.#pattern = pattern;
    this.#signal = signal;
    this.title = `The folder ${folder}`;
  }

  /** Under its name there is the whole snapshot or nothing, whenever the power goes. */
  async put({ file, name }) {
    const draft = path.join(this.#folder, `.${name}.part`);
    for (const left of await readdir(this.#folder)) {
      // Of a run that was killed: runs never overlap.
      const [, snapshot = ""] = /^\.(.*)\.part$/.exec(left) ?? [];
      if (this.#pattern.test(snapshot)) await rm(path.join(this.#folder, left));
    }
    try {
      this.#signal.throwIfAborted();
      await copyFile(file, draft);
      await synced(draft);
      this.#signal.throwIfAborted();
      await rename(draft, path.join(this.#folder, name));
      await synced(this.#folder);
    } finally {
      await rm(draft, { force: true });
    }
  }

  sha256Of(name) {
    return sha256Of(path.join(this.#folder, name), this.#signal);
  }

  async list() {
    // What others put there may be gone before it is looked at, or lead nowhere.
    const names = (await readdir(this.#folder)).filter((name) => this.#pattern.test(name));
    return Promise.all(names.map(async (name) => ({ name, time: (await stat(path.join(this.#folder, name))).mtime })));
  }

  delete(name) {
    return rm(path.join(this.#folder, name));
  }

  async freeBytes() {
    const { bavail, bsize } = await statfs(this.#folder);
    return bavail * bsize;
  }
}

class Prefix {
  kind = "s3";
  title;
  #bucket;
  #prefix;

  constructor(bucket, prefix) {
    this.#bucket = bucket;
    this.#prefix = prefix === "" ? "" : `${prefix}/`;
    this.title = `The bucket ${process.env.S3_BUCKET}`;
  }

  put({ file, name, size, sha256 }) {
    return this.#bucket.put(this.#prefix + name, { path: file, size, sha256 });
  }

  sha256Of(name) {
    return this.#bucket.sha256Of(this.#prefix + name);
  }

  async list() {
    const objects = await this.#bucket.list(this.#prefix);
    return objects.map(({ key, time }) => ({ name: key.slice(this.#prefix.length), time }));
  }

  delete(name) {
    return this.#bucket.delete(this.#prefix + name);
  }

  freeBytes() {
    return undefined;
  }
}

// --- What is said -------------------------------------------------------------------------------------------------

const help = {
  backup_success: "Whether the last run put a new snapshot into each place.",
  backup_last_run_timestamp_seconds: "When the last run began.",
  backup_last_success_timestamp_seconds: "When the last run that succeeded ended.",
  backup_duration_seconds: "How long the last run took.",
  backup_size_bytes: "Size of the last snapshot.",
  backup_newest_timestamp_seconds: "When a place got its newest snapshot, by its own clock.",
  backup_kept: "Snapshots in a place.",
  backup_free_bytes: "Room that is left in a place.",
};

function numberOf(name, least) {
  const number = Number(needed(name));
  if (!Number.isInteger(number) || number < least)
    throw new Error(`${name} is ${number}, and has to be ${least} or more.`);
  return number;
}

async function sha256Of(file, signal) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash, { signal });
  return hash.digest("hex");
}

async function synced(file) {
  const handle = await open(file);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
