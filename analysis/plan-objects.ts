import * as z from "zod";
import { notAPlan, ProblemsError } from "../errors";
import { grouped } from "./grouped";
import { type PlanAction, planAction, planVersion, readPlanJson } from "./plan-json";
import { isValues, textOf, type Values } from "./values";

/** A plan, as far as the guard reads it. What it holds of the attributes may be secret: print none of it. */
export interface GuardedPlan {
  /** What it is called in messages: the file or the stack. */
  readonly name: string;
  /** What there is, what would become of it, and the data that was read. */
  readonly objects: readonly PlannedObject[];
  /** The same by the address of their configuration. */
  readonly configured: ReadonlyMap<string, readonly PlannedObject[]>;
  /** What was deleted behind Terraform's back, as it was. */
  readonly vanished: readonly PlannedObject[];
  /** The configuration by address, without keys of `count` and `for_each`. */
  readonly configuration: ReadonlyMap<string, Configured>;
  /** The only endpoint that the configuration names, also of what is no longer in it. */
  readonly endpoint: string | undefined;
}

/** A resource or a data source of a plan. */
export interface PlannedObject {
  readonly plan: string;
  readonly address: string;
  /** Address of its module, keys included; empty for the root. */
  readonly module: string;
  /** What it is called in its module, without a key: `talos_machine.a`, `data.talos_machine_configuration.b`. */
  readonly local: string;
  readonly type: string;
  readonly index: string | number | undefined;
  readonly actions: readonly PlanAction[];
  /** Its attributes as they are, if it exists. */
  readonly before: Values | undefined;
  /** Its attributes as they would be, as far as they are known. */
  readonly after: Values | undefined;
  /** Which of them are known only at apply, as the plan says it. */
  readonly unknown: unknown;
  /** The attributes for which it is replaced, dotted and without indexes. */
  readonly replacePaths: readonly string[];
}

/** What the configuration says about a resource. */
export interface Configured {
  /** What an attribute is computed from, in words of the module. */
  readonly references: Readonly<Record<string, readonly string[]>>;
  /** Addresses of the configuration that Terraform works on before. */
  readonly follows: readonly string[];
  /** Where its provider connects to, if that is written there literally. */
  readonly endpoint: string | undefined;
}

/**
 * The attributes that are read, by type of resource and data source; `all` of a VM, since a change of any may restart
 * it. Everything else in a plan is left alone.
 */
export const attributesRead: Readonly<Record<string, readonly string[] | "all">> = {
  proxmox_cloned_vm: "all",
  proxmox_haresource: ["resource_id", "state"],
  proxmox_virtual_environment_cloned_vm: "all",
  proxmox_virtual_environment_haresource: ["resource_id", "state"],
  proxmox_virtual_environment_vm: "all",
  proxmox_virtual_environment_vm2: "all",
  proxmox_vm: "all",
  talos_cluster: ["node", "control_plane_nodes"],
  talos_machine: ["node", "client_configuration", "image", "machine_configuration", "on_destroy"],
  talos_machine_bootstrap: ["node"],
  talos_machine_configuration: ["cluster_endpoint", "cluster_name", "machine_type", "talos_version"],
  talos_machine_configuration_apply: [
    "node",
    "apply_mode",
    "client_configuration",
    "machine_configuration_input",
    "on_destroy",
    "resolved_apply_mode",
  ],
  talos_machine_secrets: [],
};

/** Reads `terraform show -json <plan>`. Throws a {@link ProblemsError} about anything else, without what is in it. */
export function readPlan(plan: unknown, name: string): GuardedPlan {
  const { resource_changes, resource_drift, prior_state, configuration, errored, values } = readPlanJson(
    planJson,
    plan,
    name,
  );
  if (values !== undefined || errored === true) {
    throw new ProblemsError([notAPlan(name, errored === true ? "planning failed half-way" : "it is a state")]);
  }
  const planned = resource_changes.map((change) => planObject(name, change));
  const known = new Set(planned.map(({ address }) => address));
  const others = stateResources(prior_state?.values?.root_module).filter(({ address }) => !known.has(address));
  const providers = configuration?.provider_config ?? {};
  const endpoints = new Set(Object.keys(providers).flatMap((key) => endpointOf(providers, key) ?? []));
  const objects = [...planned, ...others.map((resource) => stateObject(name, resource))];
  return {
    name,
    objects,
    configured: grouped(objects, configurationOf),
    vanished: resource_drift
      .filter(({ change }) => change.actions.includes("delete"))
      .map((change) => ({ ...planObject(name, change), actions: [], after: undefined })),
    configuration: new Map(configuredIn(configuration?.root_module, "", providers)),
    endpoint: endpoints.size === 1 ? [...endpoints][0] : undefined,
  };
}

