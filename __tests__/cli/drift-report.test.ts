import { driftClasses } from "../../analysis/drift-classes";
import type { DriftResult } from "../../analysis/drift-result";
import { driftHtml } from "../../cli/drift-html";
import { metricsText, statusOf } from "../../cli/drift-metrics";
import { driftExitCode, driftLines, driftText } from "../../cli/drift-report";
import { everyClass } from "./support/drift-result";

const result = everyClass();

test("the text names what is not clean, with age, addresses and what is other than yesterday", () => {
  expect(driftText(result)).toMatchInlineSnapshot(`
    "stack    class          since  what
    broken   error          now    terraform plan failed: Missing <argument>
    cut-off  not measured   now    ended by SIGTERM, vm.kept
    apps     drift          24 h   vm × 3
    later    pending apply  now    vm.d
    silent   silent drift   now    vm.e
    told     output only    now    output url

    New since the last run:
      apps    vm × 2
      later   vm.d
      silent  vm.e

    Gone since the last run:
      apps  vm.gone

    Skipped:
      _template  a scaffold

    Rules that no longer hold:
      vm.old  2026-11-19  until the move

    No longer there: left

    Drift: 5 of 7 stacks measured at 0123456789ab in 1 min: 1 error, 1 not measured, 1 drift, 1 pending apply, 1 silent drift, 1 output only, 1 clean"
  `);
});

test.each([
  ["everything is clean", ["clean", "output only"], 0],
  ["there is drift", ["clean", "drift"], 1],
  ["there is something to apply", ["pending apply"], 1],
  ["there is silent drift", ["silent drift"], 1],
  ["a stack is broken", ["drift", "error"], 3],
  ["a stack was not measured", ["clean", "not measured"], 3],
])("when %s, the exit code says so", (_, classes, code) => {
  expect(driftExitCode(only(classes))).toBe(code);
});

test("a line of the log is one JSON object per stack", () => {
  const lines = driftLines(result)
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(7);
  expect(lines[2]).toMatchObject({
    time: "2026-11-21T06:00:00.000Z",
    msg: "drift",
    name: "cut-off",
    class: "not measured",
    reason: "ended by SIGTERM",
    addresses: ["vm.kept"],
    commit: expect.stringMatching(/^0123/),
  });
});

describe("metrics", () => {
  const text = metricsText(result);

  test.each([
    'tf_drift_status{stack="apps"} 1',
    'tf_drift_status{stack="broken"} 2',
    'tf_drift_status{stack="cut-off"} 3',
    'tf_drift_status{stack="fine"} 0',
    'tf_drift_status_since_timestamp_seconds{stack="apps"} 1795154400',
    'tf_drift_first_seen_timestamp_seconds{stack="apps"} 1795154400',
    'tf_drift_first_seen_timestamp_seconds{stack="fine"} 0',
    'tf_drift_first_seen_timestamp_seconds{stack="cut-off"} 1795154400',
    'tf_drift_last_checked_timestamp_seconds{stack="cut-off"} 1795154400',
    'tf_drift_resources{stack="apps",kind="drift"} 3',
    'tf_drift_resources{stack="silent",kind="silent drift"} 1',
    'tf_drift_ignored_resources{stack="fine"} 1',
    "tf_drift_run_stacks_expected 7",
    "tf_drift_run_stacks_measured 5",
    "tf_drift_run_stacks_skipped 1",
    'tf_drift_run_stacks{class="not measured"} 1',
    "tf_drift_run_rules_expired 1",
    "tf_drift_run_last_completed_timestamp_seconds 1795240800",
    "tf_drift_run_duration_seconds 90",
    'tf_drift_run_commit_info{commit="0123456789abcdef0123456789abcdef01234567"} 1',
  ])("say %s", (line) => {
    expect(text.split("\n")).toContain(line);
  });

  test("of a shard say which one the run was", () => {
    expect(metricsText({ ...result, shard: { index: 2, count: 4 } })).toContain(
      '\ntf_drift_run_stacks_expected{shard="2"} 7\n',
    );
  });

  test("have a number for every class", () => {
    expect(new Set(Object.values(statusOf)).size).toBe(driftClasses.length);
  });

  test("escape what a name of a folder may hold", () => {
    const [first] = result.stacks;
    const stacks = first === undefined ? [] : [{ ...first, name: 'a"b\\c\nd' }];
    expect(metricsText({ ...result, stacks })).toContain('tf_drift_status{stack="a\\"b\\\\c\\nd"} 1\n');
  });
});

describe("the page", () => {
  const html = driftHtml(result);

  test("loads nothing and runs nothing", () => {
    expect(html).not.toMatch(/<script|<link|<img|@import|url\(|\bsrc=|\bhref=|https?:/);
  });

  test("shows what names hold as text", () => {
    expect(html).toContain("vm.b[&quot;&lt;script&gt;alert(1)&lt;/script&gt;&quot;]");
    expect(html).toContain("Missing &lt;argument&gt;");
  });

  test("shows as text whatever a result of others holds", () => {
    const hostile = "<img src=x>&\"'";
    const texts = Object.fromEntries(["name", "address", "reason", "until"].map((name) => [name, hostile]));
    const all = JSON.parse(JSON.stringify(result), (name, value) => texts[name] ?? value);
    expect(driftHtml({ ...all, commit: hostile, removed: [hostile] })).not.toContain("<img");
  });

  test("says what is other than yesterday", () => {
    const [, changes = ""] = /Since the last run<\/h2>([\s\S]*?)<\/section>/.exec(html) ?? [];
    expect(changes.replace(/<\/li>/g, "\n").replace(/<[^>]*>/g, "")).toMatchInlineSnapshot(`
      "broken clean → error

      cut-off drift → not measured

      apps new: vm × 2

      later new: vm.d

      silent new: vm.e

      apps gone: vm.gone
      "
    `);
  });

  test("of a clean site says so in its title", () => {
    expect(driftHtml(only(["clean"]))).toContain("<title>No drift</title>");
  });
});

function only(classes: readonly string[]): DriftResult {
  return {
    ...result,
    stacks: result.stacks.filter((stack) => classes.includes(stack.class)),
  };
}
