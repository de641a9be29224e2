/**
 * The model against the JSON Schema that Talos publishes, field by field and release by release: names, types, words
 * and what is required. `npm run test:language` runs it; the schemas are found through `TALOS_SCHEMAS`, and nothing of
 * them is kept here. Every deliberate difference is in a list below with its reason, and each has to be in use.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { ROOT_KIND } from "../../machine-configs/document";
import { documentKinds } from "../../machine-configs/documents";
import type { DocumentKind } from "../../machine-configs/kind";
import { isAtLeast } from "../../machine-configs/releases";

/** One place in a document: `*` stands for the items of a list and the values of a map. */
interface Field {
  readonly type: string;
  readonly words?: readonly string[];
  readonly required: boolean;
}

type Fields = ReadonlyMap<string, Field>;

// --- Deliberate differences ---------------------------------------------------------------------------------------

/** Kinds that the schema names otherwise than Talos' registry, which is what a configuration has to say. */
const RENAMED: Readonly<Record<string, string>> = {
  UnattendedInstall: "UnattendedInstallConfig",
  KubeSpanEndpoints: "KubeSpanEndpointsConfig",
};

/** Kinds that Talos registers and the schema leaves out. */
const UNPUBLISHED = ["ImageVerificationConfig"];

interface Difference {
  readonly reason: string;
  readonly fields: readonly RegExp[];
}

/** Fields that we have and the schema of some release does not. */
const MORE: readonly Difference[] = [
  {
    reason: "Deprecated: Talos still reads it and leaves it out of its documentation, and so out of the schema.",
    fields: [
      /^v1alpha1\.persist$/,
      /^v1alpha1\.machine\.(disks|systemDiskEncryption|network|time|registries|env)(\.|$)/,
      /^v1alpha1\.machine\.install\.(extensions|extraKernelArgs)(\.|$)/,
      /^v1alpha1\.machine\.features\.(rbac|stableHostname|apidCheckExtKeyUsage)$/,
      /^v1alpha1\.cluster\.(etcd\.subnet|allowSchedulingOnMasters|apiServer\.disablePodSecurityPolicy)$/,
    ],
  },
  {
    reason:
      "Replaced by documents in 1.14: still read, so that older configurations stay valid, and no longer documented.",
    fields: [
      /^v1alpha1\.machine\.(controlPlane|kubelet|pods|install|files|sysctls|sysfs|udev|kernel)(\.|$)/,
      /^v1alpha1\.machine\.(baseRuntimeSpecOverrides|nodeLabels|nodeAnnotations|nodeTaints)(\.|$)/,
      /^v1alpha1\.machine\.features\.(kubernetesTalosAPIAccess|kubePrism|hostDNS|imageCache)(\.|$)/,
      /^v1alpha1\.cluster\.(id|secret|controlPlane|clusterName|network|aescbcEncryptionSecret)(\.|$)/,
      /^v1alpha1\.cluster\.(secretboxEncryptionSecret|ca|acceptedCAs|aggregatorCA|serviceAccount)(\.|$)/,
      /^v1alpha1\.cluster\.(apiServer|controllerManager|proxy|scheduler|discovery|coreDNS)(\.|$)/,
      /^v1alpha1\.cluster\.(extraManifests|extraManifestHeaders|inlineManifests|allowSchedulingOnControlPlanes)(\.|$)/,
    ],
  },
  {
    reason: "The schema has the name of the v1alpha1 field here; Talos reads cert.",
    fields: [/^RegistryTLSConfig\.clientIdentity\.cert$/],
  },
  {
    reason: "A list in Talos; the schema shows its items as if they were the field.",
    fields: [
      /^v1alpha1\.(machine|cluster)\.acceptedCAs\.\*(\.crt)?$/,
      /\.encryption\.options\.\*$/,
      /^ContainerConfig\.(dependsOn\.networks|mounts\.\*\.userVolume\.options)\.\*$/,
    ],
  },
];

/** Fields that the schema of some release has and Talos does not read. */
const LESS: readonly Difference[] = [
  {
    reason: "The schema has the name of the v1alpha1 field here; Talos reads cert.",
    fields: [/^RegistryTLSConfig\.clientIdentity\.crt$/],
  },
  {
    reason: "A list in Talos; the schema shows its items as if they were the field.",
    fields: [/^v1alpha1\.(machine|cluster)\.acceptedCAs\.crt$/],
  },
];

