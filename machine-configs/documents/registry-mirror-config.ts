import { defineDocument, type FieldsOf } from "../kind";
import { httpUrl } from "../rules/urls";
import { text } from "../rules/values";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    name: text(),
    endpoints: z.array(z.strictObject({ url: httpUrl(), overridePath: z.boolean().optional() })).optional(),
    skipFallback: z.boolean().optional(),
  });

/** Where images of one registry, the document's name, are pulled from instead. */
export type RegistryMirrorFields = FieldsOf<typeof fields>;

export const registryMirrorConfig = defineDocument({ kind: "RegistryMirrorConfig", since: "1.12", fields });
