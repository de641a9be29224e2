import type { TerraformResource } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import * as ipaddr from "ipaddr.js";
import {
  drillNotIsolated,
  drillTooRare,
  malformedSchedule,
  type Problem,
  pushgatewayUnreachable,
  unpinnedImage,
} from "../../errors";
import {
  type DrillOptions,
  drillAlerts,
  isPinnedImage,
  isSchedule,
  type KubernetesObject,
  longestGap,
  prometheusRule,
  pushgatewayOf,
} from "../../manifests";
import { images } from "../../versions";
import { KubernetesNamespace } from "../kubernetes-namespace";
import { KubernetesObjects } from "../kubernetes-objects";
import type { RestoreDrillProps } from "../restore-drill-props";
import { addCheck } from "./checks";
import { given } from "./given";
import { boundsProblems } from "./numbers";
import { putAfter } from "./order";

/** What a kind of drill adds. */
export interface Drilled {
  /** What is restored: the construct that makes the backups. */
  readonly backup: IConstruct;
  /** Everything in the namespace but the alerts. */
  readonly objects: readonly KubernetesObject[];
  /** What has to be there before. */
  readonly after: TerraformResource;
  /** What it does not prove, though one might think so. @default - nothing */
  readonly reservation?: string;
}

/** A drill: a namespace of its own, named after the id and cut off from everything else, with all that is in it. */
export abstract class RestoreDrill extends Construct {
  readonly namespaceName: string;
  readonly maxAgeDays: number;
  readonly objects: KubernetesObjects;

  /** What is restored: the construct that makes the backups. */
  readonly backup: IConstruct;

  /** What it does not prove, though one might think so. */
  readonly reservation: string | undefined;

  constructor(scope: Construct, id: string, props: RestoreDrillProps, drilled: Drilled) {
    super(scope, id);
    const { maxAgeDays, monitoring } = props;
    const { backup, objects, after, reservation } = drilled;
    this.backup = backup;
    this.reservation = reservation;
    this.maxAgeDays = maxAgeDays;
    const namespace = new KubernetesNamespace(this, id);
    this.namespaceName = namespace.namespaceName;
    this.objects = new KubernetesObjects(this, "drill", {
      namespace: id,
      objects: [
        ...objects,
        ...(monitoring === undefined
          ? []
          : [
              prometheusRule({
                name: id,
                namespace: id,
                runbooks: monitoring.runbooks,
                alerts: drillAlerts(id, maxAgeDays),
                ...given({ labels: monitoring.labels }),
              }),
            ]),
      ],
      dependsOn: [namespace.resource],
    });
    putAfter(this.objects.resource, [after]);
    addCheck(this, () => problems(this.node.path, props));
  }
}

/** What the props of any drill mean. */
export function drillOptions(
  name: string,
  props: RestoreDrillProps,
  endpoint: string,
  operatorNamespace?: string,
): DrillOptions {
  const { schedule, maxAgeDays, s3, apiServer, restoreMinutes = 60, monitoring, nodeImage = images.node } = props;
  const pushgateway = monitoring === undefined ? undefined : pushgatewayOf(monitoring.pushgateway);
  return {
    ...{ name, schedule, maxAgeDays, restoreMinutes, nodeImage },
    reach: { s3, s3Port: portOf(endpoint), apiServer, ...given({ operatorNamespace, pushgateway }) },
    ...given({ pushgatewayUrl: monitoring?.pushgateway }),
  };
}

function problems(where: string, props: RestoreDrillProps): Problem[] {
  const { schedule, s3, apiServer, monitoring, nodeImage = images.node, maxAgeDays, restoreMinutes } = props;
  const ranges = [...s3, ...(apiServer === "cilium" ? [] : apiServer)];
  const isReadable = isSchedule(schedule);
  return [
    ...(isReadable ? [] : [malformedSchedule(where, schedule, "five")]),
    ...(isReadable && longestGap(schedule) > maxAgeDays * 86_400 ? [drillTooRare(where, schedule, maxAgeDays)] : []),
    ...boundsProblems(where, [
      ["maxAgeDays", maxAgeDays, 1],
      ["restoreMinutes", restoreMinutes, 1],
    ]),
    ...ranges.flatMap((range) => (isPlace(range) ? [] : [drillNotIsolated(where, range)])),
    ...(monitoring !== undefined && pushgatewayOf(monitoring.pushgateway) === undefined
      ? [pushgatewayUnreachable(where, monitoring.pushgateway)]
      : []),
    ...(isPinnedImage(nodeImage) ? [] : [unpinnedImage(where, nodeImage)]),
  ];
}

/** Whether a range is one, and not the network of a whole site or provider. */
function isPlace(range: string): boolean {
  if (!ipaddr.isValidCIDR(range)) return false;
  const [address, length] = ipaddr.parseCIDR(range);
  return length >= (address.kind() === "ipv4" ? 16 : 48);
}

function portOf(endpoint: string): number {
  const [, scheme, port] = /^(https?):\/\/.*?(?::(\d+))?\/?$/i.exec(endpoint) ?? [];
  return port === undefined ? (scheme?.toLowerCase() === "http" ? 80 : 443) : Number(port);
}
