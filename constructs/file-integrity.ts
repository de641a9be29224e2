import { readFileSync } from "node:fs";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { malformedMetricsTarget, nodesNotChosen, type Problem, tooFewEntries, unpinnedImage } from "../errors";
import {
  type BrokenPolicy,
  type Exclusion,
  fileIntegrityObjects,
  isPinnedImage,
  type MetricsTarget,
  type PatchWindow,
  type TimeOfDay,
  type Toleration,
  timeProblems,
  ubuntuNode,
  ubuntuNodeExclusions,
  type WatchedDirectory,
  watchProblems,
  writtenDirectories,
} from "../manifests";
import { KubernetesNamespace } from "./kubernetes-namespace";
import { KubernetesObjects } from "./kubernetes-objects";
import { addCheck } from "./private/checks";
import { packageFile } from "./private/package-files";

export interface FileIntegrityProps {
  /** The image made of `images/aide`, with its digest (AIDE-1). Another release of AIDE needs new baselines. */
  readonly image: string;

  /**
   * Labels of the nodes to watch. One of them has to tell Ubuntu nodes from those of Talos, whose system is read-only
   * and generated (T-35).
   */
  readonly nodeSelector: Readonly<Record<string, string>>;

  /** Taints that the pods live with. @default - all: a node that is left out is not seen to be */
  readonly tolerations?: readonly Toleration[];

  /** What is watched. A change needs new baselines, which show what it added. @default - `ubuntuNode` */
  readonly watch?: readonly WatchedDirectory[];

  /** What is not watched although the directory around it is. @default - `ubuntuNodeExclusions` */
  readonly exclusions?: readonly Exclusion[];

  /** A check that sees fewer files and directories is an error: AIDE itself takes an empty tree for a clean one. @default 200 */
  readonly minimumEntries?: number;

  /** When checks begin, in UTC; each node up to half an hour later (AIDE-10). @default ["03:30"] */
  readonly checkAt?: readonly TimeOfDay[];

  /** When files are meant to change. No check begins then, and one begins when it ends. @default - none */
  readonly patchWindows?: readonly PatchWindow[];

  /** Where the metrics go (AIDE-11, MON-1). @default { textfile: "/var/lib/node_exporter/textfile" } */
  readonly metrics?: MetricsTarget;

  /** Memory that each pod gets; AIDE needs about 2 KiB for each entry, twice. @default "256Mi" */
  readonly memory?: string;

  /** Policies of Kyverno that such pods break; they are excepted from these rules, by name (HRD-7). @default - none */
  readonly brokenPolicies?: readonly BrokenPolicy[];

  /** URL of the page with what to do about each alert. */
  readonly runbooks: string;

  /** Labels by which Prometheus finds the alerts. @default { release: "kube-prometheus-stack" } */
  readonly ruleLabels?: Readonly<Record<string, string>>;

  /** @default - none */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/**
 * Watches the files of Ubuntu nodes with AIDE: a DaemonSet in a namespace of its own, both named after the construct's
 * id, with alerts (AIDE-2 to AIDE-16). It notices, and prevents nothing (AIDE-17).
 *
 * The pods are root and read everything there is on the node, and nothing else is theirs: they are not privileged, have
 * no token of the API, and no network unless they push metrics. Pod security has no level between, so that the namespace
 * allows what it must; keep others out of it.
 *
 * @example
 * new FileIntegrity(stack, "file-integrity", {
 *   image: "registry.example.com/aide:0.19.1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
 *   nodeSelector: { "example.com/os": "ubuntu" },
 *   runbooks: "https://docs.example.com/file-integrity",
 * });
 */
export class FileIntegrity extends Construct {
  readonly namespace: KubernetesNamespace;
  readonly objects: KubernetesObjects;

  constructor(scope: Construct, id: string, props: FileIntegrityProps) {
    super(scope, id);
    const watch = props.watch ?? ubuntuNode;
    const exclusions = props.exclusions ?? (props.watch === undefined ? ubuntuNodeExclusions : []);
    const { dependsOn, ruleLabels } = props;
    const checkAt = props.checkAt ?? ["03:30"];
    const patchWindows = props.patchWindows ?? [];
    const metrics = props.metrics ?? { textfile: "/var/lib/node_exporter/textfile" };
    const minimumEntries = props.minimumEntries ?? 200;
    // The name is the namespace's, which has to be its id.
    this.namespace = new KubernetesNamespace(this, id, {
      podSecurity: "privileged",
      ...(dependsOn === undefined ? {} : { dependsOn }),
    });
    this.objects = new KubernetesObjects(this, `${id}-objects`, {
      namespace: id,
      objects: fileIntegrityObjects({
        name: id,
        namespace: id,
        image: props.image,
        program: readFileSync(packageFile("scripts", "file-integrity.py"), "utf8"),
        nodeSelector: props.nodeSelector,
        tolerations: props.tolerations ?? [{ operator: "Exists" }],
        watch,
        exclusions,
        minimumEntries,
        checkAt,
        patchWindows,
        metrics,
        memory: props.memory ?? "256Mi",
        brokenPolicies: props.brokenPolicies ?? [],
        runbooks: props.runbooks,
        ...(ruleLabels === undefined ? {} : { ruleLabels }),
      }),
      dependsOn: [this.namespace.resource],
    });
    addCheck(this, () => {
      const where = this.node.path;
      return [
        ...(isPinnedImage(props.image) ? [] : [unpinnedImage(where, props.image)]),
        ...nodeProblems(where, props.nodeSelector),
        ...watchProblems(where, watch, exclusions, writtenDirectories(metrics)),
        ...(Number.isInteger(minimumEntries) && minimumEntries > 0 ? [] : [tooFewEntries(where, minimumEntries)]),
        ...timeProblems(where, checkAt, patchWindows),
        ...metricsProblems(where, metrics),
      ];
    });
  }
}

/** Labels that Kubernetes gives to all nodes say `linux` of both systems. */
function nodeProblems(where: string, selector: Readonly<Record<string, string>>): readonly Problem[] {
  const keys = Object.keys(selector);
  return keys.every((key) => /^kubernetes\.io\/(os|arch)$/.test(key)) ? [nodesNotChosen(where, keys)] : [];
}

function metricsProblems(where: string, metrics: MetricsTarget): readonly Problem[] {
  if ("textfile" in metrics) {
    return /^(\/[\w.@+:-]+)+$/.test(metrics.textfile) ? [] : [malformedMetricsTarget(where, metrics.textfile)];
  }
  const { pushgateway } = metrics;
  const isUrl = URL.canParse(pushgateway) && /^https?:$/.test(new URL(pushgateway).protocol);
  return isUrl ? [] : [malformedMetricsTarget(where, pushgateway)];
}
