/** User data as text. */
import { createHash } from "node:crypto";
import { stringify } from "yaml";
import type { CloudConfig } from "./compose";

/** Lines are never folded, and strings that YAML 1.1 takes for something else (`off`, `0644`) are quoted. */
export function yamlText(data: object): string {
  return stringify(data, {
    schema: "core",
    compat: "yaml-1.1",
    customTags: (tags) => [...tags, VALUE_TAG],
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}

/** To cloud-init's reader a bare `=` is a value of a type that it cannot make. */
const VALUE_TAG = {
  tag: "tag:yaml.org,2002:value",
  default: true,
  test: /^=$/,
  resolve: (text: string) => text,
} as const;

/** The modules in the order in which they are read best; others come before them, by name. */
const ORDER = ["users", "write_files", "bootcmd", "apt", "package_update", "packages", "runcmd"];

/**
 * A configuration as the YAML that cloud-init reads, without the first line that says what it is. The same text for the
 * same content.
 */
export function renderCloudConfig(config: CloudConfig): string {
  const rank = (module: string) => ORDER.indexOf(module);
  const sorted = Object.entries(config).sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return yamlText(Object.fromEntries(sorted));
}

/**
 * User data that cloud-init takes, from a rendered configuration, with its digest in the second line, by which a
 * machine's user data can be told from another.
 */
export function userData(rendered: string): string {
  return `#cloud-config\n# ${userDataDigest(rendered)}\n${rendered}`;
}

/** Twelve hexadecimal digits that differ for different configurations. */
export function userDataDigest(rendered: string): string {
  return createHash("sha256").update(rendered).digest("hex").slice(0, 12);
}
