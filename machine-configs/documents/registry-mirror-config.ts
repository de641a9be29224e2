import * as z from "zod";
import { defineDocument } from "../kind";
import { httpUrl } from "../rules/values";

const fields = z.strictObject({
  name: z.string().min(1),
  endpoints: z.array(z.strictObject({ url: httpUrl, overridePath: z.boolean().optional() })).optional(),
  skipFallback: z.boolean().optional(),
});

/** Where images of one registry, the document's name, are pulled from instead. */
export type RegistryMirrorFields = z.infer<typeof fields>;

export const registryMirrorConfig = defineDocument({ kind: "RegistryMirrorConfig", since: "1.12", fields });
