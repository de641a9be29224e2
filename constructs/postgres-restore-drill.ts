import type { Construct } from "constructs";
import { drillWithoutBackup } from "../errors";
import { type KubernetesObject, postgresDrill } from "../manifests";
import type { PostgresCluster } from "./postgres-cluster";
import { addCheck } from "./private/checks";
import { given } from "./private/given";
import { boundsProblems } from "./private/numbers";
import { packagePrograms, packageText } from "./private/package-files";
import { drillOptions, RestoreDrill } from "./private/restore-drill";
import type { RestoreDrillProps } from "./restore-drill-props";

export interface PostgresRestoreDrillProps extends RestoreDrillProps {
  /** The cluster whose backups are proven. It gets a CronJob beside it that writes the sentinel rows. */
  readonly cluster: PostgresCluster;

  /**
   * Secret with `ACCESS_KEY_ID` and `ACCESS_SECRET_KEY` of somebody who may only read the archive, in the namespace of the
   * drill. The store's `caSecret` has to be there, too.
   */
  readonly s3Secret: string;

  /** Which moment is restored: so many minutes before the drill. @default 60 */
  readonly targetMinutesAgo?: number;

  /** How often a sentinel row is written, at most every 30 minutes. @default 10 */
  readonly sentinelMinutes?: number;
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
export class PostgresRestoreDrill extends RestoreDrill {
  readonly cluster: PostgresCluster;

  constructor(scope: Construct, id: string, props: PostgresRestoreDrillProps) {
    const { cluster, targetMinutesAgo, sentinelMinutes = 10 } = props;
    super(scope, id, props, { backup: cluster, objects: objectsOf(id, props), after: cluster.objects.resource });
    this.cluster = cluster;
    const where = this.node.path;
    addCheck(this, () => [
      ...(cluster.archive === undefined ? [drillWithoutBackup(where, cluster.node.path)] : []),
      ...boundsProblems(where, [
        ["sentinelMinutes", sentinelMinutes, 1, 30],
        // A row has to be written and archived after the moment, or PostgreSQL does not find it.
        ["targetMinutesAgo", targetMinutesAgo, sentinelMinutes + 10],
      ]),
    ]);
  }
}

function objectsOf(name: string, props: PostgresRestoreDrillProps): readonly KubernetesObject[] {
  const { cluster, s3Secret, targetMinutesAgo = 60, sentinelMinutes = 10 } = props;
  const { archive, clusterName, namespaceName, backups, database, owner, appSecret } = cluster;
  if (archive === undefined) {
    return [];
  }
  const { image, storage, walStorage, parameters, resources, operator } = cluster.props;
  return postgresDrill({
    ...drillOptions(name, props, archive.store.endpoint, operator.namespaceName),
    cluster: {
      ...{ name: clusterName, namespace: namespaceName, backups, archive, image, database, owner, appSecret, storage },
      ...given({ walStorage, parameters, resources }),
    },
    store: { ...archive.store, secret: s3Secret },
    ...{ targetMinutesAgo, sentinelMinutes },
    programs: {
      drill: packagePrograms("postgres-restore-drill.mjs"),
      proof: packageText("scripts", "postgres-proof.sh"),
      sentinel: packageText("scripts", "postgres-sentinel.sh"),
    },
  });
}
