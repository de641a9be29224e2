/** The names in expressions, by what they are evaluated for. */

/** A type as far as it is told apart: `dyn` is any. */
export type CelType = "bool" | "int" | "uint" | "double" | "string" | "bytes" | "list" | "null" | "dyn" | CelMessage;

/** Something with fields. */
export interface CelMessage {
  readonly name: string;
  readonly fields: Readonly<Record<string, CelType>>;
}

type Plain = Extract<CelType, string>;

function message(name: string, types: readonly (readonly [type: Plain, names: string])[]): CelMessage {
  const fields = types.flatMap(([type, names]) => names.split(" ").map((field) => [field, type] as const));
  return { name, fields: Object.fromEntries(fields) };
}

const disk = message("disk", [
  ["uint", "size io_size sector_size"],
  ["bool", "readonly rotational cdrom"],
  ["string", "model serial modalias wwid bus_path sub_system transport dev_path pretty_size uuid"],
  ["list", "secondary_disks symlinks"],
]);

const volume = message("volume", [
  ["uint", "size sector_size io_size block_size filesystem_block_size probed_size partition_index"],
  [
    "string",
    "name uuid label partition_uuid partition_type partition_label type device_path parent dev_path parent_dev_path pretty_size",
  ],
]);

const link = message("link", [
  ["uint", "index link_index flags mtu master_index"],
  ["int", "speed_megabits"],
  ["bool", "link_state"],
  ["bytes", "hardware_addr broadcast_addr permanent_addr"],
  [
    "string",
    "queue_disc kind slave_kind bus_path pciid driver driver_version firmware_version product_id vendor_id product vendor alias",
  ],
  ["list", "alt_names"],
  ["dyn", "type operational_state port duplex vlan bridge_master bond_master wireguard vrf_master"],
]);

const UNITS = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "kB", "KB", "MB", "GB", "TB", "PB", "EB"];
const units: Readonly<Record<string, CelType>> = Object.fromEntries(UNITS.map((unit) => [unit, "uint"] as const));

/** The variables of each place; where there is no list, any name is taken. */
export const celVariables = {
  disk: { disk, system_disk: "bool", ...units },
  volume: { volume, disk, system_disk: "bool", ...units },
  member: { volume, disk, system_disk: "bool", volume_id: "string", ...units },
  link: { link },
  oomTrigger: undefined,
  oomRanking: undefined,
} as const satisfies Readonly<Record<string, Readonly<Record<string, CelType>> | undefined>>;

/** What an expression is evaluated for, which decides the names in it. */
export type CelEnvironment = keyof typeof celVariables;
