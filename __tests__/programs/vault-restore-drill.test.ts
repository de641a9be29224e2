/**
 * The throwaway pod of a drill of Vault, as our construct makes it, on this machine, with a real S3 server. The server is a
 * double of Vault that behaves as a real one was seen to; `VAULT_PROGRAM=<path>` puts a real Vault in its place.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { freePort } from "../helpers/free-port";
import { addSnapshots, vaultProof } from "../helpers/snapshots";
import { newApp } from "../helpers/synth";
import { type CopyOutcome, DrillCopy } from "./support/drill-copy";
import type { PodEnd } from "./support/pod";
import { printed, withFiles } from "./support/programs";
import { SnapshotPlaces } from "./support/snapshot-places";
import { StoreFront } from "./support/store-front";
import { type SavedVault, savedVault, vaultPath } from "./support/vault-server";

const work = mkdtempSync(path.join(tmpdir(), "vault-drill-"));
const program = vaultPath();
let vault: SavedVault;
let closedPort: number;
let places: SnapshotPlaces;
let front: StoreFront;
let before: readonly object[];
const copies: DrillCopy[] = [];

beforeAll(async () => {
  places = await SnapshotPlaces.open("vault-snapshots", ".snap");
  closedPort = await freePort();
  front = await StoreFront.before(places.env["S3_ENDPOINT"] ?? "");
  writeFileSync(path.join(work, "ca.crt"), front.ca);
  vault = await savedVault("drill-vault", vaultProof.path, `path "${vaultProof.path}" { capabilities = ["read"] }`);
}, 120_000);

afterAll(async () => {
  await front.close();
  await places.close();
  rmSync(program, { recursive: true });
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

async function newCopy(changes: Parameters<typeof addSnapshots>[1] = {}): Promise<DrillCopy> {
  const { vaultDrill } = addSnapshots(newApp("unused"), { vaultDrill: {}, ...changes });
  const copy = new DrillCopy(vaultDrill?.objects.objects ?? [], places, {
    "127.0.0.1:8200": `127.0.0.1:${await freePort()}`,
    "127.0.0.1:8201": `127.0.0.1:${await freePort()}`,
  });
  copies.push(copy);
  return copy;
}

/** What the Secret has, beside what finds the program. */
function env(changes: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return {
    PATH: `${program}:${process.env["PATH"]}`,
    UNSEAL_KEYS: `${vault.keys[0]}\n${vault.keys[2]}\n`,
    ROLE_ID: vault.roleId,
    SECRET_ID: vault.secretId,
    ...changes,
  };
}

async function drilled(changes: Readonly<Record<string, string>> = {}, end?: PodEnd): Promise<CopyOutcome> {
  before = await places.contents();
  return (await newCopy()).run(env(changes), end);
}

const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000);
const good = { name: "prove", code: 0 };

test("DR-1: the newest snapshot is a Vault that its keys open, with the value that is known", async () => {
  await places.addSnapshot(ago(50), "damaged, but not the newest");
  const name = await places.addSnapshot(ago(2), vault.snapshot);
  const { said, ...outcome } = await drilled();
  expect(outcome).toMatchObject({ ...good, output: "The value in the copy is the one that is known.\n" });
  const second = expect.stringMatching(/^\d+(\.\d+)?$/);
  expect(said).toEqual({
    snapshot: name,
    lag_seconds: expect.stringMatching(/^72\d\d$/),
    seconds_restore: second,
    seconds_unseal: second,
    seconds_prove: second,
  });
});

test("without keys, a server takes the snapshot and stays sealed, which is said", async () => {
  await places.addSnapshot(ago(2), vault.snapshot);
  before = await places.contents();
  const { UNSEAL_KEYS: _, ...without } = env();
  const outcome = await (await newCopy()).run({ ...without, UNSEAL_KEYS: "" });
  expect(outcome).toMatchObject({ ...good, output: "The copy took the snapshot, and is sealed.\n" });
  expect(outcome.said).toMatchObject({ sealed: "yes" });
  expect(outcome.said).not.toHaveProperty("seconds_prove");
});

