/** A run of the Job of `TalosDrift`, as its object says, with a Pushgateway and what `talosctl` prints. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { stringify } from "yaml";
import { objectOf } from "../helpers/postgres";
import { type Attributes, newApp } from "../helpers/synth";
import { addTalosDrift } from "../helpers/talos-drift";
import { Pod } from "./support/pod";
import { printed, run } from "./support/programs";
import { startPushgateway } from "./support/pushgateway";

const root = path.resolve(__dirname, "../..");
const planted = "pl4nted-s3cret";
/** What is asked of the machines, by the name of the file in which a machine has its answer. */
const talosctl = `#!/bin/sh
[ "$1" = --talosconfig ] && grep -q ${planted} "$2" || { echo 'error: no talosconfig' >&2; exit 1; }
while [ "$1" != --nodes ]; do shift; done
answer="$(dirname "$0")/../$2/$4"
[ -e "$answer" ] || { echo 'rpc error: code = Unavailable desc = connection refused' >&2; exit 1; }
cat "$answer"
`;

let folder: string;
let gateway: Awaited<ReturnType<typeof startPushgateway>>;
let machines: readonly Attributes[];

beforeAll(() => printed("npm", ["run", "--silent", "--prefix", root, "bundle"]));

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "talos-drift-pod-"));
  mkdirSync(path.join(folder, "bin"));
  writeFileSync(path.join(folder, "bin/talosctl"), talosctl, { mode: 0o755 });
  gateway = await startPushgateway();
  machines = JSON.parse(configMap()["data"]["machines.json"]);
  for (const { name } of machines) answers(name);
});

afterEach(async () => {
  await gateway.stop();
  rmSync(folder, { recursive: true });
});

test("TAL-32: machines that are what the code says are the same", async () => {
  const { code, lines } = await ran();
  expect(code).toBe(0);
  expect(lines).toEqual(
    ["cp-1", "cp-2", "cp-3", "w-1"].map((machine) => ({ event: "machine", cluster: "lab", machine, state: "same" })),
  );
  for (const { name } of machines) {
    expect(await statesOf(name)).toEqual({ same: 1, drift: 0, not_measured: 0 });
    expect(await seriesOf("since_timestamp_seconds", name)).toBe(0);
  }
  expect(await seriesOf("run_last_completed_timestamp_seconds")).toBeGreaterThan(Date.now() / 1000 - 60);
});

test("TAL-32, MON-1: another release, another schematic and a machine without an answer are told, each by itself", async () => {
  answers("w-1", { talos: "1.14.3" });
  answers("cp-1", { talos: "1.14.3", schematic: "none" });
  rmSync(of("cp-2"), { recursive: true });
  const { code, lines } = await ran();
  // Not to know is a failure of the Job.
  expect(code).toBe(3);
  const about = { cluster: "lab" };
  const [{ schematic } = {}] = machines;
  const refused = "not measured: rpc error: code = Unavailable desc = connection refused";
  expect(lines).toEqual([
    { ...about, event: "machine", machine: "cp-1", state: "drift" },
    { ...about, event: "finding", machine: "cp-1", part: "version", text: "version 1.14.3, made as 1.14.4" },
    { ...about, event: "finding", machine: "cp-1", part: "schematic", text: `schematic none, made as ${schematic}` },
    { ...about, event: "machine", machine: "cp-2", state: "not_measured" },
    { ...about, event: "not measured", machine: "cp-2", part: "version", text: `version ${refused}` },
    { ...about, event: "not measured", machine: "cp-2", part: "schematic", text: `schematic ${refused}` },
    { ...about, event: "machine", machine: "cp-3", state: "same" },
    { ...about, event: "machine", machine: "w-1", state: "drift" },
    { ...about, event: "finding", machine: "w-1", part: "version", text: "version 1.14.3, made as 1.14.4" },
  ]);
  expect(await statesOf("w-1")).toEqual({ same: 0, drift: 1, not_measured: 0 });
  expect(await statesOf("cp-2")).toEqual({ same: 0, drift: 0, not_measured: 1 });
  expect(await seriesOf("last_measured_timestamp_seconds", "cp-2")).toBe(0);
  expect(await seriesOf("since_timestamp_seconds", "w-1")).toBeGreaterThan(Date.now() / 1000 - 60);
});

test("a finding is no failure of the Job", async () => {
  answers("w-1", { talos: "1.14.3" });
  expect(await ran()).toMatchObject({ code: 0 });
});

test("MON-1: a drift keeps its age until it is gone, whatever is not measured meanwhile", async () => {
  answers("w-1", { talos: "1.14.3" });
  await ran();
  const since = await seriesOf("since_timestamp_seconds", "w-1");
  const measured = await seriesOf("last_measured_timestamp_seconds", "w-1");
  rmSync(of("w-1"), { recursive: true });
  await ran();
  expect(await statesOf("w-1")).toEqual({ same: 0, drift: 0, not_measured: 1 });
  expect(await seriesOf("since_timestamp_seconds", "w-1")).toBe(since);
  expect(await seriesOf("last_measured_timestamp_seconds", "w-1")).toBe(measured);
  answers("w-1", { talos: "1.14.3" });
  await ran();
  expect(await seriesOf("since_timestamp_seconds", "w-1")).toBe(since);
  expect(await seriesOf("last_measured_timestamp_seconds", "w-1")).toBeGreaterThan(measured);
  answers("w-1");
  await ran();
  expect(await seriesOf("since_timestamp_seconds", "w-1")).toBe(0);
  expect(await statesOf("w-1")).toEqual({ same: 1, drift: 0, not_measured: 0 });
});

