import { fieldMissing, type Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { volumeName } from "../rules/names";
import { word } from "../rules/values";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    name: volumeName(),
    filesystemType: word(["virtiofs"]),
    mount: z
      .strictObject({
        readOnly: z.boolean().optional(),
        disableAccessTime: z.boolean().optional(),
        secure: z.boolean().optional(),
        virtiofs: z.strictObject({ tag: z.string().optional() }).optional(),
      })
      .optional(),
  });

/** A folder of the host, mounted at `/var/mnt/<name>`. */
export type ExternalVolumeFields = FieldsOf<typeof fields>;

export const externalVolumeConfig = defineDocument({
  kind: "ExternalVolumeConfig",
  since: "1.13",
  fields,
  problems,
});

function problems({ mount }: ExternalVolumeFields, at: At): readonly Problem[] {
  return mount?.virtiofs?.tag ? [] : [fieldMissing(at("mount", "virtiofs", "tag"), "the tag of the folder")];
}
