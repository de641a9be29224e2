import { Construct } from "constructs";
import * as ipaddr from "ipaddr.js";
import {
  drillNotIsolated,
  drillTooRare,
  drillWithoutBackup,
  malformedSchedule,
  type Problem,
  pushgatewayUnreachable,
  unpinnedImage,
} from "../errors";
import {
  drillAlerts,
  isPinnedImage,
  isSchedule,
  type KubernetesObject,
  longestGap,
  postgresDrill,
  prometheusRule,
  pushgatewayOf,
} from "../manifests";
import { images } from "../versions";
import { KubernetesNamespace } from "./kubernetes-namespace";
import { KubernetesObjects } from "./kubernetes-objects";
import type { PostgresCluster, PostgresMonitoring } from "./postgres-cluster";
import { addCheck } from "./private/checks";
import { given } from "./private/given";
import { boundsProblems } from "./private/numbers";
import { putAfter } from "./private/order";
import { packagePrograms, packageText } from "./private/package-files";

/** Who is told how a drill went. */
export interface DrillMonitoring extends PostgresMonitoring {
  /** Where the results are pushed to: `http://<service>.<namespace>.svc:9091`, or an address (MON-1). */
  readonly pushgateway: string;
}

export interface PostgresRestoreDrillProps {
  /** The cluster whose backups are proven. It gets a CronJob beside it that writes the sentinel rows. */
  readonly cluster: PostgresCluster;

  /** When, five fields, in UTC: `0 4 * * 0`. */
  readonly schedule: string;

  /** For how many days a proven restore counts; after that, somebody is called. */
  readonly maxAgeDays: number;

  /**
   * Secret with `ACCESS_KEY_ID` and `ACCESS_SECRET_KEY` of somebody who may only read the archive, in the namespace of the
   * drill. The store's `caSecret` has to be there, too.
   */
  readonly s3Secret: string;

  /** Addresses of the S3 server in CIDR notation, which the copy may reach: `10.0.20.10/32`. */
  readonly s3: readonly string[];

  /**
   * Addresses of the control planes in CIDR notation, as they are behind the Service of the API server. Where Cilium is
   * the network, the word, since for it they are no addresses. A network plugin that does not know policies isolates
   * nothing.
   */
  readonly apiServer: readonly string[] | "cilium";

  /** Which moment is restored: so many minutes before the drill. @default 60 */
  readonly targetMinutesAgo?: number;

  /** How often a sentinel row is written, at most every 30 minutes. @default 10 */
  readonly sentinelMinutes?: number;

  /** How long the copy may take until it is ready. @default 60 */
  readonly restoreMinutes?: number;

  /** Pushgateway and alerts; needs the Prometheus operator. @default - the log and the history say how it went */
  readonly monitoring?: DrillMonitoring;

  /** Image of Node 20 or later, with its digest. @default - 24.18.0 */
  readonly nodeImage?: string;
}

/**
 * Proves by the clock that a PostgreSQL cluster can be restored (DR-1): in a namespace of its own, named after the id and
 * cut off from everything else, a copy is recovered from the latest base backup to a moment of the past, asked for the
 * last sentinel row of that moment, and taken away again. How long it took is kept in the ConfigMap `<id>-history`.
 *
 * @example
 * new PostgresRestoreDrill(stack, "drill-main", {
 *   cluster: main,
 *   schedule: "0 4 * * 0",
 *   maxAgeDays: 15,
 *   s3Secret: "s3-read",
 *   s3: ["10.0.20.10/32"],
 *   apiServer: ["10.0.20.100/32"],
 * });
 */
export class PostgresRestoreDrill extends Construct {
  readonly namespaceName: string;
  readonly cluster: PostgresCluster;
  readonly maxAgeDays: number;
  readonly objects: KubernetesObjects;
  readonly #props: PostgresRestoreDrillProps;

