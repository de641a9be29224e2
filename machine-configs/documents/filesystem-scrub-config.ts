import type { Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { duration } from "../rules/durations";
import { upkeepProblems } from "../rules/volumes";
import { z } from "../zod";

const fields = () => z.strictObject({ interval: duration().optional() });

/** How often filesystems are read to find what is broken. */
export type FilesystemScrubFields = FieldsOf<typeof fields>;

export const filesystemScrubConfig = defineDocument({
  kind: "FilesystemScrubConfig",
  since: "1.14",
  fields,
  problems,
});

function problems({ interval }: FilesystemScrubFields, at: At): readonly Problem[] {
  return upkeepProblems(interval, at("interval"));
}
