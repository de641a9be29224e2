import type { Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { storageName } from "../rules/names";
import { selector, selectorProblems } from "../rules/volumes";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    name: storageName(63),
    provisioning: z.strictObject({ volumeSelector: selector().optional() }).optional(),
  });

/** Disks that logical volumes are cut from. */
export type LvmVolumeGroupFields = FieldsOf<typeof fields>;

export const lvmVolumeGroupConfig = defineDocument({ kind: "LVMVolumeGroupConfig", since: "1.14", fields, problems });

function problems({ provisioning }: LvmVolumeGroupFields, at: At): readonly Problem[] {
  return selectorProblems(provisioning?.volumeSelector?.match, true, "member", (...path) =>
    at("provisioning", "volumeSelector", ...path),
  );
}
