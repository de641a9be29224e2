/** What watches a store from where its clients are. */
import { cronJob, type KubernetesObject, prometheusRule } from "../manifests";
import { probeAlerts, serverAlerts } from "./alerts";
import { prometheusLabels } from "./chart";
import { programConfigMap, programPod, type StoreCredentials } from "./program";
import type { ObjectStore, PinnedImage } from "./store";

export interface ProbeOptions {
  readonly name: string;
  readonly namespace: string;
  readonly store: ObjectStore;
  readonly bucket: string;
  readonly credentials: StoreCredentials;
  readonly schedule: string;
  readonly pushgateway: string | undefined;
  readonly runbooks: string;
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly image: PinnedImage | undefined;
  /** `object-store.mjs` and its modules, out of `scripts`. */
  readonly programs: Readonly<Record<string, string>>;
}

/** The probe, what is to be scraped, and the alerts about what there are metrics of. */
export function probeObjects(options: ProbeOptions): readonly KubernetesObject[] {
  const { name, namespace, store, bucket, schedule, pushgateway, runbooks, labels = prometheusLabels } = options;
  const configMap = programConfigMap(name, namespace, options.programs, store);
  const alerts = [
    ...(pushgateway === undefined ? [] : probeAlerts({ bucket, endpoint: store.endpoint })),
    ...(store.metrics === undefined ? [] : serverAlerts),
  ];
  const pod = programPod({
    configMap: name,
    store,
    credentials: options.credentials,
    arguments: ["probe"],
    env: [
      { name: "S3_BUCKET", value: bucket },
      ...(pushgateway === undefined ? [] : [{ name: "PUSHGATEWAY_URL", value: pushgateway }]),
    ],
    image: options.image,
  });
  return [
    configMap,
    cronJob({ name, namespace, schedule, deadlineSeconds: 300, ...pod }),
    ...(store.metrics === undefined || store.metrics.length === 0
      ? []
      : [scrapeConfig(name, namespace, store.metrics, labels)]),
    ...(alerts.length === 0 ? [] : [prometheusRule({ name, namespace, labels, runbooks, alerts })]),
  ];
}

function scrapeConfig(
  name: string,
  namespace: string,
  targets: readonly string[],
  labels: Readonly<Record<string, string>>,
): KubernetesObject {
  return {
    apiVersion: "monitoring.coreos.com/v1alpha1",
    kind: "ScrapeConfig",
    metadata: { name, namespace, labels },
    spec: {
      staticConfigs: [{ targets, labels: { job: "seaweedfs" } }],
      metricsPath: "/metrics",
      scrapeInterval: "30s",
    },
  };
}
