import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { imageWithoutDigest, type Problem, talosAccessMissing, talosctlOfOtherRelease } from "../errors";
import { allowsTalosApi } from "../machine-configs/rules/api-access";
import { isPinnedImage } from "../manifests";
import type { PinnedImage } from "../object-storage";
import { etcdRestore } from "../runbooks";
import { etcdBackupRole, etcdSnapshotObjects, type SnapshotOptions, type SnapshotPlaces } from "../snapshots";
import type { BackupSource, DataHolder } from "./backup-policy";
import { KubernetesObjects } from "./kubernetes-objects";
import { addFiles } from "./private/checks";
import { given } from "./private/given";
import { fileName } from "./private/names";
import { snapshotOptions } from "./private/snapshot-options";
import { checkSnapshots } from "./private/snapshot-problems";
import type { SnapshotProps } from "./snapshot-props";
import type { TalosCluster } from "./talos-cluster";

export interface EtcdSnapshotsProps<Bucket extends string = string, Identity extends string = string>
  extends SnapshotProps<Bucket, Identity> {
  /** The cluster. Its intents have to give the role `os:etcd:backup` to pods of the namespace, by `talosApiAccess`. */
  readonly cluster: TalosCluster;

  /** Image of talosctl in the cluster's release, with its digest: `ghcr.io/siderolabs/talosctl:v1.14.4@sha256:…`. */
  readonly talosctl: PinnedImage;
}

/**
 * Daily snapshots of a Talos cluster's etcd (DR-6): taken through the Talos API by an account with the role
 * `os:etcd:backup`, which may do nothing else, on a control plane that is up; checked by etcd's own tools and by their
 * checksum, and kept in each place under their name only once they are there. The newest seven are never deleted. Alerts
 * say when a place has no new one.
 *
 * A snapshot holds all objects of the cluster; Secrets in it are encrypted with a key of the machine secrets, which stay
 * where they are. Synth writes the runbook of a restore to `restore/<cluster>/etcd.md` beside the stacks.
 *
 * @example
 * const snapshots = new EtcdSnapshots(stack, "etcd-snapshots", {
 *   namespace: "etcd-backup",
 *   cluster,
 *   talosctl: `ghcr.io/siderolabs/talosctl:v1.14.4@sha256:${digest}`,
 *   places: { bucket: { store, bucket: "etcd", credentials: { identity: "etcd", secret: "etcd-s3" } } },
 *   runbooks: "https://runbooks.example.com/etcd",
 * });
 */
export class EtcdSnapshots<Bucket extends string, Identity extends string> extends Construct implements BackupSource {
  readonly objects: KubernetesObjects;

  /** Where they are kept. */
  readonly places: SnapshotPlaces<Bucket, Identity>;
  readonly #cluster: TalosCluster;
  readonly #options: SnapshotOptions;

  constructor(scope: Construct, id: string, props: EtcdSnapshotsProps<Bucket, Identity>) {
    super(scope, id);
    const { namespace, cluster, talosctl, dependsOn } = props;
    this.places = props.places;
    this.#cluster = cluster;
    this.#options = snapshotOptions(id, "etcd-snapshot.mjs", props);
    this.objects = new KubernetesObjects(this, id, {
      namespace,
      objects: etcdSnapshotObjects(this.#options, talosctl),
      ...given({ dependsOn }),
    });
    checkSnapshots(this, this.#options, () => this.#problems(talosctl));
    addFiles(this, `restore/${fileName(cluster.clusterName)}`, () => ({
      "etcd.md": this.restoreRunbook,
    }));
  }

  /** Etcd of the cluster, and nothing else. */
  backsUp(holder: DataHolder): boolean {
    return holder === this.#cluster;
  }

  /** How etcd is brought back, with the cluster's real names and addresses, as Markdown. */
  get restoreRunbook(): string {
    const { clusterName: name, controlPlanes } = this.#cluster;
    const { bucket: place, share } = this.#options.places;
    return etcdRestore({
      cluster: {
        name,
        stack: TerraformStack.of(this.#cluster).node.id,
        talosconfig: this.#cluster.outputName("talosconfig"),
        controlPlanes: controlPlanes.map(({ address }) => address),
      },
      controlPlanes: controlPlanes.map(({ nodeName, address }) => ({ name: nodeName, address })),
      snapshots: this.node.id,
      namespace: this.#options.namespace,
      ...(place === undefined
        ? {}
        : { bucket: { endpoint: place.store.endpoint, path: `${place.bucket}/${place.folder ?? this.node.id}` } }),
      ...(share === undefined ? {} : { share: `${share.server}:${share.path}` }),
      hasOwnVolume: controlPlanes.some(({ documents }) =>
        documents.some(({ kind, name: volume }) => kind === "VolumeConfig" && volume === "ETCD"),
      ),
    });
  }

  #problems(talosctl: string): Problem[] {
    const where = this.node.path;
    const { clusterName, controlPlanes, versions } = this.#cluster;
    const { namespace } = this.#options;
    const [, release] = /:v(\d+\.\d+)\.[^@]+@/.exec(talosctl) ?? [];
    return [
      ...(controlPlanes.every(({ documents }) => allowsTalosApi(documents, etcdBackupRole, namespace))
        ? []
        : [talosAccessMissing(where, clusterName, etcdBackupRole, namespace)]),
      ...(isPinnedImage(talosctl) ? [] : [imageWithoutDigest(where, talosctl)]),
      ...(release === versions.talos.replace(/\.\d+(-.*)?$/, "")
        ? []
        : [talosctlOfOtherRelease(where, talosctl, versions.talos)]),
    ];
  }
}