/**
 * The objects of the same plan that an attribute is computed from. Of a `for_each` it is the one with the same key, and
 * none if that is gone: what the others are tells nothing about it.
 */
export function referredTo(object: PlannedObject, attributes: readonly string[], plan: GuardedPlan): PlannedObject[] {
  const references = plan.configuration.get(configurationOf(object))?.references;
  const names = new Set(attributes.flatMap((attribute) => references?.[attribute] ?? []));
  const named = [...names]
    .flatMap((local) => plan.configured.get(configurationOf({ ...object, local })) ?? [])
    .filter(({ module }) => module === object.module);
  const exact = named.filter(({ local, index }) => names.has(`${local}[${JSON.stringify(index)}]`));
  const alike = named.filter(
    ({ index }) => index === undefined || object.index === undefined || index === object.index,
  );
  return exact.length > 0 ? exact : alike;
}

/** What tells an object from those of all plans. */
export function keyOf({ plan, address }: PlannedObject): string {
  return JSON.stringify([plan, address]);
}

/** The address of an object's configuration. */
export function configurationOf({ module, local }: PlannedObject): string {
  return `${module === "" ? "" : `${withoutKeys(module)}.`}${local}`;
}

/**
 * An attribute as far as it is read. Of a machine configuration that is what the machine is, as a configuration of its
 * own; of credentials it is the CA, by which a cluster is known. The rest of both is secret, and not kept.
 */
export function partRead(name: string, value: unknown): unknown {
  if (name === "client_configuration") {
    return isValues(value) ? { ca_certificate: value["ca_certificate"] } : undefined;
  }
  return name.startsWith("machine_configuration") ? machineTypeIn(typeof value === "string" ? value : "") : value;
}

