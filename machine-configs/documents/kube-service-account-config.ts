import { defineDocument, type FieldsOf } from "../kind";
import { A_KEY, isPrivateKey } from "../rules/pem";
import { anyUrl } from "../rules/urls";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    issuer: z
      .strictObject({
        privateKey: z
          .string()
          .refine((key) => key === "" || isPrivateKey(key), A_KEY)
          .optional(),
        issuerURL: anyUrl().optional(),
      })
      .optional(),
    accepted: z
      .strictObject({
        publicKeys: z.array(z.string()).optional(),
        issuers: z.array(anyUrl()).optional(),
        audiences: z.array(z.string()).optional(),
      })
      .optional(),
  });

/** Who signs the tokens of service accounts. The generator writes the issuer. */
export type KubeServiceAccountFields = FieldsOf<typeof fields>;

export const kubeServiceAccountConfig = defineDocument({
  kind: "KubeServiceAccountConfig",
  since: "1.14",
  fields,
  controlPlaneOnly: true,
  generated: [["issuer"], ["issuer", "privateKey"], ["issuer", "issuerURL"]],
  replaces: [["cluster", "serviceAccount"]],
  secrets: [["issuer", "privateKey"]],
});
