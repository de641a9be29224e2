import { defineDocument, type FieldsOf } from "../kind";
import { z } from "../zod";

const fields = () =>
  z.strictObject({ maxPoolPercent: z.int().min(0).max(100).optional(), shrinkerEnabled: z.boolean().optional() });

/** Compressed memory before anything goes to a swap volume. */
export type ZswapFields = FieldsOf<typeof fields>;

export const zswapConfig = defineDocument({ kind: "ZswapConfig", since: "1.11", fields });
