import * as z from "zod";
import { defineDocument } from "../kind";
import { text } from "../rules/values";

const fields = () => z.strictObject({ params: z.record(text(), z.string()).optional() });

/** Kernel parameters; they win over `machine.sysctls`, with which they may be mixed. */
export type SysctlFields = z.infer<ReturnType<typeof fields>>;

export const sysctlConfig = defineDocument({ kind: "SysctlConfig", since: "1.14", fields });
