/**
 * A snapshot of a real etcd, kept by our program, and brought back in a throwaway etcd. What `talosctl etcd snapshot`
 * writes is what etcd sends, as `etcdctl` writes it, too.
 */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Etcd } from "../helpers/etcd";
import { goProgram } from "../helpers/go-programs";
import { printed, run } from "./support/programs";
import { metric, SnapshotPlaces } from "./support/snapshot-places";

const work = mkdtempSync(path.join(tmpdir(), "etcd-snapshot-"));
const taken = path.join(work, "taken.db");
const [etcdctl, etcdutl] = [goProgram("etcdctl"), goProgram("etcdutl")];
let etcd: Etcd;
let places: SnapshotPlaces;

beforeAll(async () => {
  places = await SnapshotPlaces.open("etcd", ".db");
  etcd = await Etcd.start(path.join(work, "source"));
  for (let index = 0; index < 100; index += 1) {
    await etcd.put(`/registry/pods/default/pod-${index}`, `value ${index}`);
  }
  printed(etcdctl, ["--endpoints", etcd.endpoint, "snapshot", "save", taken]);
  await etcd.put("/registry/pods/default/later", "after the snapshot");
}, 300_000);

afterAll(async () => {
  await etcd.stop();
  await places.close();
  rmSync(work, { recursive: true });
});

beforeEach(() => places.empty());

const yesterday = new Date(Date.now() - 86_400_000);
const keep = (file: string) => places.run("etcd-snapshot.mjs", [file], places.env);

test("DR-6: is in both places as etcd sent it, and a throwaway etcd has what was in it", async () => {
  const ended = await keep(taken);
  expect(ended).toMatchObject({ status: 0, err: "" });
  const [folder, bucket] = await places.contents();
  expect(bucket).toEqual(folder);
  const file = path.join(places.folder, places.files()[0] ?? "");
  expect(readFileSync(file).equals(readFileSync(taken))).toBe(true);
  expect(JSON.parse(printed(etcdutl, ["snapshot", "status", file, "--write-out=json"]))).toMatchObject({
    totalKey: 100,
  });

  const restored = path.join(work, "restored");
  printed(etcdutl, ["snapshot", "restore", file, `--data-dir=${path.join(restored, "etcd")}`]);
  const throwaway = await Etcd.start(restored);
  try {
    expect(await throwaway.get("/registry/pods/default/pod-42")).toBe("value 42");
    expect(await throwaway.get("/registry/pods/default/later")).toBeUndefined();
    expect(await throwaway.count("/registry/")).toBe(100);
  } finally {
    await throwaway.stop();
  }
}, 120_000);

test.each<[string, (file: string) => void, RegExp]>([
  ["whose end is missing", (file) => truncateSync(file, 20_001), /does not end with a checksum/],
  [
    "of which pages are missing",
    (file) => truncateSync(file, 4096 * 3 + 32),
    /The checksum at the end of .* is not that/,
  ],
  ["in which a byte is another one", (file) => writeByte(file, 5000), /The checksum at the end of .* is not that/],
  ["that is empty", (file) => truncateSync(file, 0), /does not end with a checksum/],
  ["that is not there", (file) => rmSync(file), /ENOENT/],
])("one %s is kept nowhere, and what is there stays", async (_, spoil, message) => {
  await places.addSnapshot(yesterday);
  const before = await places.contents();
  const file = path.join(work, "spoiled.db");
  copyFileSync(taken, file);
  spoil(file);
  const ended = await keep(file);
  expect(ended).toMatchObject({ status: 1, err: expect.stringMatching(message) });
  expect(metric(ended, "success")).toBe(0);
  expect(await places.contents()).toEqual(before);
  expect(readdirSync(places.scratch)).toEqual([]);
});

test("etcd's own check finds what a checksum over broken pages does not", () => {
  const file = path.join(work, "broken.db");
  writeFileSync(file, readFileSync(taken).fill(0xff, 4096 * 2));
  expect(run(etcdutl, ["snapshot", "status", file]).status).not.toBe(0);
});

function writeByte(file: string, at: number): void {
  const content = readFileSync(file);
  content[at] = (content[at] ?? 0) ^ 0xff;
  writeFileSync(file, content);
}
