import * as z from "zod";
import { defineDocument } from "../kind";
import { text } from "../rules/values";

const fields = () => z.strictObject({ name: text(), parameters: z.array(z.string()).optional() });

/** A kernel module, the document's name, to load. May be mixed with `machine.kernel.modules`. */
export type KernelModuleFields = z.infer<ReturnType<typeof fields>>;

export const kernelModuleConfig = defineDocument({ kind: "KernelModuleConfig", since: "1.14", fields });
