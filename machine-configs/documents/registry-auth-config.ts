import { fieldsExclude, type Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { text } from "../rules/values";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    name: text(),
    username: z.string().optional(),
    password: z.string().optional(),
    auth: z.string().optional(),
    identityToken: z.string().optional(),
  });

/** How the machine identifies itself to one registry, the document's name. */
export type RegistryAuthFields = FieldsOf<typeof fields>;

export const registryAuthConfig = defineDocument({
  kind: "RegistryAuthConfig",
  since: "1.12",
  fields,
  secrets: [["password"], ["auth"], ["identityToken"]],
  problems,
});

function problems({ username, auth, identityToken }: RegistryAuthFields, at: At): readonly Problem[] {
  const found: Problem[] = [];
  if (username && identityToken) found.push(fieldsExclude(at("identityToken"), "username", "identityToken"));
  if (auth && username) found.push(fieldsExclude(at("auth"), "username", "auth"));
  if (auth && identityToken) found.push(fieldsExclude(at("auth"), "identityToken", "auth"));
  return found;
}
