import { fieldMissing, fieldNotAllowed, type Problem } from "../../errors";
import type { At } from "../document";
import { type DocumentScope, defineDocument, type FieldsOf } from "../kind";
import { plainText } from "../plain-data";
import { isAtLeast } from "../releases";
import { byteSize, isNoSize } from "../rules/sizes";
import { exactly } from "../rules/values";
import {
  encryption,
  laterEncryption,
  laterSizes,
  type Provisioning,
  provisioning,
  secretPassphrases,
  upkeep,
  upkeepProblems,
  volumeProblems,
} from "../rules/volumes";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    name: exactly(["STATE", "EPHEMERAL", "IMAGECACHE", "ETCD", "CRI", "KUBELET", "LOG"]),
    provisioning: provisioning().optional(),
    encryption: encryption().optional(),
    mount: z.strictObject({ secure: z.boolean().optional(), disableAccessTime: z.boolean().optional() }).optional(),
    filesystem: z
      .strictObject({ xfs: z.strictObject({ minAllocationGroupSize: byteSize().optional() }).optional() })
      .optional(),
    trim: upkeep().optional(),
    scrub: upkeep().optional(),
  });

/** One of Talos' own volumes. */
export type VolumeFields = FieldsOf<typeof fields>;

export const volumeConfig = defineDocument({
  kind: "VolumeConfig",
  since: "1.11",
  fields,
  later: [
    { since: "1.13", path: ["mount"] },
    { since: "1.14", path: ["mount", "disableAccessTime"] },
    { since: "1.14", path: ["filesystem"] },
    { since: "1.14", path: ["trim"] },
    { since: "1.14", path: ["scrub"] },
    ...laterEncryption,
  ],
  laterValues: [
    { since: "1.14", path: ["name"], is: (name) => ["ETCD", "CRI", "KUBELET", "LOG"].includes(plainText(name)) },
    ...laterSizes,
  ],
  secrets: secretPassphrases,
  problems,
});

function problems(volume: VolumeFields, at: At, { talos }: DocumentScope): readonly Problem[] {
  return [
    ...placeProblems(volume, at, talos),
    ...volumeProblems(volume, { required: false, sized: true }, at),
    ...upkeepProblems(volume.trim?.interval, at("trim", "interval")),
    ...upkeepProblems(volume.scrub?.interval, at("scrub", "interval")),
  ];
}

/** What some of the volumes do not have. */
function placeProblems(
  { name, mount = {}, ...volume }: VolumeFields,
  at: At,
  talos: string | undefined,
): readonly Problem[] {
  const placed = isPlaced(volume.provisioning ?? {});
  // Before, nobody looked where a volume is mounted.
  const isChecked = talos === undefined || isAtLeast(talos, "1.14");
  const mounted = isChecked && Object.values(mount).some((option) => option !== undefined);
  const found: Problem[] = [];
  if (name === "STATE") {
    if (placed) found.push(fieldNotAllowed(at("provisioning"), "on STATE"));
    (volume.encryption?.keys ?? []).forEach(({ lockToState }, index) => {
      if (lockToState) found.push(fieldNotAllowed(at("encryption", "keys", index, "lockToState"), "on STATE itself"));
    });
  }
  if (mounted && (name === "STATE" || name === "IMAGECACHE")) found.push(fieldNotAllowed(at("mount"), `on ${name}`));
  if (name === "IMAGECACHE" && volume.filesystem?.xfs !== undefined) {
    found.push(fieldNotAllowed(at("filesystem"), "on IMAGECACHE, which is no XFS"));
  }
  if (mounted && !placed && ["ETCD", "CRI", "KUBELET", "LOG"].includes(name)) {
    found.push(fieldMissing(at("provisioning"), `the partition for ${name}, without which it has no mount of its own`));
  }
  return found;
}

function isPlaced({ diskSelector, grow, minSize, maxSize }: Provisioning): boolean {
  return Boolean(diskSelector?.match) || grow !== undefined || !isNoSize(minSize) || !isNoSize(maxSize);
}
