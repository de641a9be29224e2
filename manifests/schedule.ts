/** When a CronJob, or an operator, does something. */
import { CronPattern } from "croner";

/** How many fields a schedule has: those of Kubernetes five, those of CloudNativePG six, seconds first. */
export type ScheduleForm = "5-part" | "6-part";

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