/** Fields of another type. */
const OTHER_TYPE: readonly Difference[] = [
  {
    reason: "A list in Talos; the schema shows the words of its items as if they were the field's.",
    fields: [
      /\.encryption\.options$/,
      /^ContainerConfig\.(dependsOn\.networks|mounts\.\*\.userVolume\.options)$/,
      /^v1alpha1\.(machine|cluster)\.acceptedCAs$/,
    ],
  },
  {
    reason: "The schema says only that it is a map; what Talos takes in it is known.",
    fields: [/\.resources$/],
  },
  {
    reason: "A change may take a taint away with $patch: delete; Talos reads a text.",
    fields: [/^KubeNodeConfig\.taints\.\*$/, /^v1alpha1\.machine\.nodeTaints\.\*$/],
  },
  {
    reason: "One of five words in Talos, which the schema calls a whole number.",
    fields: [/^RoutingRuleConfig\.action$/],
  },
  {
    reason: "A URL, which the schema describes as an empty map.",
    fields: [/^v1alpha1\.machine\.logging\.destinations\.\*\.endpoint$/],
  },
  {
    reason:
      "Lists are read since 1.13; the schema before shows texts only. A list is refused there as a value that came later.",
    fields: [/\.extraArgs\.\*$/],
  },
];

/** Fields with other words. */
const OTHER_WORDS: readonly Difference[] = [
  {
    reason: "Not checked by Talos while it reads, or checked on some machines only; a rule says what is wrong.",
    fields: [
      /^v1alpha1\.(version|machine\.type|machine\.files\.\*\.op|machine\.install\.diskSelector\.type)$/,
      /^v1alpha1\.(cluster\.network\.cni\.name|machine\.logging\.destinations\.\*\.format)$/,
      /\.encryption\.cipher$/,
    ],
  },
  {
    reason: "A word that came later than the field is refused as a value that came later.",
    fields: [/\.filesystem\.type$/],
  },
  {
    reason: "Talos reads these words and no others; the schema says only that it is a text.",
    fields: [
      /^VolumeConfig\.name$/,
      /^LVMLogicalVolumeConfig\.type$/,
      /^ContainerConfig\.(security\.profile|network\.mode|mounts\.\*\.\w+\.options\.\*|dependsOn\.networks\.\*)$/,
    ],
  },
];

/** Fields that we demand and the schema does not. */
const MORE_REQUIRED: readonly Difference[] = [
  {
    reason: "Talos' validator refuses the document without it.",
    fields: [
      /^(Volume|UserVolume|RawVolume|SwapVolume|ExistingVolume|ExternalVolume|RAIDArray|KmsgLog|Container)Config\.name$/,
      /^(LVMVolumeGroup|LVMLogicalVolume|KubeAdmissionControl|KubeAuthorizer)Config\.name$/,
      /^(Layer2VIP|HCloudVIP)Config\.(link|apiToken)$/,
      /^ExternalVolumeConfig\.filesystemType$/,
      /^KubeAuthorizerConfig\.type$/,
      /^StaticHostConfig\.hostnames$/,
      /^NetworkRuleConfig\.(portSelector|portSelector\.ports|portSelector\.protocol|ingress\.\*\.subnet)$/,
      /^ResolverConfig\.nameservers\.\*\.address$/,
      /^ExtensionServiceConfig\.configFiles\.\*\.(content|mountPath)$/,
      /^RegistryTLSConfig\.clientIdentity\.(cert|key)$/,
      /^ContainerConfig\.(image|mounts\.\*\.\w+\.(name|source|destination))$/,
      /^(EventSinkConfig\.endpoint|SideroLinkConfig\.apiUrl)$/,
    ],
  },
];

/** Fields that the schema demands and we do not. */
const LESS_REQUIRED: readonly Difference[] = [
  {
    reason: "Talos' validator accepts the document without it.",
    fields: [
      /^(PCIDriverRebindConfig\.(name|targetDriver)|TrustedRootsConfig\.name)$/,
      /^(BridgeConfig|VRFConfig)\.links$/,
      /^RoutingRuleConfig\.table$/,
      /^KubeInlineManifestConfig\.manifest$/,
    ],
  },
  {
    reason: "Demanded unless the component is off, which a rule says.",
    fields: [/^Kube(ControllerManager|Scheduler|Proxy)Config\.image$/],
  },
];

// --- The comparison -----------------------------------------------------------------------------------------------

const folder = process.env["TALOS_SCHEMAS"];
if (folder === undefined)
  throw new Error("TALOS_SCHEMAS names no folder. It has to hold Talos' schemas, 1.11.6.json and so on.");

const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
const used = new Set<RegExp>();
const report: string[] = [];

test("there is a schema of every release", () => {
  expect(files.map((file) => file.split(".").slice(0, 2).join(".")).sort()).toEqual(["1.11", "1.12", "1.13", "1.14"]);
});

