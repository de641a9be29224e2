import { fieldMissing, fieldNotAllowed, type Problem, wrongValue } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { storageName } from "../rules/names";
import { byteSize, isNoSize, size } from "../rules/sizes";
import { uint32, word } from "../rules/values";
import { sizeProblems } from "../rules/volumes";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    name: storageName(63),
    type: word(["linear", "raid0", "raid1", "raid10"]).optional(),
    mirrors: uint32().optional(),
    stripes: uint32().optional(),
    provisioning: z
      .strictObject({
        volumeGroup: z.string().optional(),
        minSize: byteSize().optional(),
        maxSize: size().optional(),
      })
      .optional(),
  });

/** A part of a volume group. */
export type LvmLogicalVolumeFields = FieldsOf<typeof fields>;

export const lvmLogicalVolumeConfig = defineDocument({
  kind: "LVMLogicalVolumeConfig",
  since: "1.14",
  fields,
  problems,
});

function problems(volume: LvmLogicalVolumeFields, at: At): readonly Problem[] {
  const { type = "linear", mirrors, stripes, provisioning = {} } = volume;
  const { volumeGroup = "", minSize, maxSize } = provisioning;
  const found: Problem[] = [];
  if (mirrors !== undefined && type !== "raid1" && type !== "raid10") {
    found.push(fieldNotAllowed(at("mirrors"), `on a volume of type ${type}`));
  } else if (mirrors === 0) found.push(wrongValue(at("mirrors"), mirrors, "at least 1"));
  if (stripes !== undefined && type !== "raid0" && type !== "raid10") {
    found.push(fieldNotAllowed(at("stripes"), `on a volume of type ${type}`));
  } else if (stripes !== undefined && stripes < 2) found.push(wrongValue(at("stripes"), stripes, "at least 2"));
  if (volumeGroup === "") found.push(fieldMissing(at("provisioning", "volumeGroup"), "the name of a volume group"));
  if (isNoSize(maxSize)) found.push(fieldMissing(at("provisioning", "maxSize"), "a size, such as 50GiB or 80%"));
  if (maxSize?.startsWith("-")) {
    found.push(wrongValue(at("provisioning", "maxSize"), maxSize, "a size that is not negative"));
  }
  return [...found, ...sizeProblems(minSize, maxSize, (...path) => at("provisioning", ...path))];
}
