import type { DriftFinding } from "../../analysis/drift-classes";
import {
  collapsed,
  type DriftResult,
  firstSeen,
  type Measurement,
  mergeResults,
  readResult,
  resultOf,
  type Shard,
} from "../../analysis/drift-result";
import { noRules, readRules } from "../../analysis/drift-rules";

const days = ["2026-11-19", "2026-11-20", "2026-11-21"].map((day) => new Date(`${day}T06:00:00Z`));
const [monday = new Date(), tuesday = new Date(), wednesday = new Date()] = days;

function drift(address: string, kind: DriftFinding["kind"] = "drift"): DriftFinding {
  return { kind, address, action: "update", attributes: ["tags"] };
}

function planned(name: string, ...findings: DriftFinding[]): Measurement {
  return { name, seconds: 2, confirmed: true, outcome: { kind: "planned", plan: { findings, outputs: [] } } };
}

function failed(name: string, kind: "error" | "not measured"): Measurement {
  return { name, confirmed: false, outcome: { kind, reason: "because" } };
}

function run(ended: Date, measurements: Measurement[], previous?: DriftResult, shard?: Shard, all?: string[]) {
  const names = all ?? measurements.map(({ name }) => name);
  return resultOf({ started: ended, ended, shard, all: names, skipped: [] }, measurements, noRules, previous);
}

function stackIn({ stacks }: DriftResult, name = "a") {
  const found = stacks.find((stack) => stack.name === name);
  if (found === undefined) {
    throw new Error(`There is no ${name}.`);
  }
  return found;
}

test("a finding is as old as the first run that had it without a break", () => {
  const first = run(monday, [planned("a", drift("vm.a"))]);
  const second = run(tuesday, [planned("a", drift("vm.a"), drift("vm.b"))], first);
  expect(stackIn(second)).toMatchObject({
    class: "drift",
    since: monday.toISOString(),
    before: "drift",
    findings: [{ firstSeen: monday.toISOString() }, { firstSeen: tuesday.toISOString() }],
  });
  const clean = run(wednesday, [planned("a")], second);
  expect(stackIn(clean)).toMatchObject({ class: "clean", since: wednesday.toISOString(), gone: ["vm.a", "vm.b"] });
});

test("a finding that becomes another kind is a new one", () => {
  const first = run(monday, [planned("a", drift("vm.a", "pending apply"))]);
  const { findings } = stackIn(run(tuesday, [planned("a", drift("vm.a"))], first));
  expect(findings).toMatchObject([{ kind: "drift", firstSeen: tuesday.toISOString() }]);
});

test.each(["error", "not measured"] as const)("a run with an %s keeps what was last known, and its age", (kind) => {
  const first = run(monday, [planned("a", drift("vm.a"))]);
  const blind = run(tuesday, [failed("a", kind)], first);
  expect(stackIn(blind)).toMatchObject({
    class: kind,
    since: tuesday.toISOString(),
    measured: monday.toISOString(),
    reason: "because",
    gone: [],
  });
  expect(firstSeen(stackIn(blind), "drift")).toBe(monday.toISOString());
  const third = run(wednesday, [planned("a", drift("vm.a"))], blind);
  expect(firstSeen(stackIn(third), "drift")).toBe(monday.toISOString());
});

test("a stack that is no more is named once, one that is skipped is not", () => {
  const first = run(monday, [planned("a"), planned("b"), planned("c")]);
  const skipped = [{ name: "c", reason: "later" }];
  const second = resultOf({ started: tuesday, ended: tuesday, all: ["a"], skipped }, [planned("a")], noRules, first);
  expect(second).toMatchObject({ removed: ["b"], previous: { ended: monday.toISOString() } });
});

