import * as z from "zod";
import { defineDocument } from "../kind";

const fields = () => z.strictObject({ local: z.strictObject({ enabled: z.boolean().optional() }).optional() });

/** Whether images come from a cache on the machine. */
export type ImageCacheFields = z.infer<ReturnType<typeof fields>>;

export const imageCacheConfig = defineDocument({
  kind: "ImageCacheConfig",
  since: "1.14",
  fields,
  excludes: [["machine", "features", "imageCache"]],
});
