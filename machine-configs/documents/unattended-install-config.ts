import { installSelectorMissing, type Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { celProblems } from "../rules/cel";
import { selector } from "../rules/volumes";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    reboot: z.boolean().optional(),
    installer: z.strictObject({ image: z.string().optional() }).optional(),
    provisioning: z.strictObject({ diskSelector: selector().optional(), wipe: z.boolean().optional() }).optional(),
  });

/** What is installed where when the machine boots from something else than its disk. */
export type UnattendedInstallFields = FieldsOf<typeof fields>;

export const unattendedInstallConfig = defineDocument({
  kind: "UnattendedInstallConfig",
  since: "1.14",
  fields,
  replaces: [["machine", "install"]],
  problems,
});

/** Merging empties an expression that the change does not repeat, so the document is only accepted complete. */
function problems({ provisioning }: UnattendedInstallFields, at: At): readonly Problem[] {
  const { match = "" } = provisioning?.diskSelector ?? {};
  const place = at("provisioning", "diskSelector", "match");
  return match === "" ? [installSelectorMissing(place)] : celProblems(match, "disk", "bool", place);
}
