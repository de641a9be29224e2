import { defineDocument, type FieldsOf } from "../kind";
import { text } from "../rules/values";
import { z } from "../zod";

const fields = () => z.strictObject({ params: z.record(text(), z.string()).optional() });

/** Kernel parameters; they win over `machine.sysctls`, with which they may be mixed. */
export type SysctlFields = FieldsOf<typeof fields>;

export const sysctlConfig = defineDocument({ kind: "SysctlConfig", since: "1.14", fields });
