import { stringify } from "yaml";
import type { AlertRule } from "../../../manifests";
import { type Outcome, run, withFiles } from "./programs";

/** Series by name, with their values by minute in the notation of promtool. */
export type Series = Readonly<Record<string, string>>;

/**
 * What promtool says to an alert that is to fire, or not, after some minutes: `SUCCESS` if it does as expected.
 *
 * @param labels by which it is told from those of other things: `,bucket="backup"`
 */
export function firing(
  rule: AlertRule | undefined,
  minutes: number,
  series: Series,
  fires: boolean,
  labels = "",
): Outcome {
  if (rule === undefined) {
    throw new Error("There is no such alert.");
  }
  const { alert } = rule;
  const test = {
    interval: "1m",
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    promql_expr_test: [
      {
        expr: `count(ALERTS{alertname="${alert}",alertstate="firing"${labels}}) or vector(0)`,
        eval_time: `${minutes}m`,
        exp_samples: [{ labels: "{}", value: fires ? 1 : 0 }],
      },
    ],
  };
  const files = {
    "rules.yml": groupOf([rule]),
    "test.yml": stringify({ rule_files: ["rules.yml"], evaluation_interval: "1m", tests: [test] }),
  };
  return withFiles(files, (folder) => run("promtool", ["test", "rules", `${folder}/test.yml`]));
}

/** What promtool says to alerts as they are. */
export function checked(alerts: readonly AlertRule[]): Outcome {
  return withFiles({ "rules.yml": groupOf(alerts) }, (folder) =>
    run("promtool", ["check", "rules", `${folder}/rules.yml`]),
  );
}

function groupOf(alerts: readonly AlertRule[]): string {
  const rules = alerts.map(({ alert, expr, for: lasting }) => ({ alert, expr, for: lasting }));
  return stringify({ groups: [{ name: "rules", rules }] });
}
