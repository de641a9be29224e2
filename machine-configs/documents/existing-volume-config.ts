import type { Problem } from "../../errors";
import type { At } from "../document";
import { type DocumentScope, defineDocument, type FieldsOf } from "../kind";
import { volumeName } from "../rules/names";
import { selector, selectorProblems, upkeep, upkeepProblems } from "../rules/volumes";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    name: volumeName(Number.POSITIVE_INFINITY),
    discovery: z.strictObject({ volumeSelector: selector().optional() }).optional(),
    mount: z
      .strictObject({
        readOnly: z.boolean().optional(),
        disableAccessTime: z.boolean().optional(),
        secure: z.boolean().optional(),
      })
      .optional(),
    trim: upkeep().optional(),
    scrub: upkeep().optional(),
  });

/** A volume that Talos did not make, mounted at `/var/mnt/<name>`. */
export type ExistingVolumeFields = FieldsOf<typeof fields>;

export const existingVolumeConfig = defineDocument({
  kind: "ExistingVolumeConfig",
  since: "1.11",
  fields,
  later: [
    { since: "1.13", path: ["mount", "disableAccessTime"] },
    { since: "1.13", path: ["mount", "secure"] },
    { since: "1.14", path: ["trim"] },
    { since: "1.14", path: ["scrub"] },
  ],
  problems,
});

function problems(
  { discovery, trim, scrub }: ExistingVolumeFields,
  at: At,
  { talos }: DocumentScope,
): readonly Problem[] {
  const atSelector: At = (...path) => at("discovery", "volumeSelector", ...path);
  return [
    ...selectorProblems(discovery?.volumeSelector?.match, true, "volume", atSelector, talos),
    ...upkeepProblems(trim?.interval, at("trim", "interval")),
    ...upkeepProblems(scrub?.interval, at("scrub", "interval")),
  ];
}