test("T-25: what is not pushed fails the Job, and is told all the same", async () => {
  answers("w-1", { talos: "1.14.3" });
  await gateway.stop();
  const { code, output } = await ran();
  expect(code).toBe(3);
  expect(output).toContain("version 1.14.3, made as 1.14.4");
  expect(output).toContain("The metrics could not be pushed: ");
  gateway = await startPushgateway();
});

test("promtool finds nothing wrong with the metrics, and nothing of the talosconfig is in them or in the log", async () => {
  const { output } = await ran();
  const metrics = await gateway.metrics();
  const own = metrics.split("\n").filter((line) => line.includes("talos_drift_"));
  expect(run("promtool", ["check", "metrics"], `${own.join("\n")}\n`)).toEqual({ status: 0, output: "" });
  expect(output + metrics).not.toContain(planted);
});

test("a file that names no machine is told, and the run fails", async () => {
  const broken = path.join(folder, "broken.json");
  const bundle = path.join(root, "dist/talos-drift.js");
  for (const text of ["[]", '[{"name":"w-1"}]', "no JSON"]) {
    writeFileSync(broken, text);
    const { status, output } = run(process.execPath, [bundle, `--machines=${broken}`]);
    expect({ status, output }).toEqual({ status: 1, output: expect.stringContaining(": malformed-machines\n") });
  }
});

function of(machine: string): string {
  return path.join(folder, machines.find(({ name }) => name === machine)?.["address"]);
}

/** What a machine answers; it is as the code says but for what is named. */
function answers(machine: string, changes: { readonly talos?: string; readonly schematic?: string } = {}): void {
  const { talos, schematic } = { ...machines.find(({ name }) => name === machine), ...changes } as Attributes;
  const resource = (spec: object) => stringify({ metadata: { phase: "running" }, spec });
  const extensions = [{ name: "qemu-guest-agent", version: "10.0.2" }, ...named("schematic", schematic)];
  mkdirSync(of(machine), { recursive: true });
  writeFileSync(path.join(of(machine), "versions.runtime.talos.dev"), resource({ version: `v${talos}` }));
  writeFileSync(
    path.join(of(machine), "extensionstatuses.runtime.talos.dev"),
    extensions.map((metadata) => resource({ metadata })).join("---\n"),
  );
}

function named(name: string, version: string) {
  return version === "none" ? [] : [{ name, version }];
}

/** What the Job comes to; its lines are without the time. */
async function ran() {
  const spec = objectOf(objects(), "CronJob") as Attributes;
  const pod = new Pod(spec["spec"].jobTemplate.spec.template.spec, folder, {
    // What the image and the node bring.
    "/usr/local/lib/talos-drift.js": path.join(root, "dist/talos-drift.js"),
    "/var/run/secrets/talos.dev": path.join(folder, "var/run/secrets/talos.dev"),
  });
  pod.put("machines/machines.json", configMap()["data"]["machines.json"]);
  pod.put("var/run/secrets/talos.dev/config", `context: default\nkey: ${planted}\n`);
  const outcome = await pod.run({ PATH: `${path.join(folder, "bin")}:${process.env["PATH"]}` });
  const lines = outcome.output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => {
      const { time, ...rest } = JSON.parse(line);
      expect(Date.parse(time)).toBeGreaterThan(Date.now() - 60_000);
      return rest;
    });
  return { ...outcome, lines };
}

function objects() {
  return addTalosDrift(newApp(path.join(folder, "unused")), { pushgateway: gateway.url }).drift.objects.objects;
}

function configMap(): Attributes {
  return objectOf(objects(), "ConfigMap", "talos-drift");
}

/** What the Pushgateway has of a metric, of a machine or of the run. */
async function seriesOf(metric: string, machine?: string): Promise<number> {
  const own = machine === undefined ? "" : `,machine="${machine}"`;
  return value(await gateway.metrics(), `talos_drift_${metric}{cluster="lab",instance="",job="talos-drift"${own}}`);
}

async function statesOf(machine: string) {
  const text = await gateway.metrics();
  const labels = `cluster="lab",instance="",job="talos-drift",machine="${machine}"`;
  return Object.fromEntries(
    ["same", "drift", "not_measured"].map((state) => [
      state,
      value(text, `talos_drift_state{${labels},state="${state}"}`),
    ]),
  );
}

function value(text: string, series: string): number {
  const line = text.split("\n").find((one) => one.startsWith(`${series} `));
  if (line === undefined) throw new Error(`There is no ${series}.`);
  return Number(line.slice(series.length));
}
