import * as z from "zod";
import { defineDocument } from "../kind";

const fields = () => z.strictObject({ rules: z.array(z.string()).optional() });

/** Rules by which device files are made; may be mixed with `machine.udev`. */
export type UdevRulesFields = z.infer<ReturnType<typeof fields>>;

export const udevRulesConfig = defineDocument({ kind: "UdevRulesConfig", since: "1.14", fields });
