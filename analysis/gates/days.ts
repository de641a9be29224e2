/** A day as `2026-06-06`. */
export type Day = string;

export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY);
}

export function daysAfter(from: Day, days: number): Day {
  return dayOf(new Date(Date.parse(from) + days * DAY).toISOString());
}

/** Hours between two moments, as `2026-06-06T08:00:00Z`. */
export function hoursBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / HOUR;
}

/** The day of a moment, where it was measured. */
export function dayOf(moment: string): Day {
  return moment.slice(0, LENGTH);
}

/** Whether a time is a whole day. */
export function isDay(time: string): boolean {
  return time.length === LENGTH;
}

const LENGTH = "2026-06-06".length;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
