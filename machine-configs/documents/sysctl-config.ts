import * as z from "zod";
import { defineDocument } from "../kind";
import { stringMap } from "../rules/values";

const fields = z.strictObject({ params: stringMap.optional() });

/** Kernel parameters; they win over `machine.sysctls`, with which they may be mixed. */
export type SysctlFields = z.infer<typeof fields>;

export const sysctlConfig = defineDocument({ kind: "SysctlConfig", since: "1.14", fields });