describe.each(files)("%s", (file) => {
  const release = file.split(".").slice(0, 2).join(".");
  const theirs = published(JSON.parse(readFileSync(join(folder, file), "utf8")));
  const ours = modelled(release);

  test("has the same kinds", () => {
    const names = [...ours.keys()].filter((kind) => !UNPUBLISHED.includes(kind));
    expect(names.sort()).toEqual([...theirs.keys()].sort());
  });

  test("has the same fields", () => {
    const differences: string[] = [];
    let fields = 0;
    let same = 0;
    let exact = 0;
    for (const [kind, expected] of theirs) {
      const found = ours.get(kind) ?? new Map<string, Field>();
      for (const [path, field] of expected) {
        fields += 1;
        const problems = differencesOf(`${kind}.${path}`, field, found.get(path));
        if (problems.length === 0) same += 1;
        if (isSame(field, found.get(path))) exact += 1;
        differences.push(...problems);
      }
      for (const path of found.keys()) {
        const name = `${kind}.${path}`;
        if (!expected.has(path) && !isInside(path, expected) && !deliberate(MORE, name))
          differences.push(`${name}: not in the schema`);
      }
    }
    const share = ((100 * same) / fields).toFixed(2);
    const apart = `${fields - exact} of them deliberately otherwise`;
    report.push(`${file}: ${theirs.size} kinds, ${same} of ${fields} fields (${share} %), ${apart}`);
    expect(differences).toEqual([]);
  });
});

test("every deliberate difference is one", () => {
  const all = [MORE, LESS, OTHER_TYPE, OTHER_WORDS, MORE_REQUIRED, LESS_REQUIRED]
    .flat()
    .flatMap(({ fields }) => fields);
  expect(all.filter((field) => !used.has(field)).map(String)).toEqual([]);
});

afterAll(() => {
  process.stdout.write(`\nThe language as Talos publishes it\n${report.join("\n")}\n`);
});

function differencesOf(name: string, expected: Field, found: Field | undefined): readonly string[] {
  if (found === undefined) return deliberate(LESS, name) ? [] : [`${name}: missing`];
  const problems: string[] = [];
  if (expected.type !== "any" && expected.type !== found.type && !deliberate(OTHER_TYPE, name)) {
    problems.push(`${name}: ${found.type} instead of ${expected.type}`);
  }
  const words = [expected, found].map((field) => [...(field.words ?? [])].sort().join(" "));
  if (words[0] !== words[1] && !deliberate(OTHER_TYPE, name) && !deliberate(OTHER_WORDS, name)) {
    problems.push(`${name}: the words ${words[1]} instead of ${words[0]}`);
  }
  if (found.required && !expected.required && !deliberate(MORE_REQUIRED, name)) problems.push(`${name}: required`);
  if (!found.required && expected.required && !deliberate(LESS_REQUIRED, name)) problems.push(`${name}: not required`);
  return problems;
}

function isSame(expected: Field, found: Field | undefined): boolean {
  return JSON.stringify(comparable(expected)) === JSON.stringify(comparable(found));
}

function comparable(field: Field | undefined) {
  return [field?.type, [...(field?.words ?? [])].sort(), field?.required];
}

function deliberate(differences: readonly Difference[], name: string): boolean {
  const found = differences.flatMap(({ fields }) => fields).filter((field) => field.test(name));
  for (const field of found) used.add(field);
  return found.length > 0;
}

/** Whether the schema says nothing about the inside of a field. */
function isInside(path: string, fields: Fields): boolean {
  const steps = path.split(".");
  return steps.some((_, index) => fields.get(steps.slice(0, index).join("."))?.type === "any map");
}

// --- The model ----------------------------------------------------------------------------------------------------

function modelled(release: string): ReadonlyMap<string, Fields> {
  const known = documentKinds.filter(({ since }) => isAtLeast(release, since));
  return new Map(known.map((kind) => [kind.kind, fieldsOf(kind, release)]));
}

function fieldsOf(kind: DocumentKind, release: string): Fields {
  const fields = new Map<string, Field>();
  const later = (kind.later ?? []).filter(({ since }) => !isAtLeast(release, since)).map(({ path }) => path.join("."));
  const generated = (kind.generated ?? []).map((path) => path.join("."));
  visit(kind.schema, [], (path, schema) => {
    const name = path.join(".");
    if (path.length === 0 || later.some((prefix) => name === prefix || name.startsWith(`${prefix}.`))) return;
    const required = path.at(-1) !== "*" && (!(schema instanceof z.ZodOptional) || generated.includes(name));
    fields.set(name, { ...typeOf(schema), required });
  });
  return fields;
}

