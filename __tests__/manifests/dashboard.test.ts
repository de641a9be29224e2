import { readFileSync } from "node:fs";
import * as path from "node:path";
import { backupDashboard, type DashboardRow, dashboard } from "../../manifests";
import { driftRow, fileIntegrityRow } from "../../manifests/drift";
import type { Attributes } from "../helpers/synth";

const dashboards: Readonly<Record<string, Attributes>> = {
  drift: dashboard({
    name: "drift-dashboard",
    namespace: "monitoring",
    uid: "drift",
    title: "Drift",
    rows: [driftRow, fileIntegrityRow],
  }),
  backups: backupDashboard("backup-dashboard", "monitoring"),
};

function panelsOf(uid: string): readonly Attributes[] {
  return JSON.parse(dashboards[uid]?.["data"][`${uid}.json`]).panels;
}

describe.each(Object.entries(dashboards))("the dashboard %s", (uid, object) => {
  const model = JSON.parse(object["data"][`${uid}.json`]);
  const panels = panelsOf(uid);

  test("is found by Grafana by its label, and by links by its uid", () => {
    expect(object["metadata"].labels).toEqual({ grafana_dashboard: "1" });
    expect(model).toMatchObject({ uid, schemaVersion: 39, editable: false });
    expect(Buffer.byteLength(JSON.stringify(object))).toBeLessThan(1024 * 1024);
  });

  test("has for each panel a number of its own and a place where nothing else is", () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
  });

  test("asks the Prometheus that is chosen above", () => {
    expect(model.templating.list).toMatchObject([{ name: "datasource", type: "datasource", query: "prometheus" }]);
    const targets = panels.flatMap(({ targets = [] }) => targets);
    expect(targets.length).toBeGreaterThan(15);
    for (const { datasource } of targets) {
      expect(datasource).toEqual({ type: "prometheus", uid: "${datasource}" });
    }
  });

  test("has queries in a table that are told apart, and have its label alone", () => {
    for (const { targets, transformations } of panels.filter(({ type }) => type === "table")) {
      const [joined, filtered] = transformations;
      expect(filtered.options.include.names).toHaveLength(targets.length + 1);
      for (const { expr } of targets) {
        expect(expr).toMatch(new RegExp(`by \\(${joined.options.byField}\\)|on \\(${joined.options.byField}\\)`));
      }
    }
  });
});

test("the columns of a table are its queries, by the names that they have there", () => {
  const { transformations, fieldConfig } = panelsOf("drift").find(({ type }) => type === "table") ?? {};
  const [joined, filtered, renamed] = transformations;
  expect(joined.options).toEqual({ byField: "stack", mode: "outer" });
  expect(filtered.options.include.names).toEqual(["stack", ...Object.keys(renamed.options.renameByName)]);
  expect(Object.values(renamed.options.renameByName)).toEqual(["class", "for", "objects", "plan took"]);
  expect(fieldConfig.overrides.map(({ matcher }: Attributes) => matcher.options)).toEqual(
    Object.values(renamed.options.renameByName),
  );
});

test.each([
  ["tf_drift", driftRow, "docs/drift.md"],
  ["aide", fileIntegrityRow, "scripts/file-integrity.py"],
])("every metric of %s that is shown is one that there is", (prefix, row, file) => {
  const shown = metricsOf(row);
  expect(shown.length).toBeGreaterThan(3);
  expect(shown.filter((name) => !name.startsWith(`${prefix}_`))).toEqual([]);
  const text = readFileSync(path.resolve(__dirname, "../..", file), "utf8");
  expect(shown.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
});

function metricsOf({ panels }: DashboardRow): string[] {
  const expressions = panels.flatMap((panel) =>
    panel.kind === "table" ? panel.columns.map(({ expr }) => expr) : [panel.expr],
  );
  return [...new Set(expressions.flatMap((expr) => expr.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? []))];
}
