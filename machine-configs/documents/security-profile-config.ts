import * as z from "zod";
import { defineDocument } from "../kind";

const fields = () => z.strictObject({ workloadIsolation: z.boolean().optional() });

/** How far workloads are kept from the operating system. */
export type SecurityProfileFields = z.infer<ReturnType<typeof fields>>;

export const securityProfileConfig = defineDocument({ kind: "SecurityProfileConfig", since: "1.14", fields });
