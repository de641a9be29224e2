import { defineDocument, type FieldsOf } from "../kind";
import { z } from "../zod";

/** What the schema says when it refuses a name. */
export const A_VARIABLE = "a variable's name: letters, digits and underscores";

/** Whether a text is the name of a variable. */
export function isVariable(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

const fields = () =>
  z.strictObject({ variables: z.record(z.string().refine(isVariable, A_VARIABLE), z.string()).optional() });

/** Variables of the environment of Talos and its services, such as a proxy. */
export type EnvironmentFields = FieldsOf<typeof fields>;

export const environmentConfig = defineDocument({
  kind: "EnvironmentConfig",
  since: "1.13",
  fields,
  secrets: [["variables"]],
});
