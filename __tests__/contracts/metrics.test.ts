/** Every metric that a rule, a dashboard, a gate or a page asks for is one that a program of ours really says. */
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { figures } from "../../analysis/gates/figures";
import { metricsText } from "../../cli/drift-metrics";
import { talosMetricsText } from "../../cli/talos-metrics";
import { sites } from "../../examples";
import type { KubernetesObject } from "../../index";
import { backupRows } from "../../manifests";
import { everyClass } from "../cli/support/drift-result";
import { objectsOf } from "../helpers/kubernetes-objects";
import { platforms } from "../helpers/platforms";
import { queriesOf as queriesOfRow } from "../helpers/queries";
import { type Attributes, synthesize } from "../helpers/synth";

const root = path.resolve(__dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

/** Metrics by the program that says them. */
const said: Readonly<Record<string, readonly string[]>> = {
  "cli/drift-metrics.ts": typesIn(metricsText(everyClass())),
  "cli/talos-metrics.ts": typesIn(talosMetricsText([], { started: new Date(0), ended: new Date(0) }, "")),
  "scripts/file-integrity.py": namesIn("scripts/file-integrity.py", "aide"),
  "scripts/object-store.mjs": namesIn("scripts/object-store.mjs", "object_store"),
  "scripts/snapshots.mjs": namesIn("scripts/snapshots.mjs", "backup"),
  "scripts/restore-drill.mjs": namesIn("scripts/restore-drill.mjs", "backup_restore_drill"),
};
const all = Object.values(said).flat();

/** Names that are ours. */
const ours = /^(?:aide|tf_drift|talos_drift|backup|object_store)_/;
/** What others emit, by who does. */
const exporters: Readonly<Record<string, readonly string[]>> = {
  "kube-state-metrics": ["kube_cronjob_info", "kube_cronjob_status_last_successful_time", "kube_pod_info"],
  CloudNativePG: [
    "cnpg_collector_last_available_backup_timestamp",
    "cnpg_collector_last_failed_backup_timestamp",
    "cnpg_collector_pg_wal_archive_status",
    "cnpg_collector_up",
    "cnpg_pg_stat_archiver_last_archived_time",
    "cnpg_pg_stat_archiver_last_failed_time",
  ],
  "the Barman Cloud Plugin": [
    "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp",
    "barman_cloud_cloudnative_pg_io_last_failed_backup_timestamp",
  ],
  SeaweedFS: ["SeaweedFS_master_is_leader", "SeaweedFS_volumeServer_read_only_volumes"],
};
const others = Object.values(exporters).flat();

test.each(Object.entries(said))("%s says metrics", (_, names) => {
  expect(names.length).toBeGreaterThanOrEqual(5);
  expect(names.filter((name) => !ours.test(name))).toEqual([]);
});

describe("rules and dashboards", () => {
  let asked: readonly (readonly [app: string, metrics: readonly string[]])[];

  beforeAll(() => {
    jest.spyOn(console, "warn").mockImplementation();
    asked = Object.entries({ ...platforms, ...sites }).map(([name, add]) => {
      const objects = Object.values(synthesize((app) => add(app))).flatMap(objectsOf);
      return [name, [...new Set(objects.flatMap(queriesOf).flatMap(metricsIn))]];
    });
  });

  afterAll(() => jest.restoreAllMocks());

  test("ask for nothing that nobody says", () => {
    const unknown = asked.map(([app, names]) => [
      app,
      names.filter((name) => !all.includes(name) && !others.includes(name)),
    ]);
    expect(unknown.filter(([, names]) => names?.length !== 0)).toEqual([]);
  });

  test("ask for each of what others say", () => {
    const metrics = asked.flatMap(([, names]) => names);
    expect(others.filter((name) => !metrics.includes(name))).toEqual([]);
  });

  test.each(Object.entries(said))("are about what %s says", (_, names) => {
    expect(asked.some(([, metrics]) => metrics.some((name) => names.includes(name)))).toBe(true);
  });
});

test("MON-3: the dashboard of backups shows every metric of snapshots, drills and probes that there is to see", () => {
  const shown = new Set(backupRows.flatMap(queriesOfRow).flatMap(metricsIn));
  // When something began, or last went well, is what others say as ages.
  const elsewhere = ["backup_last_run_timestamp_seconds", "backup_last_success_timestamp_seconds"];
  const there = all.filter((name) => /^(?:backup|object_store)_/.test(name) && !elsewhere.includes(name));
  expect(there.length).toBeGreaterThan(10);
  expect(there.filter((name) => !shown.has(name))).toEqual([]);
});

test("GATE-10: the figures of gates come from metrics that there are", () => {
  const named = Object.values(figures).flatMap((text) => found(text, /\b([a-z]+(?:_[a-z]+){2,})\b/g));
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => !all.includes(name))).toEqual([]);
});

test("the pages name metrics that there are", () => {
  const pages = ["README.md", ...readdirSync(path.join(root, "docs")).map((file) => `docs/${file}`)];
  const named = pages
    .filter((page) => page.endsWith(".md"))
    .flatMap((page) => found(read(page), /`(\w+)(?:\{[^`]*\})?`/g))
    .filter((name) => ours.test(name) || name.endsWith("_timestamp_seconds"));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !all.includes(name) && !name.startsWith("_"))).toEqual([]);
});

function queriesOf(object: KubernetesObject): string[] {
  const { kind, spec, data } = object as Attributes;
  if (kind === "PrometheusRule") {
    return spec.groups.flatMap(({ rules }: Attributes) => rules.map(({ expr }: Attributes) => String(expr)));
  }
  return object.metadata.labels?.["grafana_dashboard"] === undefined
    ? []
    : Object.values<string>(data).flatMap((text) =>
        found(text, /"expr":"((?:[^"\\]|\\.)*)"/g).map((expr) => JSON.parse(`"${expr}"`)),
      );
}

/** Names in PromQL, without its own words, labels and values. */
function metricsIn(query: string): string[] {
  const bare = query
    .replace(/"(?:[^"\\]|\\.)*"/g, "")
    .replace(/\{[^}]*\}/g, "")
    .replace(/\b(?:by|on|ignoring|without|group_left|group_right) *\([^)]*\)/g, "");
  return found(bare, /\b([a-zA-Z]+_\w+)\b(?! *\()/g);
}

/** What a program of `scripts` calls its metrics. */
function namesIn(file: string, prefix: string): string[] {
  return [...new Set(found(read(file), new RegExp(`["\`\\s](${prefix}_\\w+)`, "g")))];
}

function typesIn(text: string): string[] {
  return found(text, /^# TYPE (\w+)/gm);
}

function found(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = ""]) => name);
}
