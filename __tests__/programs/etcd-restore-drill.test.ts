/**
 * The throwaway pod of a drill of etcd, as our construct makes it, on this machine: with real snapshots of a real etcd in
 * a real S3 server, the real etcdutl, and a real etcd of what was restored.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Etcd } from "../helpers/etcd";
import { freePort } from "../helpers/free-port";
import { goProgram } from "../helpers/go-programs";
import { addSnapshots } from "../helpers/snapshots";
import { newApp } from "../helpers/synth";
import { type CopyOutcome, DrillCopy } from "./support/drill-copy";
import type { PodEnd } from "./support/pod";
import { printed } from "./support/programs";
import { SnapshotPlaces } from "./support/snapshot-places";
import { StoreFront } from "./support/store-front";

const work = mkdtempSync(path.join(tmpdir(), "etcd-drill-"));
const [etcd, etcdctl, etcdutl] = [goProgram("etcd"), goProgram("etcdctl"), goProgram("etcdutl")];
const hourMs = 3_600_000;
let snapshot: Buffer;
let places: SnapshotPlaces;
let front: StoreFront;
let before: readonly object[];
const copies: DrillCopy[] = [];

beforeAll(async () => {
  places = await SnapshotPlaces.open("etcd-snapshots", ".db");
  const source = await Etcd.start(path.join(work, "source"));
  for (let index = 0; index < 100; index += 1) {
    await source.put(`/registry/pods/default/pod-${index}`, "x".repeat(10_000));
  }
  await source.put("/elsewhere", "no object of Kubernetes");
  const file = path.join(work, "taken.db");
  printed(etcdctl, ["--endpoints", source.endpoint, "snapshot", "save", file]);
  snapshot = readFileSync(file);
  await source.stop();
  front = await StoreFront.before(places.env["S3_ENDPOINT"] ?? "");
  writeFileSync(path.join(work, "ca.crt"), front.ca);
}, 300_000);

afterAll(async () => {
  await front.close();
  await places.close();
  rmSync(work, { recursive: true });
});

beforeEach(async () => {
  front.mood = "well";
  await places.empty();
});

afterEach(async () => {
  // Whatever a drill found: what could be restored before it can be restored after it.
  expect(await places.contents()).toEqual(before);
  for (const copy of copies.splice(0)) copy.remove();
});

/** A drill as it stands now, in a pod of its own. */
async function drilled(
  changes: {
    readonly env?: Readonly<Record<string, string>>;
    readonly minimumObjects?: number;
    readonly end?: PodEnd;
  } = {},
): Promise<CopyOutcome> {
  before = await places.contents();
  return (await newCopy(changes.minimumObjects)).run(changes.env, changes.end);
}

async function newCopy(minimumObjects = 100): Promise<DrillCopy> {
  const { etcdDrill } = addSnapshots(newApp("unused"), { etcdDrill: { minimumObjects } });
  const copy = new DrillCopy(etcdDrill?.objects.objects ?? [], places, {
    "/usr/local/bin/etcdutl": etcdutl,
    "/usr/local/bin/etcd": etcd,
    "127.0.0.1:2379": `127.0.0.1:${await freePort()}`,
    "127.0.0.1:2380": `127.0.0.1:${await freePort()}`,
  });
  copies.push(copy);
  return copy;
}

const ago = (hours: number) => new Date(Date.now() - hours * hourMs);
const good = { name: "prove", code: 0 };

test("DR-1, DR-6: the newest snapshot is an etcd with all objects again, and it is said which one it was", async () => {
  await places.addSnapshot(ago(50), "damaged, but not the newest");
  const name = await places.addSnapshot(ago(2), snapshot);
  const { said, ...outcome } = await drilled();
  expect(outcome).toMatchObject(good);
  expect(said).toEqual({ snapshot: name, lag_seconds: expect.stringMatching(/^72\d\d$/), objects: "100" });
});

test("it is fetched by TLS of a private authority", async () => {
  await places.addSnapshot(ago(2), snapshot);
  const env = { S3_ENDPOINT: front.endpoint, NODE_EXTRA_CA_CERTS: path.join(work, "ca.crt") };
  expect(await drilled({ env })).toMatchObject(good);
});

