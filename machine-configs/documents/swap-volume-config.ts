import type { Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { volumeName } from "../rules/names";
import {
  encryption,
  laterEncryption,
  laterSizes,
  provisioning,
  secretPassphrases,
  volumeProblems,
} from "../rules/volumes";
import { z } from "../zod";

const fields = () =>
  z.strictObject({ name: volumeName(), provisioning: provisioning().optional(), encryption: encryption().optional() });

/** A partition for memory that is not used. */
export type SwapVolumeFields = FieldsOf<typeof fields>;

export const swapVolumeConfig = defineDocument({
  kind: "SwapVolumeConfig",
  since: "1.11",
  fields,
  later: laterEncryption,
  laterValues: laterSizes,
  secrets: secretPassphrases,
  problems,
});

function problems(volume: SwapVolumeFields, at: At): readonly Problem[] {
  return volumeProblems(volume, { required: true, sized: true }, at);
}
