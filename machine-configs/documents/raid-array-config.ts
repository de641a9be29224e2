import type { Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { storageName } from "../rules/names";
import { word } from "../rules/values";
import { selector, selectorProblems } from "../rules/volumes";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    name: storageName(32),
    level: word(["raid1"]).optional(),
    metadata: word(["1.0", "1.2"]).optional(),
    provisioning: z.strictObject({ volumeSelector: selector().optional() }).optional(),
  });

/** Disks that hold the same. */
export type RaidArrayFields = FieldsOf<typeof fields>;

export const raidArrayConfig = defineDocument({ kind: "RAIDArrayConfig", since: "1.14", fields, problems });

function problems({ provisioning }: RaidArrayFields, at: At): readonly Problem[] {
  return selectorProblems(provisioning?.volumeSelector?.match, true, "member", (...path) =>
    at("provisioning", "volumeSelector", ...path),
  );
}
