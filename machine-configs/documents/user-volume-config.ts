import { fieldNotAllowed, type Problem } from "../../errors";
import type { At } from "../document";
import { type DocumentScope, defineDocument, type FieldsOf } from "../kind";
import { isAtLeast } from "../releases";
import { volumeName } from "../rules/names";
import { byteSize } from "../rules/sizes";
import { word } from "../rules/values";
import {
  encryption,
  laterEncryption,
  laterSizes,
  provisioning,
  secretPassphrases,
  upkeep,
  upkeepProblems,
  volumeProblems,
} from "../rules/volumes";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    name: volumeName(),
    volumeType: word(["directory", "disk", "partition"]).optional(),
    provisioning: provisioning().optional(),
    filesystem: z
      .strictObject({
        type: word(["ext4", "xfs", "btrfs"]).optional(),
        projectQuotaSupport: z.boolean().optional(),
        xfs: z.strictObject({ minAllocationGroupSize: byteSize().optional() }).optional(),
      })
      .optional(),
    encryption: encryption().optional(),
    mount: z.strictObject({ disableAccessTime: z.boolean().optional(), secure: z.boolean().optional() }).optional(),
    trim: upkeep().optional(),
    scrub: upkeep().optional(),
  });

/** A volume for the cluster's data, mounted at `/var/mnt/<name>`. */
export type UserVolumeFields = FieldsOf<typeof fields>;

export const userVolumeConfig = defineDocument({
  kind: "UserVolumeConfig",
  since: "1.11",
  fields,
  later: [
    { since: "1.12", path: ["volumeType"] },
    { since: "1.13", path: ["mount"] },
    { since: "1.14", path: ["filesystem", "xfs"] },
    { since: "1.14", path: ["trim"] },
    { since: "1.14", path: ["scrub"] },
    ...laterEncryption,
  ],
  laterValues: [{ since: "1.14", path: ["filesystem", "type"], is: (type) => type === "btrfs" }, ...laterSizes],
  secrets: secretPassphrases,
  problems,
});

function problems(volume: UserVolumeFields, at: At, { talos }: DocumentScope): readonly Problem[] {
  const upkept = [
    ...upkeepProblems(volume.trim?.interval, at("trim", "interval")),
    ...upkeepProblems(volume.scrub?.interval, at("scrub", "interval")),
  ];
  if (volume.volumeType === "directory") return [...directoryProblems(volume, at, talos), ...upkept];
  const sized = volume.volumeType !== "disk";
  return [...volumeProblems(volume, { required: true, sized }, at), ...filesystemProblems(volume, at), ...upkept];
}

/** A directory has the disk, the filesystem and the encryption of the volume that it is in. */
function directoryProblems(volume: UserVolumeFields, at: At, talos: string | undefined): readonly Problem[] {
  const found = (["provisioning", "encryption", "filesystem"] as const)
    .filter((section) => !isEmpty(volume[section]))
    .map((section) => fieldNotAllowed(at(section), "on a volume that is a directory"));
  const { disableAccessTime, secure } = volume.mount ?? {};
  if (disableAccessTime !== undefined) {
    found.push(fieldNotAllowed(at("mount", "disableAccessTime"), "on a volume that is a directory"));
  }
  if (secure !== undefined && talos !== undefined && !isAtLeast(talos, "1.14")) {
    found.push(fieldNotAllowed(at("mount", "secure"), "on a volume that is a directory"));
  }
  return found;
}

function isEmpty(section: object | undefined): boolean {
  return Object.values(section ?? {}).every((field) => field === undefined || field === "" || isEmptyMap(field));
}

function isEmptyMap(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function filesystemProblems({ filesystem = {} }: UserVolumeFields, at: At): readonly Problem[] {
  const { type = "xfs", projectQuotaSupport, xfs } = filesystem;
  if (type === "xfs") return [];
  const found: Problem[] = [];
  if (projectQuotaSupport) found.push(fieldNotAllowed(at("filesystem", "projectQuotaSupport"), `with ${type}`));
  if (xfs !== undefined) found.push(fieldNotAllowed(at("filesystem", "xfs"), `with ${type}`));
  return found;
}
