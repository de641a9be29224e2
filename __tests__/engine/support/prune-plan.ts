import { createHash } from "node:crypto";
import { attributesRead, partRead } from "../../../analysis/plan-objects";
import type { Json } from "./configuration";

/**
 * A plan with nothing in it but what the guard reads, and no secrets, as text with one object per line. It is the same
 * from Terraform and from OpenTofu.
 */
export function prunedPlan(plan: Json): string {
  const { format_version, resource_changes = [], resource_drift = [], prior_state, configuration } = plan;
  const changed = new Set<string>(resource_changes.map(({ address }: Json) => address));
  const pruned = {
    format_version,
    resource_changes: resource_changes.filter(isOfInterest).map(prunedChange),
    resource_drift: resource_drift.map(prunedChange),
    prior_state: { values: { root_module: prunedState(prior_state?.values?.root_module ?? {}, changed) } },
    configuration: {
      provider_config: Object.fromEntries(
        Object.entries<Json>(configuration.provider_config ?? {})
          .filter(([, { expressions }]) => expressions?.endpoint)
          .map(([key, { expressions }]) => [key, { expressions: { endpoint: expressions.endpoint } }]),
      ),
      root_module: prunedConfiguration(configuration.root_module),
    },
  };
  return `${linesOf(pruned)}\n`;
}

/** What the guard does not read is left in only where something happens to it, so that people see what the plan does. */
function isOfInterest({ type, change }: Json): boolean {
  return type in attributesRead || !change.actions.includes("no-op");
}

/** By these a machine is known to which nothing happens. */
const identity = ["initialization", "ipv4_addresses", "name", "node_name", "started", "tags", "template", "vm_id"];

function prunedChange({ address, module_address, mode, type, name, index, deposed, change }: Json): Json {
  const { actions, before, after, after_unknown, before_sensitive, after_sensitive, replace_paths } = change;
  const isMachine = attributesRead[type] === "all";
  const isIdle = actions.includes("no-op");
  const values = {
    before: prunedValues(type, before, before_sensitive, isMachine && isIdle ? identity : undefined),
    ...(isIdle || (isMachine && !actions.includes("update"))
      ? {}
      : { after: prunedValues(type, after, after_sensitive), after_unknown: prunedValues(type, after_unknown, {}) }),
  };
  return { address, module_address, mode, type, name, index, deposed, change: { actions, ...values, replace_paths } };
}

function prunedState({ address, resources = [], child_modules = [] }: Json, changed: ReadonlySet<string>): Json {
  return {
    address,
    resources: resources
      .filter((resource: Json) => !changed.has(resource["address"]) && resource["type"] in attributesRead)
      .map(({ values, sensitive_values, ...resource }: Json) => {
        const { address: own, mode, type, name, index } = resource;
        return { address: own, mode, type, name, index, values: prunedValues(type, values, sensitive_values) };
      }),
    child_modules: child_modules.map((module: Json) => prunedState(module, changed)),
  };
}

function prunedConfiguration({ resources = [], module_calls = {} }: Json): Json {
  const read = resources.filter(({ type }: Json) => type in attributesRead);
  const isThere = (reference: string): boolean =>
    read.some(({ address }: Json) => reference === address || /^\[[^\]]*\]$/.test(reference.replace(address, "")));
  return {
    resources: read.map(({ address, provider_config_key, expressions = {}, depends_on }: Json) => ({
      address,
      provider_config_key,
      expressions: Object.fromEntries(
        Object.entries(expressions).flatMap(([attribute, expression]) => {
          const references = referencesIn(expression).filter(isThere);
          return references.length === 0 ? [] : [[attribute, { references }]];
        }),
      ),
      depends_on: depends_on?.filter(isThere),
    })),
    module_calls: Object.fromEntries(
      Object.entries<Json>(module_calls).map(([name, { module }]) => [name, { module: prunedConfiguration(module) }]),
    ),
  };
}

function referencesIn(expression: unknown): string[] {
  if (typeof expression !== "object" || expression === null) {
    return [];
  }
  const { references = [], ...inner } = expression as Json;
  return [...references, ...Object.values(inner).flatMap(referencesIn)];
}

function prunedValues(
  type: string,
  values: Json | null | undefined,
  sensitive: unknown,
  read = attributesRead[type],
): Json | undefined {
  if (read === undefined || values === null || values === undefined) {
    return undefined;
  }
  const names = Object.keys(values).filter((name) => read === "all" || read.includes(name));
  const picked = names.map((name) => [
    name,
    read === "all" || read === identity
      ? withoutSecrets(values[name], (sensitive as Json)?.[name])
      : withoutCa(partRead(name, values[name])),
  ]);
  return withoutEmpty(Object.fromEntries(picked)) as Json;
}

/** A certificate looks like a key to a person; another text tells clusters apart as well. */
function withoutCa(value: unknown): unknown {
  const ca = (value as Json | undefined)?.["ca_certificate"];
  return ca === undefined
    ? value
    : { ca_certificate: `CA ${createHash("sha256").update(ca).digest("hex").slice(0, 8)}` };
}

/** As Terraform marks them. */
function withoutSecrets(value: unknown, sensitive: unknown): unknown {
  if (sensitive === true) {
    return undefined;
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => withoutSecrets(item, (sensitive as unknown[])?.[index]));
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [name, withoutSecrets(inner, (sensitive as Json)?.[name])]),
      )
    : value;
}

/** Without attributes that are not set; the items of a list keep their places. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutEmpty);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const set = Object.entries(value)
    .map(([name, inner]) => [name, withoutEmpty(inner)] as const)
    .filter(
      ([, inner]) => inner !== null && inner !== "" && (typeof inner !== "object" || Object.keys(inner).length > 0),
    );
  return Object.fromEntries(set);
}

/** JSON with a line for each object that has an address. */
function linesOf(value: unknown, indent = ""): string {
  if (typeof value !== "object" || value === null || ("address" in value && !("resources" in value))) {
    return JSON.stringify(value);
  }
  const deeper = `${indent} `;
  const items = Array.isArray(value)
    ? value.map((item) => linesOf(item, deeper))
    : Object.entries(value).flatMap(([name, inner]) =>
        inner === undefined ? [] : [`${JSON.stringify(name)}: ${linesOf(inner, deeper)}`],
      );
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return items.length === 0
    ? `${open}${close}`
    : `${open}\n${items.map((item) => deeper + item).join(",\n")}\n${indent}${close}`;
}
