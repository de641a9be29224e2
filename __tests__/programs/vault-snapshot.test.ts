/**
 * The program that backs Vault up: against a double of the endpoints that it uses, with archives in the form of real
 * snapshots, and against a real S3 server.
 */
import { mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { printed } from "./support/programs";
import { startPushgateway } from "./support/pushgateway";
import { type Ended, metric, SnapshotPlaces } from "./support/snapshot-places";
import { VaultDouble, type VaultMood } from "./support/vault-double";

let places: SnapshotPlaces;
let vault: VaultDouble;

beforeAll(async () => {
  places = await SnapshotPlaces.open("vault", ".snap");
});

afterAll(() => places.close());

beforeEach(async () => {
  await places.empty();
  vault = await VaultDouble.start();
});

afterEach(() => vault.stop());

function env(): Record<string, string> {
  const jwt = path.join(places.scratch, "jwt");
  writeFileSync(jwt, `${vault.jwt}\n`);
  return { ...places.env, VAULT_ADDR: vault.address, VAULT_ROLE: "snapshots", VAULT_JWT_FILE: jwt };
}

function backUp(more: Readonly<Record<string, string>> = {}, now?: Date): Promise<Ended> {
  return places.run("vault-snapshot.mjs", [], { ...env(), ...more }, now);
}

const yesterday = new Date(Date.now() - 86_400_000);

test("VLT-1: the leader's snapshot is whole in both places, and the token is given back", async () => {
  const ended = await backUp();
  expect(ended).toMatchObject({ status: 0, err: "" });
  const [folder, bucket] = await places.contents();
  expect(Object.keys(folder ?? {})).toEqual([expect.stringMatching(/^vault-\d{8}T\d{6}Z\.snap$/)]);
  expect(bucket).toEqual(folder);
  const [name = ""] = places.files();
  const file = path.join(places.folder, name);
  expect(printed("tar", ["-tzf", file]).split("\n")).toContain("state.bin");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(vault.asked).toEqual([
    "GET sys/leader",
    "POST auth/kubernetes/login",
    "GET sys/storage/raft/snapshot",
    "POST auth/token/revoke-self",
  ]);
  expect(readdirSync(places.scratch)).toEqual(["jwt"]);
});

test("VLT-2, VLT-3: its age is measured where it is kept, by that place's clock", async () => {
  const ended = await backUp({}, new Date("2031-05-06T02:00:00Z"));
  expect(ended.status).toBe(0);
  expect(metric(ended, "success")).toBe(1);
  expect(metric(ended, "last_success_timestamp_seconds")).toBeGreaterThan(Date.parse("2031-05-06") / 1000);
  for (const destination of ["folder", "s3"]) {
    expect(metric(ended, `kept{destination="${destination}"}`)).toBe(1);
    const newest = metric(ended, `newest_timestamp_seconds{destination="${destination}"}`) ?? 0;
    expect(Math.abs(newest - Date.now() / 1000)).toBeLessThan(120);
  }
  expect(metric(ended, 'free_bytes{destination="folder"}')).toBeGreaterThan(0);
  expect(metric(ended, "size_bytes")).toBeGreaterThan(100_000);
});

test.each<[VaultMood, RegExp]>([
  ["standby", /is a standby; the leader is https:\/\/vault-1\.vault:8200\./],
  ["strict", /auth\/kubernetes\/login: 403 .*permission denied/],
  ["broken", /The snapshot: /],
  ["truncated", /no whole archive: .*unexpected end of file/s],
  ["swapped", /The checksum of state\.bin is not the one in SHA256SUMS/],
  ["unsummed", /has the parts meta\.json, state\.bin, and not/],
  ["talking", /no whole archive: .*not in gzip format/s],
])("a Vault that is %s leaves everything as it was, and is told of", async (mood, message) => {
  await places.addSnapshot(yesterday);
  const before = await places.contents();
  vault.mood = mood;
  const ended = await backUp();
  expect(ended).toMatchObject({ status: 1, err: expect.stringMatching(message) });
  expect(await places.contents()).toEqual(before);
  expect(readdirSync(places.scratch)).toEqual(["jwt"]);
  expect(metric(ended, "success")).toBe(0);
  expect(metric(ended, "last_success_timestamp_seconds")).toBeUndefined();
  expect(metric(ended, 'kept{destination="s3"}')).toBe(1);
});

test("a new leader is waited for", async () => {
  vault.mood = "electing";
  const ended = await backUp();
  expect(ended).toMatchObject({ status: 0, err: expect.stringMatching(/^Attempt 1 of 3: .* is a standby/) });
  expect(places.files()).toHaveLength(1);
});

describe("a Vault that is slow", () => {
  beforeEach(async () => {
    vault.mood = "slow";
    await places.addSnapshot(yesterday);
  });

  const begun = async () => {
    while (!vault.asked.includes("GET sys/storage/raft/snapshot")) {
      await sleep(20);
    }
  };

  test("is given up after a while", async () => {
    const before = await places.contents();
    const ended = await backUp({ TIMEOUT_SECONDS: "1" });
    expect(ended).toMatchObject({ status: 1, err: expect.stringContaining("The run took longer than 1 seconds.") });
    expect(await places.contents()).toEqual(before);
    expect(metric(ended, "success")).toBe(0);
  });

  test("loses nothing when the run is ended in the middle, which says so", async () => {
    const before = await places.contents();
    const run = places.start("vault-snapshot.mjs", [], env());
    await begun();
    run.kill("SIGTERM");
    const ended = await run.ended;
    expect(ended).toMatchObject({ status: 1, err: expect.stringContaining("The run was ended by SIGTERM.") });
    expect(metric(ended, "success")).toBe(0);
    expect(await places.contents()).toEqual(before);
    expect(readdirSync(places.scratch)).toEqual(["jwt"]);
  });

  test("loses nothing when the run is killed in the middle, and the next one goes well", async () => {
    const before = await places.contents();
    const run = places.start("vault-snapshot.mjs", [], env());
    await begun();
    run.kill("SIGKILL");
    await run.ended;
    expect(await places.contents()).toEqual(before);
    vault.mood = "well";
    expect((await backUp()).status).toBe(0);
    expect(await places.contents()).toEqual([expect.objectContaining(before[0]), expect.objectContaining(before[1])]);
    expect(places.files()).toHaveLength(2);
  });

  test("ends in time after all", async () => {
    const run = places.start("vault-snapshot.mjs", [], env());
    await begun();
    vault.goOn();
    expect((await run.ended).status).toBe(0);
    expect(places.files()).toHaveLength(2);
  });
});

describe("a place that is not well", () => {
  test("is full: what is there stays, nothing half is left, and the other place gets the snapshot", async () => {
    printed("mount", ["-t", "tmpfs", "-o", "size=300k", "tmpfs", places.folder]);
    try {
      const good = await places.addSnapshot(yesterday, "x".repeat(100_000));
      const ended = await backUp();
      expect(ended).toMatchObject({ status: 1, err: expect.stringMatching(/The folder .*: ENOSPC/) });
      expect(places.files()).toEqual([good]);
      expect(await places.objects()).toHaveLength(2);
      expect(metric(ended, "success")).toBe(0);
    } finally {
      printed("umount", [places.folder]);
    }
  });

  test("is not there: the other one gets the snapshot", async () => {
    rmSync(places.folder, { recursive: true });
    const withoutFolder = await backUp();
    expect(withoutFolder).toMatchObject({ status: 1, err: expect.stringContaining("ENOENT") });
    expect(await places.objects()).toHaveLength(1);
    mkdirSync(places.folder);
    const withoutBucket = await backUp({ S3_ENDPOINT: "http://127.0.0.1:9" });
    expect(withoutBucket).toMatchObject({
      status: 1,
      err: expect.stringContaining("http://127.0.0.1:9 does not answer: connect ECONNREFUSED"),
    });
    expect(places.files()).toHaveLength(1);
  });

  test("has no such bucket, or refuses: it is said what the store says", async () => {
    const ended = await backUp({ S3_BUCKET: "nowhere" });
    expect(ended).toMatchObject({
      status: 1,
      err: expect.stringMatching(/PUT nowhere\/lab\/vault-.*: 404 NoSuchBucket/),
    });
  });

  test("gives back something else than it was given: that does not stay, and nothing else is deleted there", async () => {
    const deleted: string[] = [];
    const liar = createServer((request, response) => {
      if (request.method === "DELETE") deleted.push(request.url ?? "");
      request.resume().on("end", () => response.end(request.method === "GET" ? "something else" : ""));
    });
    await new Promise<void>((resolve) => liar.listen(0, "127.0.0.1", resolve));
    const ended = await backUp({ S3_ENDPOINT: `http://127.0.0.1:${(liar.address() as AddressInfo).port}` });
    liar.close();
    expect(ended).toMatchObject({ status: 1, err: expect.stringContaining("reads otherwise than it was written") });
    const [name] = places.files();
    expect(deleted).toEqual(Array(3).fill(`/backups/lab/${name}`));
  });
});

describe("what is kept", () => {
  test.each(["2026-03-31T02:00:00Z", "2026-03-01T02:00:00Z", "2028-02-29T02:00:00Z", "2026-12-31T23:59:59Z"])(
    "at %s is every snapshot of 30 days, in both places",
    async (time) => {
      const now = new Date(time);
      await addDays(40, now);
      expect((await backUp({}, now)).status).toBe(0);
      // A day has 24 hours, whatever the month, and the run was a moment later than the oldest one that it deleted.
      expect(places.files()).toHaveLength(30);
      expect(places.files()[0]).toBe(places.nameAt(new Date(now.getTime() - 29 * 86_400_000)));
      expect(await places.objects()).toEqual(places.files());
    },
  );

  test("are the newest seven, after months without a new one", async () => {
    const now = new Date("2026-11-21T02:00:00Z");
    await addDays(10, new Date("2026-08-31T02:00:00Z"));
    expect((await backUp({}, now)).status).toBe(0);
    expect(places.files()).toHaveLength(7);
    expect(places.files()[0]).toBe(places.nameAt(new Date("2026-08-25T02:00:00Z")));
    expect(await places.objects()).toEqual(places.files());
  });

  test("is what others put there, too", async () => {
    await addDays(40, new Date());
    const others = ["notes.txt", "vault-eu-20200101T020000Z.snap", "vault-20200101T020000Z.snap.bak", "other.part"];
    for (const name of others) writeFileSync(path.join(places.folder, name), "");
    writeFileSync(path.join(places.folder, ".vault-20200101T020000Z.snap.part"), "half");
    writeFileSync(path.join(places.folder, ".vault-eu-20200101T020000Z.snap.part"), "half of another backup");
    expect((await backUp()).status).toBe(0);
    expect(places.files()).toEqual(expect.arrayContaining([...others, ".vault-eu-20200101T020000Z.snap.part"]));
    expect(places.files()).not.toContain(".vault-20200101T020000Z.snap.part");
  });

  test("is found beside what cannot be looked at, such as a link to nowhere", async () => {
    await addDays(40, new Date());
    const [oldest] = places.files();
    symlinkSync("nowhere", path.join(places.folder, "latest"));
    const ended = await backUp();
    expect(ended).toMatchObject({ status: 0, err: "" });
    expect(ended.out).toContain('backup_newest_timestamp_seconds{destination="folder"}');
    expect(places.files()).toContain("latest");
    expect(places.files()).not.toContain(oldest);
  });

  test("is everything while the clock may be wrong", async () => {
    await addDays(40, new Date());
    await places.addSnapshot(new Date("2038-01-19T03:14:07Z"));
    const ended = await backUp();
    expect(ended).toMatchObject({
      status: 1,
      err: expect.stringContaining("vault-20380119T031407Z.snap is of the future"),
    });
    expect(places.files()).toHaveLength(42);
  });

  test("is never less than seven, whatever is asked", async () => {
    await addDays(10, new Date("2026-08-31T02:00:00Z"));
    const ended = await backUp({ KEEP_COUNT: "3" });
    expect(ended).toMatchObject({
      status: 1,
      err: expect.stringContaining("KEEP_COUNT is 3, and has to be 7 or more"),
    });
    expect(places.files()).toHaveLength(10);
  });
});

describe("MON-1: the Pushgateway", () => {
  let gateway: Awaited<ReturnType<typeof startPushgateway>>;
  const pushedValue = async (name: string, destination?: string) => {
    const of = destination === undefined ? "" : `destination="${destination}",`;
    const labels = `\\{backup="vault",${of}instance="",job="backup"\\}`;
    return new RegExp(`^${name}${labels} (.*)$`, "m").exec(await gateway.metrics())?.[1];
  };

  beforeEach(async () => {
    gateway = await startPushgateway();
  });

  afterEach(() => gateway.stop());

  test("keeps the last success when a run fails", async () => {
    const ended = await backUp({ PUSHGATEWAY_URL: `${gateway.url}/` });
    expect(ended.err).toBe("");
    expect(await pushedValue("backup_success")).toBe("1");
    const lastSuccess = await pushedValue("backup_last_success_timestamp_seconds");
    expect(lastSuccess).toBeDefined();
    expect(Number(await pushedValue("backup_free_bytes", "folder"))).toBeGreaterThan(0);
    vault.mood = "standby";
    await backUp({ PUSHGATEWAY_URL: gateway.url });
    expect(await pushedValue("backup_success")).toBe("0");
    expect(await pushedValue("backup_last_success_timestamp_seconds")).toBe(lastSuccess);
  });

  test("VLT-3: keeps what a place said last while it is away, so that it becomes older than it may", async () => {
    await backUp({ PUSHGATEWAY_URL: gateway.url });
    const newest = await pushedValue("backup_newest_timestamp_seconds", "s3");
    expect(newest).toBeDefined();
    const ended = await backUp({ PUSHGATEWAY_URL: gateway.url, S3_ENDPOINT: "http://127.0.0.1:1" });
    expect(ended).toMatchObject({ status: 1, err: expect.stringContaining("http://127.0.0.1:1 does not answer") });
    expect(await pushedValue("backup_newest_timestamp_seconds", "s3")).toBe(newest);
    expect(await pushedValue("backup_kept", "folder")).toBe(String(places.files().length));
  });
});

/** A snapshot at the same hour of each of some days before a time. */
async function addDays(days: number, now: Date): Promise<void> {
  for (let day = 1; day <= days; day += 1) {
    await places.addSnapshot(new Date(now.getTime() - day * 86_400_000));
  }
}
