import { type DriftScale, ofShard, shardPlan, shardProblems } from "../../analysis/drift-shards";
import { driftCannotFit } from "../../errors";

/** The stacks of the site that this was made for: 46 minutes one after the other. */
const site = { stacks: 126, secondsPerStack: 22 };

test("DRF-2: 126 stacks fit into an hour one after the other, and 150 do not", () => {
  expect(shardProblems("drift", { ...site, shards: 1, within: 3600 })).toEqual([]);
  expect(shardProblems("drift", { ...site, stacks: 150, shards: 1, within: 3600 })).toEqual([
    driftCannotFit("drift", 4125, 3540, 1),
  ]);
});

test("DRF-2: four shards take less than twelve minutes", () => {
  expect(shardPlan({ ...site, shards: 4 })).toEqual({
    shards: 4,
    parallelism: 1,
    stacksPerShard: 32,
    expectedSeconds: 719,
    deadlineSeconds: 1080,
    jobDeadlineSeconds: 1140,
    graceSeconds: 60,
    staggerSeconds: 5,
    memoryMiB: 768,
  });
});

test("several plans at a time divide the time and add to the memory", () => {
  expect(shardPlan({ ...site, shards: 4, parallelism: 4 })).toMatchObject({ expectedSeconds: 179, memoryMiB: 2304 });
});

test("without a number the fewest shards are taken that fit", () => {
  const scale: DriftScale = { ...site, within: 720 };
  const { shards, jobDeadlineSeconds } = shardPlan(scale);
  expect({ shards, jobDeadlineSeconds }).toEqual({ shards: 6, jobDeadlineSeconds: 720 });
  expect(shardProblems("drift", scale)).toEqual([]);
  expect(shardProblems("drift", { ...scale, shards: shards - 1 })).toHaveLength(1);
});

test("what no number of shards brings into the time is refused", () => {
  expect(shardProblems("drift", { stacks: 3, secondsPerStack: 600, within: 300 })).toHaveLength(1);
});

test("without a limit there is half as much time again as the plans take", () => {
  expect(shardPlan(site)).toMatchObject({ shards: 1, expectedSeconds: 2772, jobDeadlineSeconds: 4260 });
});

test("the shards have each stack once, whatever the order in which they see them", () => {
  const names = Array.from({ length: 126 }, (_, index) => `stack-${index}`);
  const shards = [0, 1, 2, 3].map((index) => ofShard(index % 2 === 0 ? names : [...names].reverse(), index, 4));
  expect(shards.map(({ length }) => length)).toEqual([32, 32, 31, 31]);
  expect(shards.flat().sort()).toEqual([...names].sort());
});
