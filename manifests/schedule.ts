/** When a CronJob, or an operator, does something. */
import { Cron, CronPattern } from "croner";

/** How many fields a schedule has: those of Kubernetes five, those of CloudNativePG six, seconds first. */
export type ScheduleForm = "5-part" | "6-part";

/** Whether a schedule of five fields has a run on each day, so that there are never more than 24 hours between two. */
export function isDaily(text: string): boolean {
  const { month, day, dayOfWeek } = new CronPattern(text, undefined, { mode: "5-part" });
  return [month, day, dayOfWeek.slice(0, 7)].every((field) => field.every((runs) => runs !== 0));
}

/** Whether a text is a schedule of that form. */
export function isSchedule(text: string, form: ScheduleForm = "5-part"): boolean {
  // What croner reads beyond that, such as `L` and `#`, the schedulers of Kubernetes do not.
  if (!/^[\d\s*,/A-KM-Z-]+$/i.test(text.replaceAll(/\bjul\b/gi, "7")) || /\dW/i.test(text)) {
    return false;
  }
  try {
    new CronPattern(text, undefined, { mode: form });
    return true;
  } catch {
    return false;
  }
}

/** The longest time between two of thirteen runs of a schedule in UTC, in seconds: those of a month see a whole year. */
export function longestGap(schedule: string): number {
  return Math.max(...gapsOf(schedule));
}

/** The shortest one. */
export function shortestGap(schedule: string): number {
  return Math.min(...gapsOf(schedule));
}

function gapsOf(schedule: string): readonly number[] {
  const first = new Date("2027-01-01T00:00:00Z");
  const runs = new Cron(schedule, { utcOffset: 0, paused: true }).nextRuns(13, first);
  const times = runs.map((run) => run.getTime() / 1000);
  return times.slice(1).map((time, index) => time - (times[index] ?? time));
}
