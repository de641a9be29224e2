import { fieldMissing, fieldsExclude, type Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    rules: z
      .array(
        z.strictObject({
          image: z.string().optional(),
          skip: z.boolean().optional(),
          deny: z.boolean().optional(),
          keyless: z
            .strictObject({
              issuer: z.string().optional(),
              subject: z.string().optional(),
              subjectRegex: z.string().optional(),
            })
            .optional(),
          publicKey: z.strictObject({ certificate: z.string().optional() }).optional(),
        }),
      )
      .optional(),
  });

/** Which images have to be signed by whom; the first rule that matches counts. */
export type ImageVerificationFields = FieldsOf<typeof fields>;

export const imageVerificationConfig = defineDocument({
  kind: "ImageVerificationConfig",
  since: "1.13",
  fields,
  keyed: [],
  problems,
});

function problems({ rules = [] }: ImageVerificationFields, at: At): readonly Problem[] {
  return rules.flatMap(({ image = "", skip, deny, keyless, publicKey }, index) => {
    const found: Problem[] = [];
    const place = (...path: readonly string[]) => at("rules", index, ...path);
    if (image === "") found.push(fieldMissing(place("image"), "the images that the rule is for"));
    if (skip && deny) found.push(fieldsExclude(place("deny"), "skip", "deny"));
    if (keyless !== undefined && publicKey !== undefined) {
      found.push(fieldsExclude(place("publicKey"), "keyless", "publicKey"));
    }
    const verifier = keyless === undefined ? "publicKey" : "keyless";
    if ((skip || deny) && (keyless ?? publicKey) !== undefined) {
      found.push(fieldsExclude(place(verifier), skip ? "skip" : "deny", verifier));
    }
    if (!skip && !deny && keyless === undefined && publicKey === undefined) {
      found.push(fieldMissing(place("keyless"), "keyless or publicKey, by which the signature is verified"));
    }
    if (keyless !== undefined) {
      if (!keyless.issuer) found.push(fieldMissing(place("keyless", "issuer"), "the issuer of the signer's identity"));
      if (!keyless.subject && !keyless.subjectRegex) {
        found.push(fieldMissing(place("keyless", "subject"), "the signer, as subject or subjectRegex"));
      }
    }
    if (publicKey !== undefined && !publicKey.certificate) {
      found.push(fieldMissing(place("publicKey", "certificate"), "a certificate in PEM"));
    }
    return found;
  });
}
