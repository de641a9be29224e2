import type { Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { duration } from "../rules/durations";
import { upkeepProblems } from "../rules/volumes";
import { z } from "../zod";

const fields = () => z.strictObject({ interval: duration().optional() });

/** How often unused blocks are given back to the disks. */
export type FilesystemTrimFields = FieldsOf<typeof fields>;

export const filesystemTrimConfig = defineDocument({ kind: "FilesystemTrimConfig", since: "1.14", fields, problems });

function problems({ interval }: FilesystemTrimFields, at: At): readonly Problem[] {
  return upkeepProblems(interval, at("interval"));
}
