import { defineDocument, type FieldsOf } from "../kind";
import { z } from "../zod";

const fields = () => z.strictObject({ workloadIsolation: z.boolean().optional() });

/** How far workloads are kept from the operating system. */
export type SecurityProfileFields = FieldsOf<typeof fields>;

export const securityProfileConfig = defineDocument({ kind: "SecurityProfileConfig", since: "1.14", fields });
