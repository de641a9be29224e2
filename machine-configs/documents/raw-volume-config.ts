import type { Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { volumeName } from "../rules/names";
import {
  encryption,
  encryptionProblems,
  laterEncryption,
  laterSizes,
  provisioning,
  provisioningProblems,
} from "../rules/volumes";
import { z } from "../zod";

const fields = () =>
  z.strictObject({ name: volumeName(), provisioning: provisioning().optional(), encryption: encryption().optional() });

/** A partition without a filesystem, for whoever brings one. */
export type RawVolumeFields = FieldsOf<typeof fields>;

export const rawVolumeConfig = defineDocument({
  kind: "RawVolumeConfig",
  since: "1.11",
  fields,
  later: laterEncryption,
  laterValues: laterSizes,
  secrets: [["encryption", "keys", "*", "static", "passphrase"]],
  problems,
});

function problems(volume: RawVolumeFields, at: At): readonly Problem[] {
  return [
    ...provisioningProblems(volume.provisioning ?? {}, { required: true, sized: true }, (...path) =>
      at("provisioning", ...path),
    ),
    ...encryptionProblems(volume.encryption, (...path) => at("encryption", ...path)),
  ];
}
