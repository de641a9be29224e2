import { watchdogTimerConfig } from "../documents/watchdog-timer-config";
import type { Intent } from "../intent";

export interface WatchdogProps {
  /**
   * The watchdog's device: `talosctl read /sys/class/watchdog/watchdog0/identity` says which of several it is.
   *
   * @default "/dev/watchdog0"
   */
  readonly device?: string;
  /**
   * How long Talos may be silent, at least 10 seconds: `5m`.
   *
   * @default "1m" - as Talos sets it
   */
  readonly timeout?: `${number}${"s" | "m"}`;
}

/**
 * Resets the machine when Talos hangs, by a watchdog that the VM needs to have. Applied without a restart.
 */
export function watchdog({ device = "/dev/watchdog0", timeout }: WatchdogProps = {}): Intent {
  return { name: "watchdog", documents: () => [watchdogTimerConfig.build({ device, timeout })] };
}
