/** Each alert about Talos machines, and each query of the dashboard, as the real Prometheus evaluates them. */
import { talosDriftAlerts, talosRow } from "../../manifests";
import { checked, firing, type Series } from "./support/promtool";

const hour = 60;
const alerts = talosDriftAlerts({ cluster: "lab", longestGapSeconds: 3600, silenceSeconds: 7400 });

/** A metric of a machine and of a run, as the Pushgateway hands it on. */
const of = (metric: string, labels = "") => `talos_drift_${metric}{cluster="lab",job="talos-drift"${labels}}`;
const since = of("since_timestamp_seconds", ',machine="w-1"');
const lastRun = of("run_last_completed_timestamp_seconds");
const notMeasured = of("state", ',machine="w-1",state="not_measured"');
const always = (value: number) => `${value}x600`;
const other = (series: string) => series.replace("lab", "other");

/** By the minute, after how many of them, and whether it fires then. */
const cases: readonly (readonly [alert: string, minutes: number, series: Series, fires: boolean])[] = [
  ["TalosDrift", hour + 10, { [since]: always(1) }, true],
  ["TalosDrift", hour - 10, { [since]: always(1) }, false],
  ["TalosDrift", 5 * hour, { [since]: always(0) }, false],
  ["TalosDrift", 5 * hour, { [other(since)]: always(1) }, false],
  // It is gone after an hour and a half.
  ["TalosDrift", 5 * hour, { [since]: "1x90 0x500" }, false],
  ["TalosDriftNotMeasured", 80, { [notMeasured]: always(1) }, true],
  ["TalosDriftNotMeasured", 70, { [notMeasured]: always(1) }, false],
  ["TalosDriftNotMeasured", 5 * hour, { [notMeasured]: always(0) }, false],
  // MON-3: it has stopped.
  ["TalosDriftStale", 130, { [lastRun]: always(0) }, true],
  ["TalosDriftStale", 120, { [lastRun]: always(0) }, false],
  ["TalosDriftStale", 150, { [lastRun]: "0x60 3600x500" }, false],
  ["TalosDriftAbsent", 130, { [other(lastRun)]: always(0) }, true],
  ["TalosDriftAbsent", 120, { [other(lastRun)]: always(0) }, false],
  ["TalosDriftAbsent", 130, { [lastRun]: always(0) }, false],
];

test.each(cases)("%s after %d minutes of %p: %p", (alert, minutes, series, fires) => {
  const rule = alerts.find((one) => one.alert === alert);
  expect(firing(rule, minutes, series, fires)).toEqual({ status: 0, output: expect.stringContaining("SUCCESS") });
});

test("MON-3: each alert is tried firing and not firing", () => {
  const tried = (fires: boolean) => new Set(cases.filter((one) => one[3] === fires).map(([alert]) => alert));
  const all = new Set(alerts.map(({ alert }) => alert));
  expect([tried(true), tried(false)]).toEqual([all, all]);
});

test("Prometheus finds nothing wrong with them, and takes every query of the dashboard", () => {
  expect(checked(alerts)).toMatchObject({
    status: 0,
    output: expect.stringContaining(`SUCCESS: ${alerts.length} rules`),
  });
  const queries = talosRow("lab").panels.flatMap((panel) => (panel.kind === "table" ? panel.columns : [panel]));
  const [rule] = alerts;
  if (rule === undefined) throw new Error("There are no alerts.");
  expect(checked(queries.map(({ expr }) => ({ ...rule, expr })))).toMatchObject({ status: 0 });
});
