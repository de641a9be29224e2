/** What all probes of the network have. */

import { type Problem, wrongValue } from "../../errors";
import type { At } from "../document";
import { z } from "../zod";
import { duration, isNegative } from "./durations";
import { text } from "./values";

/** The fields that all probes have. */
export const commonProbe = () => ({
  name: text(),
  interval: duration().optional(),
  failureThreshold: z.int().optional(),
  timeout: duration().optional(),
});

/** What is wrong with the rhythm of a probe. */
export function probeProblems(
  fields: {
    readonly interval?: string | undefined;
    readonly timeout?: string | undefined;
    readonly failureThreshold?: number | undefined;
  },
  at: At,
): readonly Problem[] {
  const problems: Problem[] = [];
  for (const field of ["interval", "timeout"] as const) {
    const value = fields[field];
    if (isNegative(value)) problems.push(wrongValue(at(field), value, "a duration that is not negative"));
  }
  const { failureThreshold = 0 } = fields;
  if (failureThreshold < 0) problems.push(wrongValue(at("failureThreshold"), failureThreshold, "at least 0"));
  return problems;
}
