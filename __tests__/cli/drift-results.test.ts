import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { DriftFinding } from "../../analysis/drift-classes";
import { type DriftResult, type Measurement, readResult, resultOf } from "../../analysis/drift-result";
import { noRules } from "../../analysis/drift-rules";
import { ResultsFolder } from "../../cli/drift-results";

let folder: string;
let results: ResultsFolder;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "drift-results-"));
  results = new ResultsFolder(path.join(folder, "results"));
});

afterEach(() => rmSync(folder, { recursive: true }));

const drift: DriftFinding = { kind: "drift", address: "vm.a", action: "update", attributes: ["tags"] };

/** What a shard says in a run, in which `a` and `c` have drifted. */
async function said(run: string, shard: string, ...names: readonly string[]): Promise<DriftResult> {
  const [index = 0, count = 1] = shard.split("/").map(Number);
  const ended = new Date(`2026-11-${run}T06:00:00Z`);
  const facts = { started: ended, ended, run, shard: { index, count }, all: ["a", "b", "c"], skipped: [] };
  const measurements = names.map((name): Measurement => {
    const findings = name === "b" ? [] : [drift];
    return { name, confirmed: true, outcome: { kind: "planned", plan: { findings, outputs: [] } } };
  });
  return resultOf(facts, measurements, noRules, await results.earlier());
}

function together(): DriftResult {
  const file = path.join(folder, "results/drift.json");
  return readResult(JSON.parse(readFileSync(file, "utf8")), file);
}

test("the shards of a run make one result and one page", async () => {
  expect(await results.earlier()).toBeUndefined();
  await results.add(await said("20", "0/2", "a", "c"));
  await results.add(await said("20", "1/2", "b"));
  expect(together()).toMatchObject({
    run: "20",
    stacks: [{ name: "a" }, { name: "b", class: "clean" }, { name: "c" }],
  });
  expect(together()).not.toHaveProperty("shard");
  expect(readFileSync(path.join(folder, "results/drift.html"), "utf8")).toContain("<!doctype html>");
});

test("DRF-1: a shard that died is not taken for what it said a day before, which counts for ages alone", async () => {
  await results.add(await said("20", "0/2", "a", "c"));
  await results.add(await said("20", "1/2", "b"));
  await results.add(await said("21", "1/2", "b"));
  expect(together().stacks).toMatchObject([
    {
      name: "a",
      class: "not measured",
      reason: "no shard told about it",
      measured: "2026-11-20T06:00:00.000Z",
      findings: [{ address: "vm.a", firstSeen: "2026-11-20T06:00:00.000Z" }],
    },
    { name: "b", class: "clean" },
    { name: "c", class: "not measured" },
  ]);
  const [a] = (await said("22", "0/2", "a")).stacks;
  expect(a?.findings[0]?.firstSeen).toBe("2026-11-20T06:00:00.000Z");
});

test("a finding keeps its age when its stack belongs to another shard, and shards that are no more are forgotten", async () => {
  await results.add(await said("20", "0/3", "a"));
  await results.add(await said("20", "1/3", "b"));
  await results.add(await said("20", "2/3", "c"));
  await results.add(await said("21", "0/2", "a", "c"));
  expect(together().stacks[2]?.findings[0]?.firstSeen).toBe("2026-11-20T06:00:00.000Z");
  expect(readdirSync(results.folder)).toEqual(["drift.html", "drift.json", "shard-0.json", "shard-1.json"]);
});

test("a finding keeps its age when its stack comes to a shard that dies", async () => {
  await results.add(await said("20", "0/2", "a", "c"));
  await results.add(await said("20", "1/2", "b"));
  await results.add(await said("21", "0/2", "b"));
  const [a] = (await said("22", "1/2", "a")).stacks;
  expect(a?.findings[0]?.firstSeen).toBe("2026-11-20T06:00:00.000Z");
});

test("two that end at the same moment are both in it", async () => {
  await Promise.all([
    results.add(await said("20", "0/2", "a", "c")),
    new ResultsFolder(results.folder).add(await said("20", "1/2", "b")),
  ]);
  expect(together().stacks.map((stack) => stack.class)).toEqual(["drift", "clean", "drift"]);
});