  constructor(scope: Construct, id: string, props: PostgresRestoreDrillProps) {
    super(scope, id);
    const { cluster, maxAgeDays, monitoring } = props;
    this.#props = props;
    this.cluster = cluster;
    this.maxAgeDays = maxAgeDays;
    const namespace = new KubernetesNamespace(this, id);
    this.namespaceName = namespace.namespaceName;
    this.objects = new KubernetesObjects(this, "drill", {
      namespace: id,
      objects: [...this.#drill(), ...(monitoring === undefined ? [] : [this.#rules(monitoring)])],
      dependsOn: [namespace.resource],
    });
    putAfter(this.objects.resource, [cluster.objects.resource]);
    addCheck(this, () => this.#problems());
  }

  #drill(): readonly KubernetesObject[] {
    const { cluster, schedule, s3Secret, s3, apiServer, monitoring } = this.#props;
    const { targetMinutesAgo = 60, sentinelMinutes = 10, restoreMinutes = 60, nodeImage = images.node } = this.#props;
    const { archive, clusterName, namespaceName, backups, database, owner, appSecret } = cluster;
    if (archive === undefined) {
      return [];
    }
    const { image, storage, walStorage, parameters, resources, operator } = cluster.props;
    const pushgateway = monitoring === undefined ? undefined : pushgatewayOf(monitoring.pushgateway);
    return postgresDrill({
      name: this.node.id,
      cluster: {
        ...{
          name: clusterName,
          namespace: namespaceName,
          backups,
          archive,
          image,
          database,
          owner,
          appSecret,
          storage,
        },
        ...given({ walStorage, parameters, resources }),
      },
      store: { ...archive.store, secret: s3Secret },
      ...{ schedule, targetMinutesAgo, sentinelMinutes, restoreMinutes, nodeImage },
      reach: {
        s3,
        s3Port: portOf(archive.store.endpoint),
        apiServer,
        operatorNamespace: operator.namespaceName,
        ...given({ pushgateway }),
      },
      ...given({ pushgatewayUrl: monitoring?.pushgateway }),
      programs: {
        drill: packagePrograms("postgres-restore-drill.mjs"),
        proof: packageText("scripts", "postgres-proof.sh"),
        sentinel: packageText("scripts", "postgres-sentinel.sh"),
      },
    });
  }

  #rules({ runbooks, labels }: DrillMonitoring): KubernetesObject {
    const alerts = drillAlerts(this.node.id, this.maxAgeDays);
    return prometheusRule({
      name: this.node.id,
      namespace: this.namespaceName,
      runbooks,
      alerts,
      ...given({ labels }),
    });
  }

  #problems(): Problem[] {
    const where = this.node.path;
    const { cluster, schedule, s3, apiServer, monitoring, nodeImage = images.node } = this.#props;
    const { maxAgeDays, targetMinutesAgo, sentinelMinutes = 10, restoreMinutes } = this.#props;
    const ranges = [...s3, ...(apiServer === "cilium" ? [] : apiServer)];
    const isReadable = isSchedule(schedule);
    return [
      ...(cluster.archive === undefined ? [drillWithoutBackup(where, cluster.node.path)] : []),
      ...(isReadable ? [] : [malformedSchedule(where, schedule, "five")]),
      ...(isReadable && longestGap(schedule) > maxAgeDays * 86_400 ? [drillTooRare(where, schedule, maxAgeDays)] : []),
      ...boundsProblems(where, [
        ["maxAgeDays", maxAgeDays, 1],
        ["sentinelMinutes", sentinelMinutes, 1, 30],
        // A row has to be written and archived after the moment, or PostgreSQL does not find it.
        ["targetMinutesAgo", targetMinutesAgo, sentinelMinutes + 10],
        ["restoreMinutes", restoreMinutes, 1],
      ]),
      ...ranges.flatMap((range) => (isPlace(range) ? [] : [drillNotIsolated(where, range)])),
      ...(monitoring !== undefined && pushgatewayOf(monitoring.pushgateway) === undefined
        ? [pushgatewayUnreachable(where, monitoring.pushgateway)]
        : []),
      ...(isPinnedImage(nodeImage) ? [] : [unpinnedImage(where, nodeImage)]),
    ];
  }
}

/** Whether a range is one, and not everything. */
function isPlace(range: string): boolean {
  return ipaddr.isValidCIDR(range) && ipaddr.parseCIDR(range)[1] > 0;
}

function portOf(endpoint: string): number {
  const [, scheme, port] = /^(https?):\/\/.*?(?::(\d+))?\/?$/i.exec(endpoint) ?? [];
  return port === undefined ? (scheme?.toLowerCase() === "http" ? 80 : 443) : Number(port);
}
