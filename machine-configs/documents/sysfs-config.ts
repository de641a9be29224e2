import { defineDocument, type FieldsOf } from "../kind";
import { text } from "../rules/values";
import { z } from "../zod";

const fields = () => z.strictObject({ params: z.record(text(), z.string()).optional() });

/** Files below `/sys`; they win over `machine.sysfs`, with which they may be mixed. */
export type SysfsFields = FieldsOf<typeof fields>;

export const sysfsConfig = defineDocument({ kind: "SysfsConfig", since: "1.14", fields });
