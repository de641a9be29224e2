import { defineDocument, type FieldsOf } from "../kind";
import { z } from "../zod";

const variable = () =>
  z
    .string()
    .refine((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name), "a variable's name: letters, digits and underscores");

const fields = () => z.strictObject({ variables: z.record(variable(), z.string()).optional() });

/** Variables of the environment of Talos and its services, such as a proxy. */
export type EnvironmentFields = FieldsOf<typeof fields>;

export const environmentConfig = defineDocument({ kind: "EnvironmentConfig", since: "1.13", fields });
