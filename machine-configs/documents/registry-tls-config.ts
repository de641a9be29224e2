import * as z from "zod";
import { defineDocument } from "../kind";
import { isCertificate } from "../rules/values";

const certificate = z.string().refine(isCertificate, "a certificate in PEM");

const fields = z.strictObject({
  name: z.string().min(1),
  ca: certificate.optional(),
  clientIdentity: z.strictObject({ cert: certificate, key: z.string().min(1) }).optional(),
  insecureSkipVerify: z.boolean().optional(),
});

/** How the certificate of one registry, the document's name, is verified. */
export type RegistryTlsFields = z.infer<typeof fields>;

export const registryTlsConfig = defineDocument({
  kind: "RegistryTLSConfig",
  since: "1.12",
  fields,
  secrets: [["clientIdentity", "key"]],
});
