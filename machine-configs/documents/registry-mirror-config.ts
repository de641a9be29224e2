import * as z from "zod";
import { defineDocument } from "../kind";
import { httpUrl } from "../rules/urls";
import { text } from "../rules/values";

const fields = () =>
  z.strictObject({
    name: text(),
    endpoints: z.array(z.strictObject({ url: httpUrl(), overridePath: z.boolean().optional() })).optional(),
    skipFallback: z.boolean().optional(),
  });

/** Where images of one registry, the document's name, are pulled from instead. */
export type RegistryMirrorFields = z.infer<ReturnType<typeof fields>>;

export const registryMirrorConfig = defineDocument({ kind: "RegistryMirrorConfig", since: "1.12", fields });
