/** The names in expressions, by what they are evaluated for. */
import type { TalosMinor } from "../releases";

/** A type as far as it is told apart: `dyn` is any, `list` is one of anything, and `texts` is one of texts. */
export type CelType =
  | ("bool" | "int" | "uint" | "double" | "string" | "bytes" | "duration" | "list" | "texts" | "null" | "dyn")
  | CelMessage;

/** Something with fields. */
export interface CelMessage {
  readonly name: string;
  readonly fields: Readonly<Record<string, CelType>>;
}

function message(name: string, types: readonly (readonly [type: CelType, names: string])[]): CelMessage {
  const fields = types.flatMap(([type, names]) => names.split(" ").map((field) => [field, type] as const));
  return { name, fields: Object.fromEntries(fields) };
}

const disk = message("disk", [
  ["uint", "size io_size sector_size"],
  ["bool", "readonly rotational cdrom"],
  ["string", "model serial modalias wwid bus_path sub_system transport dev_path pretty_size uuid"],
  ["texts", "secondary_disks symlinks"],
]);

const volume = message("volume", [
  ["uint", "size sector_size io_size block_size filesystem_block_size probed_size partition_index"],
  [
    "string",
    "name uuid label partition_uuid partition_type partition_label type device_path parent dev_path parent_dev_path pretty_size",
  ],
]);

const vlan = message("link.vlan", [
  ["uint", "vid"],
  ["int", "protocol"],
]);

const bridge = message("link.bridge_master", [
  [message("link.bridge_master.stp", [["bool", "enabled"]]), "stp"],
  [message("link.bridge_master.vlan", [["bool", "filtering_enabled"]]), "vlan"],
]);

const vrf = message("link.vrf_master", [["int", "table"]]);

const link = message("link", [
  ["uint", "index link_index flags mtu master_index"],
  ["int", "speed_megabits type operational_state port duplex"],
  ["bool", "link_state"],
  ["bytes", "hardware_addr broadcast_addr permanent_addr"],
  [
    "string",
    "queue_disc kind slave_kind bus_path pciid driver driver_version firmware_version product_id vendor_id product vendor alias",
  ],
  ["texts", "alt_names"],
  [vlan, "vlan"],
  [bridge, "bridge_master"],
  [vrf, "vrf_master"],
  // Their fields differ by release.
  ["dyn", "bond_master wireguard"],
]);

/** A number that may not be there. */
const optional = message("optional", []);

const units = all("uint", "KiB MiB GiB TiB PiB EiB kB MB GB TB PB EB");
const classes = all("int", "Besteffort Burstable Guaranteed Podruntime System");

/** Pressure on memory: each as it is, and since the last look (`d_`). */
const pressure = ["memory_some", "memory_full"]
  .flatMap((one) => ["avg10", "avg60", "avg300", "total"].map((span) => `${one}_${span}`))
  .flatMap((one) => [one, `d_${one}`]);
const usage = ["current", "peak", "max"].flatMap((one) => [`qos_memory_${one}`, `d_qos_memory_${one}`]);

function all(type: CelType, names: string): Readonly<Record<string, CelType>> {
  return Object.fromEntries(names.split(" ").map((name) => [name, type] as const));
}

/** What an expression may name. */
export interface CelNames {
  readonly variables: Readonly<Record<string, CelType>>;
  /** Functions that are not everywhere. */
  readonly functions?: readonly string[];
  /** Names that came later. */
  readonly later?: Readonly<Record<string, TalosMinor>>;
}

const OPTIONAL = "optional of none ofNonZeroValue hasValue value or orValue optMap optFlatMap".split(" ");

/** The names of each place. */
export const celNames = {
  disk: { variables: { disk, system_disk: "bool", ...units }, functions: ["glob"] },
  volume: {
    variables: { volume, disk, system_disk: "bool", ...units },
    functions: ["glob"],
    later: { system_disk: "1.14", glob: "1.14" },
  },
  member: { variables: { volume, disk, system_disk: "bool", volume_id: "string", ...units }, functions: ["glob"] },
  link: { variables: { link }, functions: ["glob", "mac"] },
  oomTrigger: {
    variables: {
      ...all("double", pressure.join(" ")),
      ...all("dyn", [...pressure.map((one) => one.replace("memory", "qos_memory")), ...usage].join(" ")),
      time_since_trigger: "duration",
      ...units,
      ...classes,
    },
    functions: ["multiply_qos_vectors", ...OPTIONAL],
    later: { multiply_qos_vectors: "1.13", ...Object.fromEntries(usage.map((one) => [one, "1.13"] as const)) },
  },
  oomRanking: {
    variables: {
      ...all(optional, "memory_max memory_current memory_peak"),
      path: "string",
      class: "int",
      ...units,
      ...classes,
    },
    functions: OPTIONAL,
  },
} as const satisfies Readonly<Record<string, CelNames>>;

/** What an expression is evaluated for, which decides the names in it. */
export type CelEnvironment = keyof typeof celNames;

/** A function. */
export interface CelFunction {
  readonly yields: CelType;
  /** What it takes, with what stands before the dot as the first. @default - anything, which is not looked at */
  readonly takes?: readonly (readonly CelType[])[];
}

const OF_TEXT = [["string"], ["string"]] as const;

/** All functions. */
export const celFunctions: Readonly<Record<string, CelFunction>> = {
  size: { yields: "int", takes: [["string", "bytes", "list", "texts"]] },
  contains: { yields: "bool", takes: OF_TEXT },
  startsWith: { yields: "bool", takes: OF_TEXT },
  endsWith: { yields: "bool", takes: OF_TEXT },
  matches: { yields: "bool", takes: OF_TEXT },
  glob: { yields: "bool", takes: OF_TEXT },
  mac: { yields: "string", takes: [["bytes"]] },
  multiply_qos_vectors: { yields: "double" },
  ...calls("bool", "bool has all exists exists_one hasValue"),
  ...calls("string", "string"),
  ...calls("bytes", "bytes"),
  ...calls("int", "int"),
  ...calls("uint", "uint"),
  ...calls("double", "double"),
  ...calls("duration", "duration"),
  ...calls("list", "filter"),
  ...calls("dyn", "map dyn type timestamp optional of none ofNonZeroValue value or orValue optMap optFlatMap"),
  ...calls("int", "getFullYear getMonth getDate getDayOfMonth getDayOfWeek getDayOfYear"),
  ...calls("int", "getHours getMinutes getSeconds getMilliseconds"),
};

/** Functions that not every place has. */
export const placedFunctions: ReadonlySet<string> = new Set(
  Object.values<CelNames>(celNames).flatMap(({ functions = [] }) => functions),
);

function calls(yields: CelType, names: string): Readonly<Record<string, CelFunction>> {
  return Object.fromEntries(names.split(" ").map((name) => [name, { yields }] as const));
}
