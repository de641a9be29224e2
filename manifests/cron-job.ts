/** Jobs that run by the clock. */
import type { KubernetesObject } from "./object";
import { type PodOptions, podSpec } from "./pod";

export interface CronJobOptions extends PodOptions {
  readonly name: string;
  readonly namespace: string;
  /** Five fields, in UTC. */
  readonly schedule: string;
  /** Seconds after which a run is ended. */
  readonly deadlineSeconds: number;
  /**
   * Pods of a run, side by side, each with its number from 0 as `JOB_COMPLETION_INDEX`. One that fails ends no other one,
   * which takes Kubernetes 1.29 or later.
   *
   * @default - one, without a number
   */
  readonly indexes?: number;
  /** Beside the label `app.kubernetes.io/name`, which is the name. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** How late a run may begin; what is not begun by then is left out. */
export const startingDeadlineSeconds = 3600;

/**
 * A CronJob whose runs never overlap and are not tried again: a run that failed is to be seen. The last three of both
 * kinds are kept.
 */
export function cronJob(options: CronJobOptions): KubernetesObject {
  const { name, namespace, schedule, deadlineSeconds, indexes, labels } = options;
  const allLabels = { "app.kubernetes.io/name": name, ...labels };
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name, namespace, labels: allLabels },
    spec: {
      schedule,
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        spec: {
          ...(indexes === undefined
            ? { backoffLimit: 0 }
            : { completionMode: "Indexed", completions: indexes, parallelism: indexes, backoffLimitPerIndex: 0 }),
          activeDeadlineSeconds: deadlineSeconds,
          template: { metadata: { labels: allLabels }, spec: podSpec(options) },
        },
      },
    },
  };
}
