import { defineDocument, type FieldsOf } from "../kind";
import { A_CERTIFICATE, A_PKCS8_KEY, isReadableCertificate, isReadablePrivateKey } from "../rules/pem";
import { text } from "../rules/values";
import { z } from "../zod";

const certificate = () => z.string().refine(isReadableCertificate, A_CERTIFICATE);

const fields = () =>
  z.strictObject({
    name: text(),
    ca: certificate().or(z.literal("")).optional(),
    clientIdentity: z
      .strictObject({ cert: certificate(), key: z.string().refine(isReadablePrivateKey, A_PKCS8_KEY) })
      .optional(),
    insecureSkipVerify: z.boolean().optional(),
  });

/** How the certificate of one registry, the document's name, is verified. */
export type RegistryTlsFields = FieldsOf<typeof fields>;

export const registryTlsConfig = defineDocument({
  kind: "RegistryTLSConfig",
  since: "1.12",
  fields,
  secrets: [["clientIdentity", "key"]],
});