describe("a snapshot is no proof", () => {
  test.each<[what: string, spoilt: () => Buffer, reason: RegExp]>([
    ["whose end is missing", () => vault.snapshot.subarray(0, vault.snapshot.length / 2), /no whole archive/],
    ["that is empty", () => Buffer.alloc(0), /no whole archive|has the parts none/],
    ["with another state", () => withState("another"), /The checksum of state\.bin is not the one in SHA256SUMS/],
  ])("%s", async (_, spoilt, reason) => {
    await places.addSnapshot(ago(2), spoilt());
    const outcome = await drilled();
    expect(outcome).toMatchObject({ name: "fetch", code: 1, said: {}, output: expect.stringMatching(reason) });
  });

  test("that is older than the site says", async () => {
    const name = await places.addSnapshot(ago(31), vault.snapshot);
    const outcome = await drilled();
    expect(outcome).toMatchObject({ name: "fetch", code: 1 });
    expect(outcome.output).toBe(`${name} is the newest snapshot, and older than 30 hours.\n`);
  });

  test("in an empty bucket", async () => {
    expect(await drilled()).toMatchObject({
      code: 1,
      output: "There is no snapshot of vault-snapshots in backups/lab/.\n",
    });
  });

  test("while the store is away", async () => {
    await places.addSnapshot(ago(2), vault.snapshot);
    front.mood = "away";
    const store = { S3_ENDPOINT: front.endpoint, NODE_EXTRA_CA_CERTS: path.join(work, "ca.crt") };
    expect(await drilled(store)).toMatchObject({ name: "fetch", output: expect.stringMatching(/does not answer/) });
  });

  test.each<[what: string, changes: () => Readonly<Record<string, string>>, reason: RegExp]>([
    [
      "that its keys do not open",
      () => ({ UNSEAL_KEYS: [0, 1].map(() => randomBytes(33).toString("base64")).join("\n") }),
      /^The keys do not unseal the copy: .*invalid key/m,
    ],
    [
      "of which too few keys are known",
      () => ({ UNSEAL_KEYS: vault.keys[0] ?? "" }),
      /^The keys do not unseal the copy/m,
    ],
    ["with another value", () => ({ VALUE_SHA256: "0".repeat(64) }), /^The copy has another value under "value"/m],
    ["without the value", () => ({ VALUE_KEY: "other" }), /^The copy has no text under "other"/m],
    ["in which nobody may read the value", () => ({ VALUE_PATH: "restore-drill/other" }), /: 403 .*permission denied/],
    ["that does not know the drill", () => ({ SECRET_ID: "wrong" }), /login: 400 .*invalid role or secret/],
    [
      "that no server takes",
      () => ({ SNAPSHOT: path.join(work, "ca.crt") }),
      /^The copy does not take the snapshot: /m,
    ],
    [
      "where no server starts",
      () => ({ VAULT_ADDR: `http://127.0.0.1:${closedPort}`, START_SECONDS: "1" }),
      /longer than 1 seconds until it answers\. connect ECONNREFUSED/,
    ],
  ])("%s", async (_, changes, reason) => {
    await places.addSnapshot(ago(2), vault.snapshot);
    const outcome = await drilled(changes());
    expect(outcome).toMatchObject({ name: "prove", code: 1, output: expect.stringMatching(reason) });
    expect(outcome.said).not.toHaveProperty("seconds_prove");
    for (const secret of [...vault.keys, vault.secretId]) expect(outcome.output).not.toContain(secret);
  });
});

describe("a drill that is killed half-way", () => {
  test.each<[container: string, when: (copy: DrillCopy) => boolean]>([
    ["fetch", () => front.refused.length > 0],
    ["prove", ({ scratch }) => existsSync(path.join(scratch, "fetched"))],
  ])("in %s leaves the snapshots as they are, and the next one goes well", async (container, when) => {
    await places.addSnapshot(ago(2), vault.snapshot);
    before = await places.contents();
    front.refused.length = 0;
    front.mood = container === "fetch" ? "halving" : "well";
    const store = { S3_ENDPOINT: front.endpoint, NODE_EXTRA_CA_CERTS: path.join(work, "ca.crt") };
    const copy = await newCopy();
    const end = { container, when: () => when(copy), signal: "SIGKILL" } as const;
    expect(await copy.run(env(store), end)).toMatchObject({ name: container, code: null });
    front.mood = "well";
    expect(await drilled()).toMatchObject(good);
  });
});

/** The snapshot with another state, and the checksums that it had. */
function withState(state: string): Buffer {
  return withFiles({}, (folder) => {
    writeFileSync(path.join(folder, "archive"), vault.snapshot);
    printed("tar", ["-xzf", `${folder}/archive`, "-C", folder]);
    writeFileSync(path.join(folder, "state.bin"), state);
    const parts = ["meta.json", "state.bin", "SHA256SUMS", "SHA256SUMS.sealed"];
    printed("tar", ["-czf", `${folder}/spoilt`, "-C", folder, ...parts]);
    return readFileSync(`${folder}/spoilt`);
  });
}