function visit(
  schema: z.core.$ZodType,
  path: readonly string[],
  each: (path: readonly string[], schema: z.core.$ZodType) => void,
): void {
  each(path, schema);
  const inner = bare(schema);
  if (inner instanceof z.ZodArray) visit(inner.element, [...path, "*"], each);
  if (inner instanceof z.ZodRecord && !(bare(inner.valueType) instanceof z.ZodUnknown)) {
    visit(inner.valueType, [...path, "*"], each);
  }
  if (!(inner instanceof z.ZodObject)) return;
  for (const [key, field] of Object.entries<z.core.$ZodType>(inner.shape)) visit(field, [...path, key], each);
}

/** Without what only says that it may be left out, or be the empty text instead. */
function bare(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional) return bare(schema.unwrap());
  if (!(schema instanceof z.ZodUnion)) return schema;
  const [first, second, ...more] = schema.options;
  return first !== undefined && more.length === 0 && second instanceof z.ZodLiteral ? bare(first) : schema;
}

function typeOf(schema: z.core.$ZodType): Pick<Field, "type" | "words"> {
  const inner = bare(schema);
  const words = inner instanceof z.ZodEnum ? inner.options : inner instanceof z.ZodLiteral ? [...inner.values] : [];
  if (words.some((word) => typeof word === "string"))
    return { type: "string", words: words.map(String).filter((word) => word !== "") };
  if (inner instanceof z.ZodString) return { type: "string" };
  if (inner instanceof z.ZodNumber) return { type: "integer" };
  if (inner instanceof z.ZodBoolean || inner instanceof z.ZodLiteral) return { type: "boolean" };
  if (inner instanceof z.ZodArray) return { type: "list" };
  if (inner instanceof z.ZodObject) return { type: "map" };
  if (inner instanceof z.ZodRecord) return { type: bare(inner.valueType) instanceof z.ZodUnknown ? "any map" : "map" };
  if (inner instanceof z.ZodUnion)
    return { type: [...new Set(inner.options.map((one) => typeOf(one).type))].sort().join(" or ") };
  return { type: inner.constructor.name };
}

// --- What Talos publishes -----------------------------------------------------------------------------------------

interface Published {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly Published[];
  readonly items?: Published;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Published>>;
  readonly patternProperties?: Readonly<Record<string, Published>>;
  readonly additionalProperties?: boolean | Published;
}

function published(document: { readonly $defs: Readonly<Record<string, Published>> }): ReadonlyMap<string, Fields> {
  const resolve = (schema: Published): Published =>
    schema.$ref === undefined ? schema : resolve(document.$defs[schema.$ref.split("/").at(-1) ?? ""] ?? {});
  const kinds = new Map<string, Fields>();
  for (const [name, definition] of Object.entries(document.$defs)) {
    const [kind = name === "v1alpha1.Config" ? ROOT_KIND : undefined] = definition.properties?.["kind"]?.enum ?? [];
    if (typeof kind !== "string") continue;
    const fields = new Map<string, Field>();
    inside(definition, [], resolve, fields);
    kinds.set(RENAMED[kind] ?? kind, fields);
  }
  return kinds;
}

function inside(
  schema: Published,
  path: readonly string[],
  resolve: (schema: Published) => Published,
  fields: Map<string, Field>,
): void {
  const add = (key: string, given: Published, required: boolean) => {
    const field = resolve(given);
    fields.set([...path, key].join("."), { ...publishedType(field), required });
    inside(field, [...path, key], resolve, fields);
  };
  if (schema.items !== undefined) add("*", schema.items, false);
  const { additionalProperties: any } = schema;
  const values = schema.patternProperties?.[".*"] ?? (typeof any === "object" ? any : undefined);
  if (values !== undefined) add("*", values, false);
  for (const [key, field] of Object.entries(schema.properties ?? {})) {
    const header = path.length === 0 && (key === "apiVersion" || key === "kind");
    if (!header) add(key, field, schema.required?.includes(key) ?? false);
  }
}

function publishedType(schema: Published): Pick<Field, "type" | "words"> {
  if (schema.enum !== undefined) return { type: "string", words: schema.enum.map(String) };
  if (schema.oneOf !== undefined) {
    return { type: [...new Set(schema.oneOf.map((one) => publishedType(one).type))].sort().join(" or ") };
  }
  if (schema.type === "array") return { type: "list" };
  if (schema.type !== "object") return { type: schema.type ?? "any" };
  const open = schema.properties === undefined && schema.patternProperties === undefined;
  return { type: open && schema.additionalProperties === undefined ? "any map" : "map" };
}
