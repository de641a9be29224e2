import { defineDocument, type FieldsOf } from "../kind";
import { text } from "../rules/values";
import { z } from "../zod";

const fields = () => z.strictObject({ name: text(), parameters: z.array(z.string()).optional() });

/** A kernel module, the document's name, to load. May be mixed with `machine.kernel.modules`. */
export type KernelModuleFields = FieldsOf<typeof fields>;

export const kernelModuleConfig = defineDocument({ kind: "KernelModuleConfig", since: "1.14", fields });
