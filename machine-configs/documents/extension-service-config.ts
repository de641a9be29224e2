import { fieldMissing, type Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { text } from "../rules/values";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    name: text(),
    configFiles: z.array(z.strictObject({ content: text(), mountPath: text() })).optional(),
    environment: z.array(z.string()).optional(),
  });

/** What a service of a system extension reads. */
export type ExtensionServiceFields = FieldsOf<typeof fields>;

export const extensionServiceConfig = defineDocument({
  kind: "ExtensionServiceConfig",
  since: "1.11",
  fields,
  keyed: [{ path: ["configFiles"], by: "mountPath" }],
  secrets: [["configFiles", "*", "content"], ["environment"]],
  problems,
});

function problems({ configFiles = [], environment = [] }: ExtensionServiceFields, at: At): readonly Problem[] {
  if (configFiles.length > 0 || environment.length > 0) return [];
  return [fieldMissing(at("configFiles"), "at least one file or variable of the environment")];
}
