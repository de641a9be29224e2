/** Moves of what belongs to the operating system. */
import { installDiskAssumed } from "../../errors";
import { criCustomizationConfig } from "../documents/cri-customization-config";
import { etcFileConfig } from "../documents/etc-file-config";
import { kernelModuleConfig } from "../documents/kernel-module-config";
import { sysctlConfig } from "../documents/sysctl-config";
import { sysfsConfig } from "../documents/sysfs-config";
import { udevRulesConfig } from "../documents/udev-rules-config";
import { unattendedInstallConfig } from "../documents/unattended-install-config";
import { bytesOf } from "../rules/sizes";
import {
  becomes,
  becomesNothing,
  type Move,
  move,
  moveFields,
  type Outcome,
  remains,
  rename,
  type Scope,
  undecided,
  type ValueOf,
  withoutDocument,
} from "./move";

const IN_SCHEMATIC = withoutDocument("Put it into the schematic of the image, and delete the section.");

export const machineMoves: readonly Move[] = [
  rename("machine.env", "EnvironmentConfig.variables"),
  rename("machine.sysctls", "SysctlConfig.params", { deletion: sysctlConfig.deletion }),
  rename("machine.sysfs", "SysfsConfig.params", { deletion: sysfsConfig.deletion }),
  move("machine.kernel.modules.*", ["KernelModuleConfig"], ({ name = "", parameters }) =>
    becomes([kernelModuleConfig.build({ name, parameters })]),
  ),
  rename("machine.udev.rules", "UdevRulesConfig.rules", { deletion: udevRulesConfig.deletion }),
  rename("machine.baseRuntimeSpecOverrides", "CRIBaseRuntimeSpecConfig.overrides"),
  rename("machine.features.imageCache.localEnabled", "ImageCacheConfig.local.enabled"),
  move("machine.files.*", ["CRICustomizationConfig", "EtcFileConfig"], fileOutcome),
  move("machine.systemDiskEncryption.*", ["VolumeConfig"], (encryption, { key }) =>
    becomes([
      {
        apiVersion: "v1alpha1",
        kind: "VolumeConfig",
        name: key.toUpperCase(),
        encryption: { ...encryption, provider: encryption.provider || "luks2" },
      },
    ]),
  ),
  moveFields(
    "machine.install",
    ["disk", "diskSelector", "image", "wipe"],
    ["UnattendedInstallConfig"],
    installOutcome,
    {
      deletes: true,
      deletion: unattendedInstallConfig.deletion,
    },
  ),
  move("machine.install.grubUseUKICmdline", ["UnattendedInstallConfig"], (uses) =>
    uses ? becomesNothing("it is always so") : IN_SCHEMATIC,
  ),
  move("machine.install.legacyBIOSSupport", ["UnattendedInstallConfig"], (supports) =>
    supports ? withoutDocument("Boot by UEFI, or delete it.") : becomesNothing("it is off"),
  ),
  remains("machine.install.extraKernelArgs", IN_SCHEMATIC, { since: "1.14" }),
  remains("machine.install.extensions", IN_SCHEMATIC, { since: "1.14" }),
  remains(
    "machine.disks",
    undecided(
      "Give each partition as a UserVolumeConfig, mounted below /var/mnt, or take it over with an ExistingVolumeConfig.",
    ),
    { since: "1.14" },
  ),
];

/** The one file outside of /var that Talos wrote whatever the operation was. */
const CRI_PART = "/etc/cri/conf.d/20-customization.part";

function fileOutcome({ path = "", op, content = "", permissions }: ValueOf<"machine.files.*">): Outcome {
  if (path === CRI_PART) return becomes([criCustomizationConfig.build({ name: "20-customization", content })]);
  if (!path.startsWith("/etc/")) return withoutDocument("Keep the section, which Talos still reads.");
  if (op === "append") return undecided("Give all of the file as an EtcFileConfig, which replaces it.");
  const name = path.slice("/etc/".length);
  return becomes([etcFileConfig.build({ name, mode: permissions || undefined, contents: content })]);
}

type Install = NonNullable<ValueOf<"machine.install">>;

/** The disk that the generator writes. */
const GENERATED_DISK = "/dev/sda";

/** The document is always complete: merging would empty an expression that is not repeated, and wiping is its default. */
function installOutcome(
  { disk, diskSelector, image, wipe }: Pick<Install, "disk" | "diskSelector" | "image" | "wipe">,
  { whole, deleted: deletions }: Scope,
): Outcome {
  if (diskSelector?.name || (diskSelector?.type && TYPES[diskSelector.type] === undefined)) {
    return withoutDocument("Select the disk by its properties, or by its path.");
  }
  // A patch deletes the generated disk when it selects another one.
  if (deletions.some((path) => diskSelector === undefined || path.join(".") !== "disk")) {
    return undecided("Say what is installed where, instead of deleting parts of it.");
  }
  const assumed = diskSelector === undefined && !disk;
  if (assumed && whole) return undecided("Say which disk Talos is installed on.");
  const match = diskSelector === undefined ? diskAt(disk || GENERATED_DISK) : diskLike(diskSelector);
  const document = unattendedInstallConfig.build({
    installer: image ? { image } : undefined,
    provisioning: { diskSelector: { match }, wipe: wipe ?? (whole ? false : undefined) },
  });
  return becomes([document], ...(assumed ? [installDiskAssumed] : []));
}

function diskAt(path: string): string {
  const text = JSON.stringify(path);
  return path.startsWith("/dev/disk/") ? `${text} in disk.symlinks` : `disk.dev_path == ${text}`;
}

/** The expression that Talos makes of a selector. */
function diskLike({ size, type, busPath, ...texts }: NonNullable<Install["diskSelector"]>): string {
  const [, operator = "", amount = ""] = /^([<>]=?|==)?\s*(.*)$/.exec(size ?? "") ?? [];
  const like = (field: string, pattern = "") =>
    pattern === "" ? [] : [`glob(${JSON.stringify(pattern)}, disk.${field})`];
  return [
    ...(amount === "" ? [] : [`disk.size ${operator || "=="} ${bytesOf(amount)}u`]),
    ...(["uuid", "wwid", "model", "serial", "modalias"] as const).flatMap((field) => like(field, texts[field])),
    'disk.transport != ""',
    ...(type ? [TYPES[type]] : []),
    ...like("bus_path", busPath),
    "!disk.readonly",
    "!disk.cdrom",
  ].join(" && ");
}

const TYPES: Readonly<Record<string, string>> = {
  nvme: 'disk.transport == "nvme"',
  sd: 'disk.transport == "mmc"',
  hdd: "disk.rotational",
  ssd: "!disk.rotational",
};
