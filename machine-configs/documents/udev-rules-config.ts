import { defineDocument, type FieldsOf } from "../kind";
import { z } from "../zod";

const fields = () => z.strictObject({ rules: z.array(z.string()).optional() });

/** Rules by which device files are made; may be mixed with `machine.udev`. */
export type UdevRulesFields = FieldsOf<typeof fields>;

export const udevRulesConfig = defineDocument({ kind: "UdevRulesConfig", since: "1.14", fields, ordered: [["rules"]] });
