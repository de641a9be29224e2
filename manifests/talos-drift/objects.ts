/** What compares Talos machines with the code from inside of their cluster. */
import { createHash } from "node:crypto";
import { cronJob, startingDeadlineSeconds } from "../cron-job";
import { dashboard } from "../dashboard";
import type { KubernetesObject } from "../object";
import { prometheusRule } from "../prometheus-rule";
import { talosDriftAlerts } from "./alerts";
import { talosRow } from "./dashboard";

export interface TalosDriftOptions {
  /** Name of all objects. */
  readonly name: string;
  readonly namespace: string;
  /** Image with `node`, `talosctl` and the program. */
  readonly image: string;
  /** Five fields, in UTC. */
  readonly schedule: string;
  /** The longest time between two of its runs. */
  readonly longestGapSeconds: number;
  /** Name of the cluster. */
  readonly cluster: string;
  readonly machines: readonly TalosMachine[];
  readonly pushgateway: string;
  readonly runbooks: string;
  readonly ruleLabels?: Readonly<Record<string, string>>;
}

/** What a machine has to be, of which nothing is secret. */
export interface TalosMachine {
  readonly name: string;
  readonly address: string;
  readonly talos: string;
  readonly schematic: string;
}

/** The role that is asked for: it lets read all but secrets, and machine configurations are such. */
export const talosReaderRole = "os:reader";

/** Where `talosctl` finds what Talos gives to a pod. */
const talosFolder = "/var/run/secrets/talos.dev";
const machinesFolder = "/machines";

/** A CronJob with what its pods read, the access to the Talos API that they need, and what is to be told. */
export function talosDriftObjects(options: TalosDriftOptions): readonly KubernetesObject[] {
  const { name, namespace, image, schedule, cluster, machines, pushgateway, runbooks, ruleLabels, longestGapSeconds } =
    options;
  const metadata = { name, namespace, labels: { "app.kubernetes.io/name": name } };
  // Of eight machines at a time, each may be silent twice for half a minute.
  const deadlineSeconds = 120 + 60 * Math.ceil(machines.length / 8);
  const wanted = machines.map((machine) => ({ ...machine, cluster: { name: cluster } }));
  return [
    // Talos answers with a Secret of this name.
    { apiVersion: "talos.dev/v1alpha1", kind: "ServiceAccount", metadata, spec: { roles: [talosReaderRole] } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false },
    { apiVersion: "v1", kind: "ConfigMap", metadata, data: { "machines.json": JSON.stringify(wanted, null, 2) } },
    cronJob({
      name,
      namespace,
      schedule,
      deadlineSeconds,
      serviceAccountName: name,
      containers: [
        {
          name: "talos-drift",
          image,
          command: [
            "node",
            "/usr/local/lib/talos-drift.js",
            `--machines=${machinesFolder}/machines.json`,
            `--talosconfig=${talosFolder}/config`,
            "--without-configuration",
            `--pushgateway=${pushgateway}`,
            "--format=lines",
            "--exit-zero",
          ],
          env: [],
          volumeMounts: [
            { name: "machines", mountPath: machinesFolder, readOnly: true },
            { name: "talos", mountPath: talosFolder, readOnly: true },
          ],
          resources: { cpu: "50m", memory: "256Mi" },
        },
      ],
      volumes: [
        { name: "machines", configMap: { name } },
        { name: "talos", secret: { secretName: name } },
      ],
    }),
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata,
      // Nobody connects to these pods.
      spec: { podSelector: { matchLabels: { "app.kubernetes.io/name": name } }, policyTypes: ["Ingress"] },
    },
    prometheusRule({
      name,
      namespace,
      runbooks,
      ...(ruleLabels === undefined ? {} : { labels: ruleLabels }),
      alerts: talosDriftAlerts({
        cluster,
        longestGapSeconds,
        silenceSeconds: longestGapSeconds + startingDeadlineSeconds + deadlineSeconds,
      }),
    }),
    dashboard({
      name: `${name}-dashboard`,
      namespace,
      uid: createHash("sha256").update(`${namespace}/${name}`).digest("hex").slice(0, 40),
      title: `Talos machines of ${cluster}`,
      rows: [talosRow(cluster)],
    }),
  ];
}
