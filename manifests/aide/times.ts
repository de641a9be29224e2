/** When a node is checked, and when its files are meant to change. */
import { malformedTime, noCheckTime, type Problem, patchWindowTooLong } from "../../errors";

/** A time of the day in UTC: `03:30`. */
export type TimeOfDay = `${number}:${number}`;

export const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
export type Weekday = (typeof weekdays)[number];

/** When files are meant to change: no check begins then, and one begins when it ends. */
export interface PatchWindow {
  /** The day on which it begins. @default - every day */
  readonly day?: Weekday;
  /** In UTC. */
  readonly from: TimeOfDay;
  /** In UTC, on the next day if it is not after `from`. */
  readonly until: TimeOfDay;
}

const dayMinutes = 24 * 60;

/** Checks begin up to half an hour later, so that not all nodes read their disks at once. */
export const spreadMinutes = 30;

/** For how many minutes at a time checks are held off at most, by a window or by a person. */
export const longestHoldOffMinutes = dayMinutes / 2;

/** What is wrong with the times of checks and patches. */
export function timeProblems(
  where: string,
  checkAt: readonly TimeOfDay[],
  patchWindows: readonly PatchWindow[],
): readonly Problem[] {
  const times = [...checkAt, ...patchWindows.flatMap(({ from, until }) => [from, until])];
  const malformed = times.filter((time) => !/^([01]\d|2[0-3]):[0-5]\d$/.test(time));
  if (malformed.length > 0) return malformed.map((time) => malformedTime(where, time));
  const longest = longestWindow(patchWindows);
  return [
    ...(checkAt.length === 0 ? [noCheckTime(where)] : []),
    ...(longest > longestHoldOffMinutes ? [patchWindowTooLong(where, longest)] : []),
  ];
}

/** The longest time in minutes for which a node is held off at once: windows that touch are one. */
export function longestWindow(patchWindows: readonly PatchWindow[]): number {
  const starts = patchWindows.flatMap(({ day, from, until }) => {
    const length = (minutesOf(until) - minutesOf(from) + dayMinutes) % dayMinutes || dayMinutes;
    const days = day === undefined ? weekdays.map((_, index) => index) : [weekdays.indexOf(day)];
    return days.map((index) => ({ start: index * dayMinutes + minutesOf(from), length }));
  });
  // The week goes on with itself, so two of them show whatever touches over its end.
  const twice = starts.flatMap((one) => [one, { ...one, start: one.start + 7 * dayMinutes }]);
  let longest = 0;
  let open = { start: 0, end: -1 };
  for (const { start, length } of twice.sort((one, other) => one.start - other.start)) {
    open = start <= open.end ? { ...open, end: Math.max(open.end, start + length) } : { start, end: start + length };
    longest = Math.max(longest, open.end - open.start);
  }
  return longest;
}

/** The most minutes between two checks of a node that works: two hours more are for the check itself and its delay. */
export function longestSilence(checkAt: readonly TimeOfDay[], patchWindows: readonly PatchWindow[]): number {
  const times = checkAt.map(minutesOf).sort((one, other) => one - other);
  const gaps = times.map((time, index) => (times[index + 1] ?? (times[0] ?? 0) + dayMinutes) - time);
  return Math.max(...gaps) + longestWindow(patchWindows) + 120;
}

function minutesOf(time: TimeOfDay): number {
  const [hours = "0", minutes = "0"] = time.split(":");
  return Number(hours) * 60 + Number(minutes);
}
