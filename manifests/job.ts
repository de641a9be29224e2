/** Jobs that run once. */
import type { KubernetesObject } from "./object";
import { type PodOptions, podSpec } from "./pod";

export interface JobOptions extends PodOptions {
  /** A Job cannot be changed: with another content it needs another name. */
  readonly name: string;
  readonly namespace: string;
  /** Seconds after which it is ended, with all that it tried. */
  readonly deadlineSeconds: number;
  /** How often it is tried again, after 10 s, 20 s and so on. @default 0 */
  readonly retries?: number;
  /** Beside the label `app.kubernetes.io/name`, which is the name. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A Job, which is kept when it has ended. */
export function job(options: JobOptions): KubernetesObject {
  const { name, namespace, deadlineSeconds, retries = 0, labels } = options;
  const allLabels = { "app.kubernetes.io/name": name, ...labels };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace, labels: allLabels },
    spec: {
      backoffLimit: retries,
      activeDeadlineSeconds: deadlineSeconds,
      template: { metadata: { labels: allLabels }, spec: podSpec(options) },
    },
  };
}
