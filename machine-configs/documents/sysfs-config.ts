import * as z from "zod";
import { defineDocument } from "../kind";
import { text } from "../rules/values";

const fields = () => z.strictObject({ params: z.record(text(), z.string()).optional() });

/** Files below `/sys`; they win over `machine.sysfs`, with which they may be mixed. */
export type SysfsFields = z.infer<ReturnType<typeof fields>>;

export const sysfsConfig = defineDocument({ kind: "SysfsConfig", since: "1.14", fields });
