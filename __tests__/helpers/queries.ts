import type { DashboardRow } from "../../manifests";

/** The PromQL of a row of a dashboard. */
export function queriesOf({ panels }: DashboardRow): readonly string[] {
  return panels.flatMap((panel) => (panel.kind === "table" ? panel.columns : [panel])).map(({ expr }) => expr);
}