describe("a snapshot is no proof", () => {
  test.each<[what: string, container: string, spoilt: (whole: Buffer) => Buffer, reason: RegExp]>([
    ["whose end is missing", "fetch", (whole) => whole.subarray(0, 20_001), /does not end with a checksum/],
    ["that is empty", "fetch", () => Buffer.alloc(0), /of 0 bytes does not end with a checksum/],
    ["in which a byte is another one", "fetch", withOtherByte, /The checksum at the end of .* is not that/],
    ["with a checksum over broken pages", "check", withBrokenPages, /^Error|panic|invalid|integrity/im],
  ])("%s: %s says so", async (_, container, spoilt, reason) => {
    await places.addSnapshot(ago(2), spoilt(snapshot));
    expect(await drilled()).toMatchObject({
      name: container,
      code: expect.any(Number),
      output: expect.stringMatching(reason),
    });
  });

  test("that is older than the site says", async () => {
    const name = await places.addSnapshot(ago(31), snapshot);
    const outcome = await drilled();
    expect(outcome).toMatchObject({ name: "fetch", code: 1, said: {} });
    expect(outcome.output).toBe(`${name} is the newest snapshot, and older than 30 hours.\n`);
  });

  test("that is of the future", async () => {
    const name = await places.addSnapshot(ago(-1), snapshot);
    expect(await drilled()).toMatchObject({ code: 1, output: `${name} is of the future: a clock is wrong.\n` });
  });

  test("that is not there, whatever else is", async () => {
    await places.addSnapshot(ago(2), snapshot);
    const outcome = await drilled({ env: { BACKUP_NAME: "etcd" } });
    expect(outcome).toMatchObject({ code: 1, output: "There is no snapshot of etcd in backups/lab/.\n" });
  });

  test("in an empty bucket, or in one that is none", async () => {
    expect(await drilled()).toMatchObject({
      name: "fetch",
      code: 1,
      output: expect.stringContaining("no snapshot of"),
    });
    const nowhere = await drilled({ env: { S3_BUCKET: "nowhere" } });
    expect(nowhere).toMatchObject({ code: 1, output: expect.stringContaining("404 NoSuchBucket") });
  });

  test("with fewer objects than the site has", async () => {
    await places.addSnapshot(ago(2), snapshot);
    const outcome = await drilled({ minimumObjects: 101 });
    expect(outcome).toMatchObject({ name: "prove", code: 1 });
    expect(outcome.output).toBe("The copy has 100 objects below /registry/, and 101 were expected at least.\n");
    expect(outcome.said).not.toHaveProperty("objects");
  });

  test("while the store is away", async () => {
    await places.addSnapshot(ago(2), snapshot);
    front.mood = "away";
    const env = { S3_ENDPOINT: front.endpoint, NODE_EXTRA_CA_CERTS: path.join(work, "ca.crt") };
    expect(await drilled({ env })).toMatchObject({
      name: "fetch",
      code: 1,
      output: expect.stringMatching(/does not answer/),
    });
  });

  test("of which nobody is asked: an etcd that does not start is not waited for for ever", async () => {
    await places.addSnapshot(ago(2), snapshot);
    const outcome = await drilled({ env: { START_SECONDS: "1", ETCD_URL: `http://127.0.0.1:${await freePort()}` } });
    expect(outcome).toMatchObject({
      code: 1,
      output: expect.stringContaining("The restored etcd does not become healthy: connect ECONNREFUSED"),
    });
  });
});

describe("a drill that is killed half-way", () => {
  test.each<[container: string, when: (copy: DrillCopy) => boolean]>([
    ["fetch", () => front.refused.length > 0],
    ["restore", ({ scratch }) => existsSync(path.join(scratch, "etcd"))],
    ["prove", () => true],
  ])("in %s leaves the snapshots as they are, and the next one goes well", async (container, when) => {
    await places.addSnapshot(ago(2), snapshot);
    before = await places.contents();
    front.refused.length = 0;
    front.mood = container === "fetch" ? "halving" : "well";
    const env = { S3_ENDPOINT: front.endpoint, NODE_EXTRA_CA_CERTS: path.join(work, "ca.crt") };
    const copy = await newCopy();
    const end = { container, when: () => when(copy), signal: "SIGKILL" } as const;
    expect(await copy.run(env, end)).toMatchObject({ name: container, code: null });
    front.mood = "well";
    expect(await drilled()).toMatchObject(good);
  });
});

function withOtherByte(whole: Buffer): Buffer {
  const spoilt = Buffer.from(whole);
  spoilt[5000] = (spoilt[5000] ?? 0) ^ 0xff;
  return spoilt;
}

/** As a store would have it in which a snapshot was broken before it was taken. */
function withBrokenPages(whole: Buffer): Buffer {
  const pages = Buffer.from(whole.subarray(0, -32)).fill(0xff, 4096 * 2);
  const sum = createHash("sha256").update(pages).digest();
  return Buffer.concat([pages, sum]);
}