function machineTypeIn(configuration: string): string {
  const [, section = ""] = /^machine:.*\n((?:[ \t#].*\n|\n)*)/m.exec(`${configuration}\n`) ?? [];
  const [, indent = ""] = /^([ \t]+)[^\s#]/m.exec(section) ?? [];
  const [, type] = new RegExp(`^${indent}type:[ \\t]*["']?(\\w+)`, "m").exec(section) ?? [];
  return type === undefined ? "" : `machine:\n  type: ${type}\n`;
}

const values = z.record(z.string(), z.unknown());

const identified = {
  address: z.string(),
  mode: z.string(),
  type: z.string(),
  name: z.string(),
  index: z.union([z.string(), z.number()]).optional(),
};

const resourceChange = z.object({
  ...identified,
  module_address: z.string().default(""),
  deposed: z.string().optional(),
  change: z.object({
    actions: z.array(planAction),
    before: values.nullish(),
    after: values.nullish(),
    after_unknown: z.unknown().optional(),
    replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).default([]),
  }),
});

const stateResource = z.object({ ...identified, values: values.default({}) });

const stateModule = z.object({
  address: z.string().default(""),
  resources: z.array(stateResource).default([]),
  get child_modules() {
    return z.array(stateModule).default([]);
  },
});

const configuredResource = z.object({
  address: z.string(),
  provider_config_key: z.string().default(""),
  expressions: values.default({}),
  depends_on: z.array(z.string()).default([]),
});

/** A module as the configuration in a plan has it. */
export const configuredModule = z.object({
  resources: z.array(configuredResource).default([]),
  get module_calls() {
    return z.record(z.string(), z.object({ module: configuredModule })).default({});
  },
});

const planJson = z.object({
  format_version: planVersion,
  errored: z.boolean().optional(),
  resource_changes: z.array(resourceChange).default([]),
  resource_drift: z.array(resourceChange).default([]),
  prior_state: z.object({ values: z.object({ root_module: stateModule }).partial().optional() }).optional(),
  configuration: z
    .object({
      root_module: configuredModule,
      provider_config: z.record(z.string(), z.object({ expressions: values }).partial()),
    })
    .partial()
    .optional(),
  values: z.unknown().optional(),
});

type Named = z.infer<typeof stateResource> | z.infer<typeof resourceChange>;

function planObject(plan: string, resource: z.infer<typeof resourceChange>): PlannedObject {
  const { module_address, deposed, change } = resource;
  return {
    ...identity(plan, resource, module_address),
    // An object that a replacement left behind has the address of the one that took its place.
    address: deposed === undefined ? resource.address : `${resource.address} (deposed ${deposed})`,
    actions: change.actions,
    before: attributesOf(resource.type, change.before),
    after: attributesOf(resource.type, change.after),
    unknown: change.after_unknown,
    replacePaths: change.replace_paths.map((path) => path.filter((step) => typeof step === "string").join(".")),
  };
}

function stateObject(plan: string, resource: StateResource): PlannedObject {
  const before = attributesOf(resource.type, resource.values);
  const untouched = { actions: ["no-op" as const], before, after: before, unknown: {}, replacePaths: [] };
  return { ...identity(plan, resource, resource.module), ...untouched };
}

function identity(plan: string, { address, mode, type, name, index }: Named, module: string) {
  return { plan, address, module, local: `${mode === "data" ? "data." : ""}${type}.${name}`, type, index };
}

type StateResource = z.infer<typeof stateResource> & { readonly module: string };

function stateResources(module: z.infer<typeof stateModule> | undefined): StateResource[] {
  return module === undefined
    ? []
    : [
        ...module.resources.map((resource) => ({ ...resource, module: module.address })),
        ...module.child_modules.flatMap(stateResources),
      ];
}

function attributesOf(type: string, all: Values | null | undefined): Values | undefined {
  if (all === null || all === undefined) {
    return undefined;
  }
  const read = attributesRead[type] ?? [];
  const names = read === "all" ? Object.keys(all) : read;
  return Object.fromEntries(names.map((name) => [name, read === "all" ? all[name] : partRead(name, all[name])]));
}

type ProviderConfigs = Readonly<Record<string, { readonly expressions?: Values | undefined }>>;

function configuredIn(
  module: z.infer<typeof configuredModule> | undefined,
  path: string,
  providers: ProviderConfigs,
): [string, Configured][] {
  if (module === undefined) {
    return [];
  }
  const known = new Set(module.resources.map(({ address }) => address));
  const own = module.resources.map(
    ({ address, expressions, depends_on, provider_config_key }): [string, Configured] => {
      const references = Object.fromEntries(
        Object.entries(expressions).map(([attribute, expression]) => [attribute, referencesIn(expression)]),
      );
      const before = [...depends_on, ...Object.values(references).flat()].filter((name) => known.has(name));
      return [
        path + address,
        {
          references,
          follows: [...new Set(before)].map((name) => path + name),
          endpoint: endpointOf(providers, provider_config_key),
        },
      ];
    },
  );
  const inner = Object.entries(module.module_calls).flatMap(([name, call]) =>
    configuredIn(call.module, `${path}module.${name}.`, providers),
  );
  return [...own, ...inner];
}

/** Terraform names both `a.b.c` and, after it, `a.b`. */
export function referencesIn(expression: unknown): string[] {
  if (Array.isArray(expression)) {
    return expression.flatMap(referencesIn);
  }
  if (!isValues(expression)) {
    return [];
  }
  const { references, ...inner } = expression;
  const own = Array.isArray(references) ? references.filter((name) => typeof name === "string") : [];
  return [...own, ...Object.values(inner).flatMap(referencesIn)];
}

/** In Terraform's JSON syntax a text with references is said to be constant as well. */
function endpointOf(providers: ProviderConfigs, key: string): string | undefined {
  const expression = providers[key]?.expressions?.["endpoint"];
  return isValues(expression) && expression["references"] === undefined
    ? textOf(expression, "constant_value")
    : undefined;
}

/** An address as the configuration has it. */
export function withoutKeys(module: string): string {
  return module.replace(/\[(?:"(?:\\.|[^"\\])*"|\d+)\]/g, "");
}
