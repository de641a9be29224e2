import * as z from "zod";
import { defineDocument } from "../kind";

const fields = () => z.strictObject({ name: z.string().optional(), certificates: z.string().optional() });

/** Certificates of authorities that the machine trusts, in PEM. */
export type TrustedRootsFields = z.infer<ReturnType<typeof fields>>;

export const trustedRootsConfig = defineDocument({ kind: "TrustedRootsConfig", since: "1.11", fields });
