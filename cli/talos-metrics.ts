import type { WantedMachine } from "../analysis/talos-machines";
import { metric, pushedText, pushText, type Sample } from "./metrics";
import type { Compared } from "./talos-drift-report";

/** A machine with its verdict. */
type Judged = Pick<Compared, "machine" | "verdict">;

/** When a run began and ended. */
interface RunTimes {
  readonly started: Date;
  readonly ended: Date;
}

export const talosStates = ["same", "drift", "not_measured"] as const;

/** The state that metrics and lines tell. */
export function stateOf({ verdict }: Pick<Judged, "verdict">): (typeof talosStates)[number] {
  return verdict === "unmeasured" ? "not_measured" : verdict;
}

/** Replaces what a Pushgateway has of the clusters, but for ages, which it has kept. Throws if it does not take them. */
export async function pushTalosMetrics(gateway: string, judged: readonly Judged[], times: RunTimes): Promise<void> {
  const earlier = await pushedText(gateway);
  for (const cluster of new Set(judged.map(({ machine }) => machine.cluster.name))) {
    const own = judged.filter(({ machine }) => machine.cluster.name === cluster);
    await pushText(gateway, `talos-drift/cluster/${cluster}`, talosMetricsText(own, times, earlier));
  }
}

/**
 * A run over the machines of a cluster in the text format of Prometheus (MON-1). What was not measured leaves the ages as
 * they were said earlier: it makes no drift younger.
 */
export function talosMetricsText(judged: readonly Judged[], { started, ended }: RunTimes, earlier: string): string {
  const now = secondsOf(ended);
  const clusters = [...new Set(judged.map(({ machine }) => machine.cluster.name))];
  const ofMachine = (value: (one: Judged) => number): Sample[] => judged.map((one) => [labelsOf(one), value(one)]);
  const before = (name: string, { machine }: Judged) => earlierValue(earlier, name, machine);
  return [
    metric(
      "talos_drift_state",
      "1 for the state that the machine is in.",
      judged.flatMap((one) =>
        talosStates.map((state): Sample => [{ ...labelsOf(one), state }, state === stateOf(one) ? 1 : 0]),
      ),
    ),
    metric(
      since,
      "Since when the machine has differed; 0 if it does not. Of a machine that was not measured, as last known.",
      ofMachine((one) => {
        const known = before(since, one);
        return one.verdict === "same" ? 0 : one.verdict === "drift" ? known || now : known;
      }),
    ),
    metric(
      lastMeasured,
      "When the machine was measured last; 0 if never.",
      ofMachine((one) => (one.verdict === "unmeasured" ? before(lastMeasured, one) : now)),
    ),
    metric(
      "talos_drift_run_last_completed_timestamp_seconds",
      "When the run ended.",
      clusters.map((cluster) => [{ cluster }, now]),
    ),
    metric(
      "talos_drift_run_duration_seconds",
      "How long it took.",
      clusters.map((cluster) => [{ cluster }, now - secondsOf(started)]),
    ),
  ].join("");
}

const since = "talos_drift_since_timestamp_seconds";
const lastMeasured = "talos_drift_last_measured_timestamp_seconds";

function labelsOf({ machine }: Judged) {
  return { cluster: machine.cluster.name, machine: machine.name };
}

/** A value that was pushed before; 0 where there is none. Names of clusters and machines need no escapes. */
function earlierValue(text: string, name: string, machine: WantedMachine): number {
  const labels = [`cluster="${machine.cluster.name}"`, `machine="${machine.name}"`];
  const line = text
    .split("\n")
    .find((one) => one.startsWith(`${name}{`) && labels.every((label) => labelsIn(one).includes(label)));
  return Number(line?.split(" ").at(-1) ?? 0);
}

function labelsIn(line: string): readonly string[] {
  return line.slice(line.indexOf("{") + 1, line.lastIndexOf("}")).split(",");
}

function secondsOf(time: Date): number {
  return time.getTime() / 1000;
}
