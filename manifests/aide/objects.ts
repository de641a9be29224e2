/** What watches the files of nodes in a cluster. */
import { createHash } from "node:crypto";
import type { KubernetesObject } from "../object";
import { podSpec, type Toleration } from "../pod";
import { prometheusRule } from "../prometheus-rule";
import { integrityAlerts } from "./alerts";
import {
  longestHoldOffMinutes,
  longestSilence,
  type PatchWindow,
  spreadMinutes,
  type TimeOfDay,
  weekdays,
} from "./times";
import {
  aideConfiguration,
  type Exclusion,
  expectedPaths,
  mountedDirectories,
  type WatchedDirectory,
  watchedTrees,
} from "./watched";

/** A policy of Kyverno that the pods break. */
export type BrokenPolicy =
  | {
      /** Name of a ValidatingPolicy. */
      readonly validatingPolicy: string;
    }
  | {
      /** Name of a ClusterPolicy, which Kyverno 1.19 still takes. */
      readonly clusterPolicy: string;
      /** Names of the rules that are broken. */
      readonly rules: readonly string[];
    };

/** Where metrics go: files that the node exporter reads, or a Pushgateway. */
export type MetricsTarget =
  | {
      /** Directory of the node that `--collector.textfile.directory` names. It has to belong to root. */
      readonly textfile: `/${string}`;
    }
  | {
      /** URL, such as `http://pushgateway.monitoring:9091`. */
      readonly pushgateway: string;
    };

export interface FileIntegrityOptions {
  /** Name of all objects. */
  readonly name: string;
  readonly namespace: string;
  /** Image with `aide` and `python3`, by its digest. */
  readonly image: string;
  /** Text of the program that the pods run. */
  readonly program: string;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
  readonly watch: readonly WatchedDirectory[];
  readonly exclusions: readonly Exclusion[];
  readonly minimumEntries: number;
  readonly checkAt: readonly TimeOfDay[];
  readonly patchWindows: readonly PatchWindow[];
  readonly metrics: MetricsTarget;
  readonly memory: string;
  readonly brokenPolicies: readonly BrokenPolicy[];
  readonly runbooks: string;
  readonly ruleLabels?: Readonly<Record<string, string>>;
}

/** Directory of the node with its databases. */
export const stateDirectory = "/var/lib/file-integrity";

/** Directories of the node that the pods write. */
export function writtenDirectories(metrics: MetricsTarget): readonly string[] {
  return "textfile" in metrics ? [stateDirectory, metrics.textfile] : [stateDirectory];
}

/** A DaemonSet with what its pods read, a policy for their network, exceptions from policies, and alerts. */
export function fileIntegrityObjects(options: FileIntegrityOptions): readonly KubernetesObject[] {
  const { name, namespace, metrics, runbooks, ruleLabels, checkAt, patchWindows } = options;
  const metadata = { name, namespace, labels: { "app.kubernetes.io/name": name } };
  const data = filesOf(options);
  return [
    { apiVersion: "v1", kind: "ConfigMap", metadata, data },
    { apiVersion: "apps/v1", kind: "DaemonSet", metadata, spec: daemonSetSpec(options, data) },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata,
      // Whoever is in such a pod reads the secrets of the node, and should not get them out.
      spec: {
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
        ...("pushgateway" in metrics ? { egress: [{}] } : {}),
      },
    },
    ...policyExceptions(options),
    prometheusRule({
      name,
      namespace,
      runbooks,
      ...(ruleLabels === undefined ? {} : { labels: ruleLabels }),
      alerts: integrityAlerts({
        name,
        namespace,
        longestSilenceMinutes: longestSilence(checkAt, patchWindows),
      }),
    }),
  ];
}

const files = "/etc/file-integrity";
const approved = "/etc/file-integrity-baselines";
const prefix = "/host";
const state = "/state";
const textfile = "/metrics";

function filesOf(options: FileIntegrityOptions): Readonly<Record<string, string>> {
  const { program, watch, exclusions, metrics } = options;
  return {
    "file-integrity.py": program,
    "aide.conf": aideConfiguration(watch, exclusions, prefix),
    "settings.json": JSON.stringify(
      integritySettings(options, {
        configuration: `${files}/aide.conf`,
        prefix,
        state,
        approved,
        metrics: "textfile" in metrics ? { textfile } : { pushgateway: metrics.pushgateway.replace(/\/+$/, "") },
      }),
      null,
      2,
    ),
  };
}

/** Where the program finds what it works with. */
export interface IntegrityPlaces {
  readonly configuration: string;
  readonly prefix: string;
  readonly state: string;
  readonly approved: string;
  readonly metrics: { readonly textfile: string } | { readonly pushgateway: string };
}

