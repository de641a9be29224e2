/** The queries of the dashboard of backups, as the real Prometheus evaluates them. */
import { stringify } from "yaml";
import { backupRows } from "../../manifests";
import { queriesOf } from "../helpers/queries";
import { run, withFiles } from "./support/programs";
import { checked, type Series } from "./support/promtool";

const all = backupRows.flatMap(queriesOf);

test("Prometheus takes every query", () => {
  expect(all.length).toBeGreaterThan(40);
  const rules = all.map((expr, index) => ({
    ...{ alert: `Query${index}`, expr, for: "0m", severity: "info" as const, summary: "", description: "" },
  }));
  expect(checked(rules)).toMatchObject({ status: 0, output: expect.stringContaining(`${all.length} rules found`) });
});

/** The query of a panel, or of a column of a table. */
function query(row: string, panel: string, column?: string): string {
  const found = backupRows.find(({ title }) => title === row)?.panels.find(({ title }) => title === panel);
  const query = found?.kind === "table" ? found.columns.find(({ title }) => title === column) : found;
  if (query === undefined || !("expr" in query)) throw new Error(`${row} has no ${panel} ${column ?? ""}`);
  return query.expr;
}

const hour = 60;
const newest = (destination: string) => `backup_newest_timestamp_seconds{backup="vault",destination="${destination}"}`;
const drill = (metric: string, name: string) => `backup_restore_drill_${metric}{drill="${name}"}`;
const ofCluster = 'namespace="db",cnpg_io_cluster="main",pod="main-1"';

/** What a query says after some minutes of series, by its labels. */
test.each<[expr: string, minutes: number, series: Series, said: Readonly<Record<string, number>>]>([
  [query("Snapshots", "Stalest share"), 25 * hour, { [newest("folder")]: "0x2000" }, { "{}": 90_000 }],
  [query("Snapshots", "Stalest bucket"), hour, { [newest("folder")]: "0x2000" }, {}],
  [
    query("Snapshots", "Newest snapshots", "of 24 h"),
    12 * hour,
    { [newest("folder")]: "0x2000" },
    { '{backup="vault"}': 0.5 },
  ],
  [
    query("Snapshots", "Newest snapshots", "of 30 h"),
    45 * hour,
    { [newest("s3")]: "0x3000" },
    { '{backup="vault"}': 1.5 },
  ],
  [
    query("Snapshots", "Last run failed"),
    5,
    { 'backup_success{backup="vault"}': "0x10", 'backup_success{backup="etcd"}': "1x10" },
    { "{}": 1 },
  ],
  [query("Snapshots", "Last run failed"), 5, { 'backup_success{backup="vault"}': "1x10" }, { "{}": 0 }],
  [
    query("Restore drills", "Not proven for too long"),
    2 * hour,
    {
      [drill("last_success_timestamp_seconds", "old")]: "0x200",
      [drill("max_age_seconds", "old")]: "3600x200",
      [drill("last_success_timestamp_seconds", "new")]: "0x200",
      [drill("max_age_seconds", "new")]: "86400x200",
      [drill("max_age_seconds", "never")]: "86400x200",
    },
    { "{}": 2 },
  ],
  [
    query("Restore drills", "Last proven restores", "of what counts"),
    2 * hour,
    { [drill("last_success_timestamp_seconds", "old")]: "0x200", [drill("max_age_seconds", "old")]: "14400x200" },
    { '{drill="old"}': 0.5 },
  ],
  [
    query("PostgreSQL", "Stalest base backup"),
    2 * hour,
    {
      [`barman_cloud_cloudnative_pg_io_last_available_backup_timestamp{${ofCluster}}`]: "3600x200",
      // With the plugin, the operator's own stays at 0.
      [`cnpg_collector_last_available_backup_timestamp{${ofCluster}}`]: "0x200",
    },
    { "{}": 3600 },
  ],
  [
    query("PostgreSQL", "Stalest base backup"),
    2 * hour,
    { [`cnpg_collector_last_available_backup_timestamp{${ofCluster}}`]: "1800x200" },
    { "{}": 5400 },
  ],
  [
    query("PostgreSQL", "WAL is not archived"),
    hour,
    {
      [`cnpg_pg_stat_archiver_last_archived_time{${ofCluster}}`]: "60x100",
      [`cnpg_pg_stat_archiver_last_failed_time{${ofCluster}}`]: "120x100",
    },
    { "{}": 1 },
  ],
  [
    query("Object stores", "Certificates that end within 14 days"),
    hour,
    {
      'object_store_certificate_not_after_timestamp_seconds{bucket="a"}': "1000000x100",
      'object_store_certificate_not_after_timestamp_seconds{bucket="b"}': "9000000x100",
    },
    { "{}": 1 },
  ],
])("%s after %d minutes", (expr, minutes, series, said) => {
  const samples = Object.entries(said).map(([labels, value]) => ({ labels, value }));
  const tests = [
    {
      interval: "1m",
      input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
      promql_expr_test: [{ expr, eval_time: `${minutes}m`, exp_samples: samples }],
    },
  ];
  const file = stringify({ rule_files: [], evaluation_interval: "1m", tests });
  const outcome = withFiles({ "test.yml": file }, (folder) => run("promtool", ["test", "rules", `${folder}/test.yml`]));
  expect(outcome).toEqual({ status: 0, output: expect.stringContaining("SUCCESS") });
});
