/** Durations as Go writes them: `1h30m`, `250ms`. */
import type * as zod from "zod";
import { bare } from "../shape";
import { z } from "../zod";

const A_DURATION = "a duration with its unit, such as 30s, 5m or 1h30m";

/** A duration, which may be negative as far as the shape goes. */
export const duration = () => {
  const schema = z.string().refine((value) => secondsOf(value) !== undefined, A_DURATION);
  durations.add(schema);
  return schema;
};

const durations = new WeakSet<zod.core.$ZodType>();

/** Whether a field is a duration: Talos reads it before anything is merged, and merges it as the number that it is. */
export function isDuration(schema: zod.core.$ZodType | undefined): boolean {
  return schema !== undefined && durations.has(bare(schema));
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** The seconds of a duration; nothing when it is none. */
export function secondsOf(value: string): number | undefined {
  const [, sign = "", rest = ""] = /^([-+]?)(.*)$/.exec(value) ?? [];
  if (rest === "0") return 0;
  if (!/^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(rest)) return undefined;
  const parts = [...rest.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)];
  const seconds = parts.reduce((sum, [, number = "0", unit = "s"]) => sum + Number(number) * (UNITS[unit] ?? 1), 0);
  if (seconds > LONGEST) return undefined;
  return sign === "-" ? -seconds : seconds;
}

/** What Go can count in nanoseconds. */
const LONGEST = 2 ** 63 / 1e9;

/** Whether a duration is less than nothing. */
export function isNegative(value: string | undefined): boolean {
  return value !== undefined && (secondsOf(value) ?? 0) < 0;
}
