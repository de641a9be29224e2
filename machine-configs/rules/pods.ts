/** Resources of the pods that Talos makes. */

import { fieldUnknown, type Problem } from "../../errors";
import type { At } from "../document";
import { z } from "../zod";
import { anyMap } from "./values";

/** What a pod asks for and may use at most, by resource. */
export const resources = () => z.strictObject({ requests: anyMap().optional(), limits: anyMap().optional() });

const KNOWN = ["cpu", "memory"];

/** Resources that Talos does not pass on. */
export function resourceProblems(
  given: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>> | undefined,
  at: At,
): readonly Problem[] {
  return Object.entries(given ?? {}).flatMap(([section, amounts]) =>
    Object.keys(amounts ?? {})
      .filter((name) => !KNOWN.includes(name))
      .map((name) => fieldUnknown(at(section, name), name, KNOWN)),
  );
}
