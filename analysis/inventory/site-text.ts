import type { Problem } from "../../errors";
import type { SiteCode } from "./site";
import type { VmCode } from "./vm";
import type { Literal, LiteralObject, Statement } from "./vm-part";

/** What no inventory says about a site. */
export interface SiteNames {
  readonly name: string;
  readonly endpoint: string;
}

/** The site as a module of TypeScript: an app with one stack, that imports the machines. */
export function siteText({ name, endpoint }: SiteNames, site: SiteCode): string {
  const { pveMajor, hosts, datastores, inventory, machines } = site;
  const props = { endpoint, pveMajor, hosts, datastores, inventory };
  const about = new Set(machines.flatMap(({ listed }) => listed));
  const rest = site.listed.filter((problem) => !about.has(problem));
  return `${[
    `// Written from an inventory of Proxmox, once: it is yours to change.`,
    ...rest.map(({ where, message }) => comment(`${where}: ${message}`)),
    "",
    `import { App } from "cdktf";`,
    `import { ProxmoxSite, ${machines.length === 0 ? "" : "ProxmoxVm, "}SiteStack } from "cdktf-proxmox-talos";`,
    "",
    "const app = new App();",
    `const site = new ProxmoxSite(${JSON.stringify(name)}, ${text(props, "")});`,
    `${machines.length === 0 ? "" : "const stack = "}new SiteStack(app, "vms", { site });`,
    ...machines.flatMap(({ vm, listed }) => ["", ...vmLines(vm, listed)]),
    "",
    "app.synth();",
  ].join("\n")}\n`;
}

function vmLines({ vmId, host, id, part }: VmCode, listed: readonly Problem[]): string[] {
  const variable = `vm${vmId}`;
  const { statements, ignored } = part;
  const existing = ignored.length === 0 ? true : { ignoreChanges: ignored };
  const props = Object.entries({ host, vmId, existing, ...part.props });
  const lines = props.flatMap(([key, value]) =>
    value === undefined ? [] : [`  ${named(key)}: ${text(value, "  ", `  ${key}: `)},`],
  );
  const changes = statements.map((statement) => `${lineOf(`${variable}.resource.`, statement)};`);
  return [
    ...listed.map(({ message }) => comment(message)),
    `${changes.length > 0 ? `const ${variable} = ` : ""}new ProxmoxVm(stack, ${JSON.stringify(id)}, {`,
    "  site,",
    ...lines,
    "});",
    ...changes,
  ];
}

function lineOf(resource: string, statement: Statement): string {
  if ("set" in statement) {
    const assigned = `${resource}${statement.set} = `;
    return assigned + text(statement.to, "", assigned);
  }
  const called = `${resource}${statement.call}(`;
  return `${called}${statement.with === undefined ? "" : text(statement.with, "", called)})`;
}

/** A text of one line, whatever is in it. */
function comment(line: string): string {
  return `// ${line.replaceAll(/\s+/g, " ")}`;
}

/** On one line if it is short, with the text before it, or else one line for each item. */
function text(value: Literal, indent: string, before = ""): string {
  if (typeof value !== "object") {
    return JSON.stringify(value);
  }
  const items = isList(value) ? value.map((item) => ["", item] as const) : entriesOf(value);
  const [open, close] = isList(value) ? ["[", "]"] : ["{ ", " }"];
  const flat = `${open}${items.map(([key, item]) => key + text(item, "")).join(", ")}${close}`;
  if (items.length === 0) {
    return flat.replaceAll(" ", "");
  }
  if (before.length + flat.length <= 100) {
    return flat;
  }
  const deeper = `${indent}  `;
  const lines = items.map(([key, item]) => `${deeper}${key}${text(item, deeper, deeper + key)},`);
  return `${open.trim()}\n${lines.join("\n")}\n${indent}${close.trim()}`;
}

function entriesOf(value: LiteralObject): (readonly [key: string, value: Literal])[] {
  return Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : [[`${named(key)}: `, item] as const],
  );
}

function isList(value: Literal): value is readonly Literal[] {
  return Array.isArray(value);
}

function named(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key);
}
