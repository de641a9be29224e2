import type { Construct } from "constructs";
import { etcdDrill } from "../snapshots";
import type { EtcdSnapshots } from "./etcd-snapshots";
import { addCheck } from "./private/checks";
import { boundsProblems } from "./private/numbers";
import { RestoreDrill } from "./private/restore-drill";
import { snapshotDrillOf } from "./private/snapshot-drill";
import type { SnapshotRestoreDrillProps } from "./restore-drill-props";

export interface EtcdRestoreDrillProps<Bucket extends string = string, Identity extends string = string>
  extends SnapshotRestoreDrillProps<NoInfer<Identity>> {
  /** The snapshots that are proven. */
  readonly snapshots: EtcdSnapshots<Bucket, Identity>;

  /**
   * How many objects of Kubernetes a restored etcd has at least, somewhat fewer than there are: `kubectl get --raw
   * /metrics | grep apiserver_resource_objects` says how many that is.
   */
  readonly minimumObjects: number;
}

/**
 * Proves by the clock that the snapshots of a cluster's etcd can be restored (DR-1, DR-6): in a namespace of its own,
 * named after the id and cut off from everything else, the newest one is fetched from the bucket, checked, restored into
 * a throwaway etcd, and its objects are counted. How long it took is kept in the ConfigMap `<id>-history`.
 *
 * @example
 * new EtcdRestoreDrill(stack, "drill-etcd", {
 *   snapshots,
 *   schedule: "0 5 * * 0",
 *   maxAgeDays: 15,
 *   minimumObjects: 500,
 *   credentials: { identity: "drill", secret: "s3-drill" },
 *   s3: ["10.0.20.10/32"],
 *   apiServer: ["10.0.20.100/32"],
 * });
 */
export class EtcdRestoreDrill<Bucket extends string, Identity extends string> extends RestoreDrill {
  constructor(scope: Construct, id: string, props: EtcdRestoreDrillProps<Bucket, Identity>) {
    const { snapshots, minimumObjects } = props;
    const { options, problems } = snapshotDrillOf(id, snapshots, props, ["etcd-proof.mjs"]);
    super(scope, id, props, {
      backup: snapshots,
      objects: options === undefined ? [] : etcdDrill({ ...options, minimumObjects }),
      after: snapshots.objects.resource,
    });
    const where = this.node.path;
    addCheck(this, () => [...problems(where), ...boundsProblems(where, [["minimumObjects", minimumObjects, 1]])]);
  }
}
