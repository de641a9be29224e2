import { defineDocument, type FieldsOf } from "../kind";
import { z } from "../zod";

const fields = () => z.strictObject({ local: z.strictObject({ enabled: z.boolean().optional() }).optional() });

/** Whether images come from a cache on the machine. */
export type ImageCacheFields = FieldsOf<typeof fields>;

export const imageCacheConfig = defineDocument({
  kind: "ImageCacheConfig",
  since: "1.14",
  fields,
});
