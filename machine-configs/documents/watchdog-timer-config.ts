import { fieldMissing, type Problem, wrongValue } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { duration, secondsOf } from "../rules/durations";
import { z } from "../zod";

const fields = () => z.strictObject({ device: z.string().optional(), timeout: duration().optional() });

/** A device that restarts the machine when Talos does not answer any more. */
export type WatchdogTimerFields = FieldsOf<typeof fields>;

export const watchdogTimerConfig = defineDocument({ kind: "WatchdogTimerConfig", since: "1.11", fields, problems });

const SHORTEST = 10;

function problems({ device = "", timeout = "" }: WatchdogTimerFields, at: At): readonly Problem[] {
  const found: Problem[] = [];
  if (device === "") found.push(fieldMissing(at("device"), "a path such as /dev/watchdog0"));
  const seconds = secondsOf(timeout) ?? 0;
  if (seconds !== 0 && seconds < SHORTEST) found.push(wrongValue(at("timeout"), timeout, `at least ${SHORTEST}s`));
  return found;
}
