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
  /** Beside the label `app.kubernetes.io/name`, which is the name. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * A CronJob whose runs never overlap and are not tried again: a run that failed is to be seen. The last three of both
 * kinds are kept.
 */
export function cronJob(options: CronJobOptions): KubernetesObject {
  const { name, namespace, schedule, deadlineSeconds, labels } = options;
  const allLabels = { "app.kubernetes.io/name": name, ...labels };
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name, namespace, labels: allLabels },
    spec: {
      schedule,
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        spec: {
          backoffLimit: 0,
          activeDeadlineSeconds: deadlineSeconds,
          template: { metadata: { labels: allLabels }, spec: podSpec(options) },
        },
      },
    },
  };
}
