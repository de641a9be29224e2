/** Disks and their encryption, as the v1alpha1 document has them. */

import { fieldMissing, type Problem } from "../../../errors";
import type { At } from "../../document";
import type { FieldsOf } from "../../kind";
import { bytesOf } from "../../rules/sizes";
import { uint } from "../../rules/values";
import { keyProblems } from "../../rules/volumes";
import { z } from "../../zod";

/** The schema of `machine.disks`. */
export const disks = () =>
  z.array(
    z.strictObject({
      device: z.string().optional(),
      partitions: z
        .array(
          z.strictObject({
            size: z
              .string()
              .refine((value) => bytesOf(value) !== undefined, "a size, such as 100GB")
              .optional(),
            mountpoint: z.string().optional(),
          }),
        )
        .optional(),
    }),
  );

const encryption = () =>
  z.strictObject({
    provider: z.string().optional(),
    keys: z
      .array(
        z.strictObject({
          static: z.strictObject({ passphrase: z.string().optional() }).optional(),
          nodeID: z.strictObject({}).optional(),
          kms: z.strictObject({ endpoint: z.string().optional() }).optional(),
          slot: z.int().optional(),
          tpm: z.strictObject({ checkSecurebootStatusOnEnroll: z.boolean().optional() }).optional(),
        }),
      )
      .optional(),
    cipher: z.string().optional(),
    keySize: uint().optional(),
    blockSize: uint().optional(),
    options: z.array(z.string()).optional(),
  });

/** The schema of `machine.systemDiskEncryption`. */
export const systemDiskEncryption = () =>
  z.strictObject({ state: encryption().optional(), ephemeral: encryption().optional() });

/** What is wrong with the encryption. */
export function encryptionProblems(
  given: FieldsOf<typeof systemDiskEncryption> | undefined,
  at: At,
): readonly Problem[] {
  return (["state", "ephemeral"] as const).flatMap((volume) => {
    const spec = given?.[volume];
    if (spec === undefined) return [];
    const { keys = [] } = spec;
    if (keys.length === 0) return [fieldMissing(at(volume, "keys"), "at least one key")];
    return keyProblems(keys, (...path) => at(volume, "keys", ...path));
  });
}
