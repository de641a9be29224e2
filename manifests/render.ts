/** Data as the YAML that Helm reads. */
import { stringify } from "yaml";

/** The values of a chart. Helm reads YAML 1.1, in which `on` and `0644` are not the texts that they look like. */
export function renderValues(values: Readonly<Record<string, unknown>>): string {
  return stringify(values, { schema: "core", compat: "yaml-1.1", lineWidth: 0, aliasDuplicateObjects: false });
}
