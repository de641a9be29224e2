/** Each alert about drift, and each query of the dashboard, as the real Prometheus evaluates them. */
import { driftAlerts, driftRow, fileIntegrityRow } from "../../manifests/drift";
import { queriesOf } from "../helpers/queries";
import { checked, firing, type Series } from "./support/promtool";

const hour = 60;
const day = 24 * hour;
const alerts = driftAlerts({ shards: 2, stacks: 40, toleratedHours: 24, silenceSeconds: 26 * hour * 60 });

/** A metric of a stack and of a run, as the Pushgateway hands it on. */
const of = (metric: string, stack = "a") => `tf_drift_${metric}{job="tf-drift",shard="0",stack="${stack}"}`;
const ofRun = (metric: string, shard = 0) => `tf_drift_run_${metric}{job="tf-drift",shard="${shard}"}`;
const firstSeen = of("first_seen_timestamp_seconds");
const lastChecked = of("last_checked_timestamp_seconds");
const notMeasured = 'tf_drift_run_stacks{job="tf-drift",shard="0",class="not measured"}';
const lastRun = ofRun("last_completed_timestamp_seconds");
const lastRunOfOther = ofRun("last_completed_timestamp_seconds", 1);

/** A number that stays for two weeks, and one that is another one from the second day on. */
const always = (value: number) => `${value}x${14 * day}`;
const turning = (before: number, after: number) => `${before}x${day - 1} ${after}x${13 * day}`;

/** A stack that has had a status from the beginning. */
const inStatus = (status: number): Series => ({
  [of("status")]: always(status),
  [of("status_since_timestamp_seconds")]: always(0),
});
const drifted = (count: number): Series =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [of("status", `s${index}`), always(1)]));

/** By the minute, after how many of them, and whether it fires then. */
const cases: readonly (readonly [alert: string, minutes: number, series: Series, fires: boolean])[] = [
  ["DriftUnaddressed", day + hour, { [firstSeen]: always(1) }, true],
  ["DriftUnaddressed", day - hour, { [firstSeen]: always(1) }, false],
  ["DriftUnaddressed", 9 * day, { [firstSeen]: always(0) }, false],
  ["DriftMany", hour, drifted(5), true],
  ["DriftMany", hour, drifted(4), false],
  ["DriftSilent", 7 * day + hour, inStatus(4), true],
  ["DriftSilent", 7 * day - hour, inStatus(4), false],
  ["DriftSilent", 7 * day + hour, inStatus(6), false],
  ["DriftPendingApply", 3 * day + hour, inStatus(5), true],
  ["DriftPendingApply", 3 * day - hour, inStatus(5), false],
  ["DriftStackErrored", day + 2 * hour, inStatus(2), true],
  ["DriftStackErrored", day - hour, inStatus(2), false],
  // The run after it could plan the stack.
  [
    "DriftStackErrored",
    2 * day + hour,
    { [of("status")]: turning(2, 0), [of("status_since_timestamp_seconds")]: turning(0, day * 60) },
    false,
  ],
  ["DriftRunIncomplete", hour, { [notMeasured]: always(2) }, true],
  ["DriftRunIncomplete", hour, { [notMeasured]: always(0) }, false],
  ["DriftNotCovered", 79 * hour, { ...inStatus(3), [lastChecked]: always(0) }, true],
  ["DriftNotCovered", 77 * hour, { ...inStatus(3), [lastChecked]: always(0) }, false],
  // It has an alert of its own.
  ["DriftNotCovered", 79 * hour, { ...inStatus(2), [lastChecked]: always(0) }, false],
  ["DriftStacksGrown", hour, { [ofRun("stacks_expected")]: "21x90", [ofRun("stacks_expected", 1)]: "20x90" }, true],
  ["DriftStacksGrown", hour, { [ofRun("stacks_expected")]: "20x90", [ofRun("stacks_expected", 1)]: "20x90" }, false],
  ["DriftRulesExpired", hour, { [ofRun("rules_expired")]: always(1) }, true],
  ["DriftRulesExpired", hour, { [ofRun("rules_expired")]: always(0) }, false],
  // MON-3: it has stopped.
  ["DriftRunStale", 27 * hour, { [lastRun]: always(0) }, true],
  ["DriftRunStale", 25 * hour, { [lastRun]: always(0) }, false],
  ["DriftRunStale", 2 * day + hour, { [lastRun]: turning(0, day * 60) }, false],
  // One of the two shards never said anything.
  ["DriftRunAbsent", 27 * hour, { [lastRun]: always(0) }, true],
  ["DriftRunAbsent", 25 * hour, { [lastRun]: always(0) }, false],
  ["DriftRunAbsent", 27 * hour, { [lastRun]: always(0), [lastRunOfOther]: always(0) }, false],
];

test.each(cases)("%s after %d minutes of %p: %p", (alert, minutes, series, fires) => {
  const rule = alerts.find((one) => one.alert === alert);
  expect(firing(rule, minutes, series, fires)).toEqual({ status: 0, output: expect.stringContaining("SUCCESS") });
});

test("where nothing at all is known, each shard is told", () => {
  const rule = alerts.find(({ alert }) => alert === "DriftRunAbsent");
  for (const shard of [0, 1]) {
    expect(firing(rule, 27 * hour, { up: always(1) }, true, `,shard="${shard}"`)).toMatchObject({ status: 0 });
  }
});

test("DRF-4, MON-3: each alert is tried firing and not firing", () => {
  const tried = (fires: boolean) => new Set(cases.filter((one) => one[3] === fires).map(([alert]) => alert));
  const all = new Set(alerts.map(({ alert }) => alert));
  expect([tried(true), tried(false)]).toEqual([all, all]);
});

test("Prometheus finds nothing wrong with them", () => {
  expect(checked(alerts)).toMatchObject({
    status: 0,
    output: expect.stringContaining(`SUCCESS: ${alerts.length} rules`),
  });
});

test("Prometheus takes every query of the dashboard", () => {
  const queries = [driftRow, fileIntegrityRow].flatMap(queriesOf);
  const [rule] = alerts;
  if (rule === undefined) throw new Error("There are no alerts.");
  expect(checked(queries.map((expr) => ({ ...rule, expr })))).toMatchObject({ status: 0 });
});
