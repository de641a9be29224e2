import { hoursBetween } from "./days";
import type { Evidence } from "./evidence";
import type { Figure } from "./figures";

/** A gate of the staged plan: what has to be true before the next stage begins. */
export interface Gate {
  readonly title: string;
  readonly criteria: readonly Criterion[];
}

/** One thing that a gate asks for. */
export interface Criterion {
  /** Kebab-case. */
  readonly id: string;
  /** What has to be true. */
  readonly asks: string;
  /** What it is judged by. */
  readonly figures: readonly Figure[];
  readonly judge: (evidence: Evidence) => Finding;
}

/** What the evidence says about a criterion. */
export interface Finding {
  readonly state: "met" | "not met" | "not known";
  /** What there is, in words. */
  readonly found: string;
}

/** The age in hours at which something daily is late: two hours of margin, so that a slow run is no alarm (DRF-9). */
export const dailyHours = 26;

export const notKnown: Finding = { state: "not known", found: "nothing" };

export function found(isMet: boolean, what: string): Finding {
  return { state: isMet ? "met" : "not met", found: what };
}

/** A question that is answered with yes. */
export function yes(
  id: string,
  asks: string,
  figure: Figure,
  read: (evidence: Evidence) => boolean | null | undefined,
): Criterion {
  const judge = (evidence: Evidence) => {
    const answer = read(evidence);
    return isKnown(answer) ? found(answer, answer ? "yes" : "no") : notKnown;
  };
  return { id, asks, figures: [figure], judge };
}

/** Something that happened lately. */
export function recent(
  id: string,
  what: string,
  hours: number,
  figure: Figure,
  read: (evidence: Evidence) => string | null | undefined,
): Criterion {
  const judge = (evidence: Evidence) => {
    const time = read(evidence);
    if (!isKnown(time)) return notKnown;
    const age = hoursBetween(time, evidence.measuredAt);
    return found(age <= hours, `${rounded(age)} hours old`);
  };
  return { id, asks: `${what} is at most ${hours} hours old.`, figures: [figure], judge };
}

/** Things by name, of which there is at least one and all are done. */
export function allDone(things: Readonly<Record<string, boolean | null>> | null | undefined): Finding {
  const entries = Object.entries(things ?? {});
  const open = entries.filter(([, done]) => done !== true);
  if (entries.length === 0) return notKnown;
  const left = open.length === 0 ? "" : `; not ${listed(open.map(([name]) => name))}`;
  const what = `${entries.length - open.length} of ${entries.length}${left}`;
  const isOnlyUnknown = open.length > 0 && open.every(([, done]) => done === null);
  return isOnlyUnknown ? { state: "not known", found: what } : found(open.length === 0, what);
}

export function isKnown<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined;
}

/** Up, so that what is beyond a limit never looks as if it were within. */
export function rounded(value: number): number {
  return Math.ceil(value * 10) / 10;
}

export function listed(values: readonly string[]): string {
  return values.length === 0 ? "none" : values.join(", ");
}