/** The settings of `scripts/file-integrity.py`, which says what they mean. */
export function integritySettings(
  options: Pick<FileIntegrityOptions, "watch" | "minimumEntries" | "checkAt" | "patchWindows">,
  places: IntegrityPlaces,
): Readonly<Record<string, unknown>> {
  const { watch, minimumEntries, checkAt, patchWindows } = options;
  return {
    ...places,
    trees: watchedTrees(watch),
    expectedPaths: expectedPaths(watch),
    minimumEntries,
    pollSeconds: 15,
    checkAt,
    spreadSeconds: spreadMinutes * 60,
    patchWindows: patchWindows.map(({ day, from, until }) => ({
      day: day === undefined ? null : weekdays.indexOf(day),
      from,
      until,
    })),
    longestHoldOffSeconds: longestHoldOffMinutes * 60,
  };
}

function daemonSetSpec(options: FileIntegrityOptions, data: Readonly<Record<string, string>>) {
  const { name, image, nodeSelector, tolerations, watch, metrics, memory } = options;
  const labels = { "app.kubernetes.io/name": name };
  const volumes = [
    ...mountedDirectories(watch).map((directory, index) => ({
      name: `host-${index}`,
      directory,
      mountPath: `${prefix}${directory}`,
      type: "Directory",
      // What is mounted on the node later is seen, and what is unmounted there is let go.
      mount: { readOnly: true, mountPropagation: "HostToContainer" },
    })),
    { name: "state", directory: stateDirectory, mountPath: state, type: "DirectoryOrCreate", mount: {} },
    ...("textfile" in metrics
      ? [{ name: "metrics", directory: metrics.textfile, mountPath: textfile, type: "DirectoryOrCreate", mount: {} }]
      : []),
  ];
  return {
    selector: { matchLabels: labels },
    // Nothing waits for these pods, so that all may be replaced at once.
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "100%" } },
    template: {
      metadata: {
        labels,
        // Programs do not notice that their files change; other pods do.
        annotations: { "file-integrity/files": createHash("sha256").update(JSON.stringify(data)).digest("hex") },
      },
      spec: podSpec({
        restartPolicy: "Always",
        runAsUser: 0,
        containers: [
          {
            name: "aide",
            image,
            command: ["python3", `${files}/file-integrity.py`, "watch", `${files}/settings.json`],
            env: [{ name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
            volumeMounts: [
              { name: "files", mountPath: files, readOnly: true },
              { name: "baselines", mountPath: approved, readOnly: true },
              ...volumes.map(({ name, mountPath, mount }) => ({ name, mountPath, ...mount })),
            ],
            resources: { cpu: "50m", memory },
            // Root without it cannot read what belongs to others, and AIDE passes over that.
            capabilities: ["DAC_READ_SEARCH"],
          },
        ],
        volumes: [
          { name: "files", configMap: { name } },
          { name: "baselines", configMap: { name: baselinesName(name), optional: true } },
          ...volumes.map(({ name, directory, type }) => ({ name, hostPath: { path: directory, type } })),
        ],
        nodeSelector,
        tolerations,
      }),
    },
  };
}

/** The ConfigMap with the fingerprints that a person approved. No pod may write it, and no chart owns it. */
function baselinesName(name: string): string {
  return `${name}-baselines`;
}

/** For these pods only, and not for whatever else comes into their namespace. The two kinds of policies have one each. */
function policyExceptions({ name, namespace, brokenPolicies }: FileIntegrityOptions): readonly KubernetesObject[] {
  const policyRefs = brokenPolicies.flatMap((broken) =>
    "validatingPolicy" in broken ? [{ kind: "ValidatingPolicy", name: broken.validatingPolicy }] : [],
  );
  const exceptions = brokenPolicies.flatMap((broken) =>
    "clusterPolicy" in broken
      ? [
          {
            policyName: broken.clusterPolicy,
            // Kyverno makes rules for DaemonSets of those for pods, under names of their own.
            ruleNames: broken.rules.flatMap((rule) => [rule, `autogen-${rule}`]),
          },
        ]
      : [],
  );
  const matchConditions = [
    {
      name: "these-pods",
      expression: `request.namespace == '${namespace}' && object.metadata.?labels[?'app.kubernetes.io/name'].orValue('') == '${name}'`,
    },
  ];
  const names = { kinds: ["DaemonSet", "Pod"], namespaces: [namespace], names: [name, `${name}-*`] };
  const exception = (apiVersion: string, spec: object) => ({
    apiVersion,
    kind: "PolicyException",
    metadata: { name, namespace },
    spec,
  });
  return [
    ...(policyRefs.length === 0 ? [] : [exception("policies.kyverno.io/v1", { policyRefs, matchConditions })]),
    ...(exceptions.length === 0
      ? []
      : [exception("kyverno.io/v2", { exceptions, match: { any: [{ resources: names }] } })]),
  ];
}
