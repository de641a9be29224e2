/** Alerts that say what happened, and where it is said what to do. */
import type { KubernetesObject } from "./object";

export interface AlertRule {
  /** Name in CamelCase, the subject first. */
  readonly alert: string;
  /** PromQL that is true while there is something to say. */
  readonly expr: string;
  /** How long it has to be true, such as `15m`. */
  readonly for: string;
  readonly severity: "info" | "warning" | "critical";
  /** One line. */
  readonly summary: string;
  /** What it means, and what is at stake. */
  readonly description: string;
}

export interface RuleOptions {
  readonly name: string;
  readonly namespace: string;
  /**
   * Labels by which Prometheus finds the rules: its operator ignores others.
   *
   * @default - { release: "kube-prometheus-stack" }
   */
  readonly labels?: Readonly<Record<string, string>>;
  /** Where the runbooks are: an alert's is `<runbooks>#<alert in lower case>`. */
  readonly runbooks: string;
  readonly alerts: readonly AlertRule[];
}

/** A PrometheusRule with one group of alerts. */
export function prometheusRule(options: RuleOptions): KubernetesObject {
  const { name, namespace, labels = { release: "kube-prometheus-stack" }, runbooks, alerts } = options;
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name, namespace, labels },
    spec: {
      groups: [
        {
          name,
          rules: alerts.map(({ alert, expr, severity, summary, description, for: lasting }) => ({
            alert,
            expr,
            for: lasting,
            labels: { severity },
            annotations: { summary, description, runbook_url: `${runbooks}#${alert.toLowerCase()}` },
          })),
        },
      ],
    },
  };
}
