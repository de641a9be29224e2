import { defineDocument, type FieldsOf } from "../kind";
import { z } from "../zod";

const fields = () => z.strictObject({ name: z.string().optional(), certificates: z.string().optional() });

/** Certificates of authorities that the machine trusts, in PEM. */
export type TrustedRootsFields = FieldsOf<typeof fields>;

export const trustedRootsConfig = defineDocument({ kind: "TrustedRootsConfig", since: "1.11", fields });
