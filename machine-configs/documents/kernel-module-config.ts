import * as z from "zod";
import { defineDocument } from "../kind";

const fields = z.strictObject({
  name: z.string().min(1),
  parameters: z.array(z.string()).optional(),
});

/** A kernel module, the document's name, to load. May be mixed with `machine.kernel.modules`. */
export type KernelModuleFields = z.infer<typeof fields>;

export const kernelModuleConfig = defineDocument({ kind: "KernelModuleConfig", since: "1.14", fields });