test("what rules let pass makes a stack clean, and is told", () => {
  const rules = readRules({ ignore: [{ address: "*", reason: "known", until: "2026-11-19" }] }, "rules");
  const facts = { started: monday, ended: monday, all: ["a"], skipped: [] };
  const day = resultOf(facts, [planned("a", drift("vm.a"))], rules);
  expect(stackIn(day)).toMatchObject({ class: "clean", findings: [], ignored: [{ address: "vm.a", reason: "known" }] });
  const nextDay = resultOf({ ...facts, ended: tuesday }, [planned("a", drift("vm.a"))], rules, day);
  expect(stackIn(nextDay)).toMatchObject({ class: "drift", ignored: [] });
  expect(nextDay.expired).toEqual([{ address: "*", reason: "known", until: "2026-11-19" }]);
});

describe("what a rule let pass", () => {
  const rules = readRules(
    { ignore: [{ address: "vm.a", attributes: ["tags"], reason: "known", until: "2026-11-20" }] },
    "rules",
  );
  const at = (ended: Date, one: Measurement, previous?: DriftResult) =>
    resultOf({ started: ended, ended, all: ["a"], skipped: [] }, [one], rules, previous);

  test("is told with its age when the rule no longer holds", () => {
    const begun = run(monday, [planned("a", drift("vm.a"))]);
    const passed = at(tuesday, planned("a", drift("vm.a")), begun);
    expect(stackIn(passed)).toMatchObject({ class: "clean", ignored: [{ firstSeen: monday.toISOString() }] });
    const told = at(wednesday, planned("a", drift("vm.a")), passed);
    expect(stackIn(told).findings).toMatchObject([{ firstSeen: monday.toISOString() }]);
  });

  test("keeps its age while its stack is not measured", () => {
    const passed = at(monday, planned("a", drift("vm.a")));
    const blind = at(tuesday, failed("a", "not measured"), passed);
    const told = at(wednesday, planned("a", drift("vm.a")), blind);
    expect(stackIn(told).findings).toMatchObject([{ firstSeen: monday.toISOString() }]);
  });

  test.each([
    ["another attribute", ["memory"]],
    ["the object that is gone now", []],
  ])("makes nothing else of the same object older: %s", (_, attributes) => {
    const passed = at(monday, planned("a", drift("vm.a")));
    const other = { ...drift("vm.a"), attributes };
    expect(stackIn(at(tuesday, planned("a", other), passed)).findings).toMatchObject([
      { firstSeen: tuesday.toISOString() },
    ]);
  });
});

describe("the results of shards", () => {
  const all = ["a", "b", "c"];
  const shard = (index: number, ...measurements: Measurement[]) =>
    run(tuesday, measurements, undefined, { index, count: 3 }, all);

  test("are one, in the order of names", () => {
    const merged = mergeResults([
      shard(1, planned("b", drift("vm.a"))),
      shard(0, planned("a")),
      shard(2, planned("c")),
    ]);
    expect(merged.stacks.map((stack) => [stack.name, stack.class])).toEqual([
      ["a", "clean"],
      ["b", "drift"],
      ["c", "clean"],
    ]);
    expect(merged).not.toHaveProperty("shard");
  });

  test("with one missing say so of its stacks", () => {
    const merged = mergeResults([shard(0, planned("a")), shard(1, planned("b"))]);
    expect(stackIn(merged, "c")).toMatchObject({ class: "not measured", reason: "no shard told about it" });
  });

  test("even if it is the only one that is there", () => {
    expect(mergeResults([shard(0, planned("a"))]).stacks).toHaveLength(3);
  });
});

test("addresses of one type are counted, one alone is told", () => {
  expect(
    collapsed([
      'module.a["x.y"].vm.node[0]',
      'module.a["x.z"].vm.node[1]',
      "vm.other",
      "pool.only",
      "pool.only",
      'pool_member.a["b"]',
      "check.user_data",
    ]),
  ).toEqual(["vm × 3", "pool.only", 'pool_member.a["b"]', "check.user_data"]);
});

test("a result is read as it was written", () => {
  const result = run(monday, [planned("a", drift("vm.a")), failed("b", "error")]);
  expect(readResult(JSON.parse(JSON.stringify(result)), "result.json")).toEqual(result);
});

test("something else is refused", () => {
  expect(() => readResult({ formatVersion: 2 }, "result.json")).toThrow("malformed-drift-result");
});
