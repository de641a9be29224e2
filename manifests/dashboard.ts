/** Dashboards of Grafana from queries, as the classic JSON that all its releases read. */
import type { KubernetesObject } from "./object";

/** One number, in the colour of what it means. */
export interface StatPanel {
  readonly kind: "stat";
  readonly title: string;
  /** PromQL with one series. */
  readonly expr: string;
  /** Grafana's name of the unit, such as `s`. @default - a plain number */
  readonly unit?: string;
  /** From which number on it is orange, and from which red. @default - it has no colour */
  readonly from?: { readonly orange?: number; readonly red?: number };
}

/** Lines over time. */
export interface GraphPanel {
  readonly kind: "graph";
  readonly title: string;
  readonly expr: string;
  /** What a line is called, such as `{{class}}`. */
  readonly legend: string;
  /** @default - a plain number */
  readonly unit?: string;
}

/** A row for each value of a label, with what queries say of it now. */
export interface TablePanel {
  readonly kind: "table";
  readonly title: string;
  /** The label; each query has to have no other one. */
  readonly by: string;
  readonly columns: readonly TableColumn[];
}

export interface TableColumn {
  readonly title: string;
  readonly expr: string;
  /** @default - a plain number */
  readonly unit?: string;
  /** What numbers mean. @default - they are shown as they are */
  readonly values?: Readonly<Record<number, { readonly text: string; readonly color: DashboardColor }>>;
}

export type DashboardColor = "green" | "yellow" | "orange" | "red" | "blue" | "text";

export type DashboardPanel = StatPanel | GraphPanel | TablePanel;

export interface DashboardRow {
  readonly title: string;
  readonly panels: readonly DashboardPanel[];
}

export interface DashboardOptions {
  /** Name of the ConfigMap. */
  readonly name: string;
  readonly namespace: string;
  /** By which links find it for ever; at most 40 letters, digits, `-` and `_`. */
  readonly uid: string;
  readonly title: string;
  readonly rows: readonly DashboardRow[];
  /** How far back it looks at first. @default "30d" */
  readonly since?: string;
}

/** A ConfigMap with a dashboard, which Grafana's sidecar finds by its label. */
export function dashboard(options: DashboardOptions): KubernetesObject {
  const { name, namespace, uid } = options;
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace, labels: { grafana_dashboard: "1" } },
    data: { [`${uid}.json`]: JSON.stringify(dashboardModel(options)) },
  };
}

const datasource = { type: "prometheus", uid: "${datasource}" } as const;

function dashboardModel({ uid, title, rows, since = "30d" }: DashboardOptions) {
  return {
    uid,
    title,
    editable: false,
    schemaVersion: 39,
    timezone: "browser",
    time: { from: `now-${since}`, to: "now" },
    refresh: "5m",
    templating: { list: [{ name: "datasource", label: "Prometheus", type: "datasource", query: "prometheus" }] },
    panels: placed(rows),
  };
}

const sizes = { stat: { w: 4, h: 4 }, graph: { w: 12, h: 8 }, table: { w: 24, h: 12 } } as const;
const width = 24;

/** From left to right as long as there is room, and then below. */
function placed(rows: readonly DashboardRow[]): readonly object[] {
  const panels: object[] = [];
  let y = 0;
  const add = (panel: object, gridPos: object) => panels.push({ id: panels.length + 1, ...panel, gridPos });
  for (const row of rows) {
    add({ type: "row", title: row.title, collapsed: false, panels: [] }, { x: 0, y, w: width, h: 1 });
    y += 1;
    let x = 0;
    let height = 0;
    for (const panel of row.panels) {
      const { w, h } = sizes[panel.kind];
      if (x + w > width) {
        y += height;
        x = 0;
        height = 0;
      }
      add(panelModel(panel), { x, y, w, h });
      x += w;
      height = Math.max(height, h);
    }
    y += height;
  }
  return panels;
}

function panelModel(panel: DashboardPanel): object {
  switch (panel.kind) {
    case "stat":
      return statModel(panel);
    case "graph":
      return graphModel(panel);
    case "table":
      return tableModel(panel);
  }
}

function statModel({ title, expr, unit, from = {} }: StatPanel) {
  const steps = [
    { color: from.orange === undefined && from.red === undefined ? "text" : "green", value: null },
    ...(from.orange === undefined ? [] : [{ color: "orange", value: from.orange }]),
    ...(from.red === undefined ? [] : [{ color: "red", value: from.red }]),
  ];
  return {
    type: "stat",
    title,
    datasource,
    targets: [{ refId: "A", datasource, expr, instant: true }],
    fieldConfig: { defaults: { ...unitOf(unit), thresholds: { mode: "absolute", steps } }, overrides: [] },
    options: { colorMode: "value", graphMode: "none", reduceOptions: { calcs: ["lastNotNull"] } },
  };
}

function graphModel({ title, expr, legend, unit }: GraphPanel) {
  return {
    type: "timeseries",
    title,
    datasource,
    targets: [{ refId: "A", datasource, expr, legendFormat: legend }],
    fieldConfig: { defaults: { ...unitOf(unit), min: 0, custom: { fillOpacity: 10 } }, overrides: [] },
    options: { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi", sort: "desc" } },
  };
}

function tableModel({ title, by, columns }: TablePanel) {
  const fields = columns.map((column, index) => ({ ...column, refId: String.fromCharCode(65 + index) }));
  const names = Object.fromEntries(fields.map((field) => [`Value #${field.refId}`, field.title]));
  return {
    type: "table",
    title,
    datasource,
    targets: fields.map(({ refId, expr }) => ({ refId, datasource, expr, format: "table", instant: true })),
    transformations: [
      { id: "joinByField", options: { byField: by, mode: "outer" } },
      { id: "filterFieldsByName", options: { include: { names: [by, ...Object.keys(names)] } } },
      { id: "organize", options: { renameByName: names } },
    ],
    fieldConfig: {
      defaults: {},
      overrides: fields.map(({ title: column, unit, values }) => ({
        matcher: { id: "byName", options: column },
        properties: [
          ...(unit === undefined ? [] : [{ id: "unit", value: unit }]),
          ...(values === undefined
            ? []
            : [
                { id: "mappings", value: [{ type: "value", options: values }] },
                { id: "custom.cellOptions", value: { type: "color-text" } },
              ]),
        ],
      })),
    },
    options: { showHeader: true, sortBy: [{ displayName: columns[0]?.title, desc: true }] },
  };
}

function unitOf(unit: string | undefined) {
  return unit === undefined ? {} : { unit };
}
