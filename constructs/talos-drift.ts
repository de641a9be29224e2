import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import {
  machinesAddedLater,
  malformedSchedule,
  malformedUrl,
  type Problem,
  talosAccessMissing,
  unpinnedImage,
} from "../errors";
import { allowsTalosApi } from "../machine-configs/rules/api-access";
import { isPinnedImage, isSchedule, longestGap, talosDriftObjects, talosReaderRole } from "../manifests";
import { KubernetesObjects } from "./kubernetes-objects";
import { addCheck } from "./private/checks";
import { isHttpUrl } from "./private/client-problems";
import { given } from "./private/given";
import type { TalosCluster } from "./talos-cluster";

export interface TalosDriftProps {
  /** Namespace of the pods, which has to be there; pod security `restricted` takes them. */
  readonly namespace: string;

  /**
   * The cluster, with all of its machines. Its intents have to give the role `os:reader` to pods of the namespace, by
   * `talosApiAccess`.
   */
  readonly cluster: TalosCluster;

  /** The image made of `images/talos-drift` for the cluster's release, with its digest. */
  readonly image: string;

  /** Five fields, in UTC. @default "17 * * * *" */
  readonly schedule?: string;

  /** URL of a Pushgateway (MON-1), which also keeps since when a machine differs. */
  readonly pushgateway: string;

  /** Page with the runbooks: an alert's is `<runbooks>#<alert in lower case>`. */
  readonly runbooks: string;

  /** Labels by which Prometheus finds the alerts. @default - { release: "kube-prometheus-stack" } */
  readonly prometheusLabels?: Readonly<Record<string, string>>;

  /** @default - none */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/**
 * Compares the machines of a Talos cluster with the code, by the clock and from inside of the cluster: the release that
 * runs, and the schematic with its extensions (TAL-32). With alerts and a dashboard; all objects are named after the
 * construct's id.
 *
 * What the machines have to be is in a ConfigMap, which is made of the cluster. The pods read the Talos API with the role
 * `os:reader`, which does not show machine configurations: compare those with `cdktf-proxmox-talos talos-drift`.
 *
 * @example
 * new TalosDrift(stack, "talos-drift", {
 *   namespace: "integrity",
 *   cluster,
 *   image: `registry.example.com/talos-drift:v1.14.4@sha256:${digest}`,
 *   pushgateway: "http://prometheus-pushgateway.monitoring.svc:9091",
 *   runbooks: "https://docs.example.com/talos-drift",
 * });
 */
export class TalosDrift extends Construct {
  readonly objects: KubernetesObjects;
  /** Of how many machines the objects know. */
  readonly #known: number;

  constructor(scope: Construct, id: string, props: TalosDriftProps) {
    super(scope, id);
    const { namespace, cluster, image, schedule = "17 * * * *", pushgateway, runbooks } = props;
    const { clusterName, nodes, versions } = cluster;
    this.#known = nodes.length;
    this.objects = new KubernetesObjects(this, id, {
      namespace,
      objects: talosDriftObjects({
        name: id,
        namespace,
        image,
        schedule,
        longestGapSeconds: isSchedule(schedule) ? longestGap(schedule) : 0,
        cluster: clusterName,
        machines: nodes.map(({ nodeName, address, image: own }) => ({
          name: nodeName,
          address,
          talos: versions.talos,
          schematic: own.schematicId,
        })),
        pushgateway,
        runbooks,
        ...given({ ruleLabels: props.prometheusLabels }),
      }),
      ...given({ dependsOn: props.dependsOn }),
    });
    addCheck(this, () => [
      ...(isSchedule(schedule) ? [] : [malformedSchedule(this.node.path, schedule, "five")]),
      ...this.#clusterProblems(props),
      ...(isPinnedImage(image) ? [] : [unpinnedImage(this.node.path, image)]),
      ...(["pushgateway", "runbooks"] as const)
        .filter((prop) => !isHttpUrl(props[prop]))
        .map((prop) => malformedUrl(this.node.path, prop, props[prop], "an http(s) URL")),
    ]);
  }

  #clusterProblems({ cluster, namespace }: TalosDriftProps): Problem[] {
    const where = this.node.path;
    const { clusterName, controlPlanes, nodes } = cluster;
    const later = nodes.slice(this.#known).map(({ nodeName }) => nodeName);
    return [
      ...(controlPlanes.every(({ documents }) => allowsTalosApi(documents, talosReaderRole, namespace))
        ? []
        : [talosAccessMissing(where, clusterName, talosReaderRole, namespace)]),
      ...(later.length === 0 ? [] : [machinesAddedLater(where, clusterName, later)]),
    ];
  }
}
