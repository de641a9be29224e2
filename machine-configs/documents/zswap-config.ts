import * as z from "zod";
import { defineDocument } from "../kind";

const fields = () =>
  z.strictObject({ maxPoolPercent: z.int().min(0).max(100).optional(), shrinkerEnabled: z.boolean().optional() });

/** Compressed memory before anything goes to a swap volume. */
export type ZswapFields = z.infer<ReturnType<typeof fields>>;

export const zswapConfig = defineDocument({ kind: "ZswapConfig", since: "1.11", fields });
