/** How volumes are placed, encrypted and kept in shape. */

import { duplicateEntry, fieldMissing, fieldNotAllowed, type Problem, sizesReversed, wrongValue } from "../../errors";
import type { At } from "../document";
import type { FieldsOf } from "../kind";
import { z } from "../zod";
import { type CelEnvironment, celProblems } from "./cel";
import { duration, isNegative } from "./durations";
import { byteSize, bytesOf, isNoSize, isPercentage, size } from "./sizes";
import { uint, word } from "./values";

/** An expression that selects disks, volumes or links. */
export const selector = () => z.strictObject({ match: z.string().optional() });

/** Where a volume is and how large. */
export const provisioning = () =>
  z.strictObject({
    diskSelector: selector().optional(),
    grow: z.boolean().optional(),
    minSize: byteSize().optional(),
    maxSize: size().optional(),
  });

export type Provisioning = FieldsOf<typeof provisioning>;

/** What a volume needs to be placed. */
export interface PlacementNeeds {
  /** Whether a disk and, where sizes count, a size have to be given. */
  readonly required: boolean;
  /** Whether the volume is a part of a disk. */
  readonly sized: boolean;
}

/** What is wrong with the place, the size and the encryption of a volume. */
export function volumeProblems(
  volume: { readonly provisioning?: Provisioning | undefined; readonly encryption?: Encryption | undefined },
  needs: PlacementNeeds,
  at: At,
): readonly Problem[] {
  return [
    ...provisioningProblems(volume.provisioning ?? {}, needs, (...path) => at("provisioning", ...path)),
    ...encryptionProblems(volume.encryption, (...path) => at("encryption", ...path)),
  ];
}

function provisioningProblems(
  { diskSelector, grow, minSize, maxSize }: Provisioning,
  { required, sized }: PlacementNeeds,
  at: At,
): readonly Problem[] {
  const problems = [
    ...selectorProblems(diskSelector?.match, required, "disk", (...path) => at("diskSelector", ...path)),
  ];
  if (!sized) {
    const given = [isNoSize(minSize) ? undefined : "minSize", isNoSize(maxSize) ? undefined : "maxSize"];
    if (grow !== undefined) given.push("grow");
    for (const field of given) {
      if (field !== undefined) problems.push(fieldNotAllowed(at(field), "on a volume that is a whole disk"));
    }
    return problems;
  }
  if (required && isNoSize(minSize) && isNoSize(maxSize))
    problems.push(fieldMissing(at("maxSize"), "minSize or maxSize"));
  if (minSize?.startsWith("-")) problems.push(wrongValue(at("minSize"), minSize, "a size that is not negative"));
  problems.push(...sizeProblems(minSize, maxSize, at));
  return problems;
}

/** A minimum above the maximum. */
export function sizeProblems(minSize: string | undefined, maxSize: string | undefined, at: At): readonly Problem[] {
  if (minSize === undefined || maxSize === undefined || isNoSize(minSize) || isNoSize(maxSize)) return [];
  if (isPercentage(maxSize) || maxSize.startsWith("-")) return [];
  const tooSmall = (bytesOf(maxSize) ?? 0) < (bytesOf(minSize.replace(/^-/, "")) ?? 0);
  return tooSmall ? [sizesReversed(at("maxSize"), minSize, maxSize)] : [];
}

/** What is wrong with a selector. */
export function selectorProblems(
  match: string | undefined,
  required: boolean,
  environment: CelEnvironment,
  at: At,
  talos?: string,
): readonly Problem[] {
  if (match === undefined || match === "") return required ? [fieldMissing(at("match"), "an expression")] : [];
  return celProblems(match, environment, "bool", at("match"), talos);
}

/** How a volume is encrypted. */
export const encryption = () =>
  z.strictObject({
    provider: word(["luks2"]).optional(),
    keys: z
      .array(
        z.strictObject({
          slot: z.int().optional(),
          static: z.strictObject({ passphrase: z.string().optional() }).optional(),
          nodeID: z.strictObject({}).optional(),
          kms: z.strictObject({ endpoint: z.string().optional() }).optional(),
          tpm: z
            .strictObject({
              checkSecurebootStatusOnEnroll: z.boolean().optional(),
              options: z.strictObject({ pcrs: z.array(z.int()).optional() }).optional(),
            })
            .optional(),
          lockToState: z.boolean().optional(),
        }),
      )
      .optional(),
    cipher: z.string().optional(),
    keySize: uint().optional(),
    blockSize: uint().optional(),
    options: z.array(z.string()).optional(),
    allowDiscards: z.boolean().optional(),
  });

export type Encryption = FieldsOf<typeof encryption>;

function encryptionProblems(spec: Encryption | undefined, at: At): readonly Problem[] {
  const { provider, keys = [] } = spec ?? {};
  if (provider === undefined && keys.length === 0) return [];
  const problems: Problem[] = [];
  if (provider === undefined) problems.push(fieldMissing(at("provider"), '"luks2"'));
  if (keys.length === 0) problems.push(fieldMissing(at("keys"), "at least one key"));
  problems.push(...keyProblems(keys, (...path) => at("keys", ...path)));
  keys.forEach(({ tpm }, index) => {
    for (const [position, register] of (tpm?.options?.pcrs ?? []).entries()) {
      if (register >= 0 && register <= 23) continue;
      problems.push(
        wrongValue(at("keys", index, "tpm", "options", "pcrs", position), register, "a register from 0 to 23"),
      );
    }
  });
  return problems;
}

/** What the keys say together: each has a slot and a method. */
export function keyProblems(
  keys: readonly { readonly [method: string]: unknown; readonly slot?: number | undefined }[],
  at: At,
): readonly Problem[] {
  const slots = keys.map(({ slot = 0 }) => slot);
  return keys.flatMap((key, index) => {
    const problems: Problem[] = [];
    const slot = slots[index] ?? 0;
    if (slots.indexOf(slot) < index) problems.push(duplicateEntry(at(index, "slot"), "key slot", slot));
    if (["static", "nodeID", "kms", "tpm"].every((method) => key[method] === undefined)) {
      problems.push(fieldMissing(at(index), "one of nodeID, static, kms and tpm"));
    }
    return problems;
  });
}

/** Something that is done to a filesystem again and again. */
export const upkeep = () => z.strictObject({ enabled: z.boolean().optional(), interval: duration().optional() });

/** Upkeep backwards in time. */
export function upkeepProblems(interval: string | undefined, where: string): readonly Problem[] {
  return isNegative(interval) ? [wrongValue(where, interval, "a duration that is not negative")] : [];
}

/** The one field of the encryption that is a secret. */
export const secretPassphrases = [["encryption", "keys", "*", "static", "passphrase"]] as const;

/** Values that an older Talos does not read in the size of a volume. */
export const laterSizes = [
  {
    since: "1.12",
    path: ["provisioning", "maxSize"],
    is: (value: unknown) => typeof value === "string" && value.endsWith("%"),
  },
  {
    since: "1.13",
    path: ["provisioning", "maxSize"],
    is: (value: unknown) => typeof value === "string" && value.startsWith("-"),
  },
  {
    since: "1.13",
    path: ["provisioning", "minSize"],
    is: (value: unknown) => typeof value === "string" && value.startsWith("-"),
  },
] as const;

/** Fields of the encryption that came later. */
export const laterEncryption = [
  { since: "1.12", path: ["encryption", "keys", "*", "tpm", "options"] },
  { since: "1.14", path: ["encryption", "allowDiscards"] },
] as const;
