/** The alerts of the watch over files, as the real Prometheus evaluates them: each fires, and none when all is well. */
import { stringify } from "yaml";
import { prometheusRule } from "../../manifests";
import { integrityAlerts, longestSilence, stoppedAfterMinutes } from "../../manifests/aide";
import { run, withFiles } from "./support/programs";

const checkAt = ["03:30"] as const;
const patchWindows = [{ day: "Sunday", from: "02:00", until: "04:00" }] as const;
const silence = longestSilence(checkAt, patchWindows);
const alerts = integrityAlerts({
  namespace: "file-integrity",
  name: "file-integrity",
  longestSilenceMinutes: silence,
});

/** Series over two days, a sample every five minutes. */
const day = 288;
const healthy: Readonly<Record<string, string>> = {
  ...states("clean"),
  'aide_heartbeat_timestamp_seconds{node="n1"}': `0+300x${2 * day}`,
  'aide_last_check_timestamp_seconds{node="n1"}': `0x${day} 86400x${day}`,
  'aide_read_warnings{node="n1"}': `0x${2 * day}`,
  'aide_entries{node="n1"}': `5000x${2 * day}`,
  [pod("n1")]: `1x${2 * day}`,
};

/** What is otherwise than on a healthy node, when the alert fires for it, and when it does not yet. */
const faults: readonly [
  alert: string,
  changes: Readonly<Record<string, string | null>>,
  quiet: string,
  firing: string,
][] = [
  ["FileIntegrityDrift", states("drift"), "55m", "1h5m"],
  ["FileIntegrityError", states("error"), "85m", "95m"],
  ["FileIntegrityBaselineMissing", states("baseline_missing"), "55m", "1h5m"],
  ["FileIntegrityBaselineForeign", states("baseline_foreign"), "0m", "10m"],
  ["FileIntegrityHeldOff", states("held_off"), "12h55m", "13h5m"],
  ["FileIntegrityUnreadable", { 'aide_read_warnings{node="n1"}': `2x${2 * day}` }, "25m", "35m"],
  ["FileIntegrityEntriesDropped", { 'aide_entries{node="n1"}': `5000x${day} 3000x${day}` }, "24h", "24h30m"],
  [
    "FileIntegrityOverdue",
    { 'aide_last_check_timestamp_seconds{node="n1"}': `0x${2 * day}` },
    `${silence + 10}m`,
    `${silence + 25}m`,
  ],
  [
    "FileIntegrityStopped",
    // Its last word after an hour.
    { 'aide_heartbeat_timestamp_seconds{node="n1"}': `0+300x12 3600x${2 * day}` },
    `${60 + stoppedAfterMinutes}m`,
    `${60 + stoppedAfterMinutes + 10}m`,
  ],
  ["FileIntegrityNotCovered", { [pod("n2")]: `1x${2 * day}` }, "25m", "35m"],
  ["FileIntegrityAbsent", Object.fromEntries(Object.keys(healthy).map((series) => [series, null])), "25m", "35m"],
];

test("every alert is among the faults", () => {
  expect(faults.map(([alert]) => alert).sort()).toEqual(alerts.map(({ alert }) => alert).sort());
});

test("Prometheus finds nothing wrong with the rules", () => {
  withFiles({ "rules.yaml": rules() }, (folder) => {
    expect(run("promtool", ["check", "rules", `${folder}/rules.yaml`])).toMatchObject({ status: 0 });
  });
});

test("nothing fires on a healthy node in two days", () => {
  const at = ["1h", "12h", "25h", "47h"];
  expect(
    evaluated(
      healthy,
      at.flatMap((time) => alerts.map(({ alert }) => expected(alert, time, []))),
    ),
  ).toEqual({
    status: 0,
    output: expect.stringContaining("SUCCESS"),
  });
});

test.each(faults)("%s fires in its time, and not before", (alert, changes, quiet, firing) => {
  const series = { ...healthy, ...changes };
  expect(evaluated(series, [expected(alert, quiet, [])])).toMatchObject({ status: 0 });
  const { status, output } = evaluated(series, [expected(alert, firing, [])]);
  expect(status).toBe(1);
  expect(output).toContain(`alertname="${alert}"`);
  if (alert !== "FileIntegrityAbsent")
    expect(output).toContain(`node="${alert === "FileIntegrityNotCovered" ? "n2" : "n1"}"`);
  expect(output).not.toMatch(/<no value>|\{\{/);
});

test("a node that a person holds off at the time of its check is not overdue", () => {
  const series = {
    ...healthy,
    'aide_last_check_timestamp_seconds{node="n1"}': `0x${2 * day}`,
    // From 20 hours after the check on.
    'aide_state{node="n1",state="clean"}': `1x240 0x${2 * day}`,
    'aide_state{node="n1",state="held_off"}': `0x240 1x${2 * day}`,
  };
  expect(evaluated(series, [expected("FileIntegrityOverdue", "32h", [])])).toMatchObject({ status: 0 });
  expect(evaluated(series, [expected("FileIntegrityHeldOff", "34h", [])]).status).toBe(1);
});

test("T-25: a watcher that stops alarms within 40 minutes, although its metrics still say that all is clean", () => {
  const stopped = { ...healthy, 'aide_heartbeat_timestamp_seconds{node="n1"}': `0+300x12 3600x${day}` };
  expect(evaluated(stopped, [expected("FileIntegrityStopped", "100m", [])]).status).toBe(1);
});

function states(is: string): Readonly<Record<string, string>> {
  const all = ["clean", "drift", "error", "baseline_missing", "held_off", "baseline_foreign"];
  return Object.fromEntries(
    all.map((state) => [`aide_state{node="n1",state="${state}"}`, `${state === is ? 1 : 0}x${2 * day}`]),
  );
}

function pod(node: string): string {
  const labels = 'namespace="file-integrity",created_by_kind="DaemonSet",created_by_name="file-integrity"';
  return `kube_pod_info{${labels},node="${node}"}`;
}

function expected(alertname: string, time: string, alerts: readonly unknown[]) {
  return { alertname, eval_time: time, exp_alerts: alerts };
}

function rules(): string {
  const { spec } = prometheusRule({
    name: "file-integrity",
    namespace: "monitoring",
    runbooks: "https://docs.example.com",
    alerts,
  });
  return stringify(spec);
}

function evaluated(series: Readonly<Record<string, string | null>>, alertTests: readonly unknown[]) {
  const present = Object.entries(series).flatMap(([name, values]) =>
    values === null ? [] : [{ series: name, values }],
  );
  const tests = {
    rule_files: ["rules.yaml"],
    evaluation_interval: "5m",
    tests: [{ interval: "5m", input_series: present, alert_rule_test: alertTests }],
  };
  return withFiles({ "rules.yaml": rules(), "tests.yaml": stringify(tests) }, (folder) =>
    run("promtool", ["test", "rules", `${folder}/tests.yaml`]),
  );
}
