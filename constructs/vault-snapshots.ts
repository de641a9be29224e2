import { Construct } from "constructs";
import { malformedUrl } from "../errors";
import type { VaultServer } from "../manifests";
import { type SnapshotPlaces, vaultPolicy, vaultSnapshotObjects, vaultSnapshotSetup } from "../snapshots";
import { KubernetesObjects } from "./kubernetes-objects";
import { isHttpUrl } from "./private/client-problems";
import { given } from "./private/given";
import { snapshotOptions } from "./private/snapshot-options";
import { checkSnapshots } from "./private/snapshot-problems";
import type { SnapshotProps } from "./snapshot-props";

export interface VaultSnapshotsProps<Bucket extends string = string, Identity extends string = string>
  extends SnapshotProps<Bucket, Identity> {
  /** Vault or OpenBao with raft storage, and Kubernetes authentication that knows this cluster. */
  readonly server: VaultServer;
}

/**
 * Daily snapshots of Vault's or OpenBao's raft storage (VLT-1): taken from the leader by an account that may do nothing
 * else, proven whole by the checksums in them, and kept in each place under their name only once they are there. The
 * newest seven are never deleted. Alerts say when a place has no new one (VLT-3).
 *
 * Vault has to be told of the account once, by `setup`. A snapshot is sealed as the storage is: keep what unseals it
 * somewhere else. Account, role, CronJob and release are named after the construct's id.
 *
 * @example
 * const snapshots = new VaultSnapshots(stack, "vault-snapshots", {
 *   namespace: "vault-backup",
 *   server: { address: "https://vault-active.vault.svc:8200", ca },
 *   places: {
 *     share: { server: "10.0.20.5", path: "/srv/nfs/vault-backup" },
 *     bucket: { store, bucket: "vault", credentials: { identity: "vault", secret: "vault-s3" } },
 *   },
 *   runbooks: "https://runbooks.example.com/vault",
 * });
 */
export class VaultSnapshots<Bucket extends string, Identity extends string> extends Construct {
  readonly objects: KubernetesObjects;

  /** Where they are kept. */
  readonly places: SnapshotPlaces<Bucket, Identity>;

  /** What they are of. */
  readonly server: VaultServer;

  /** Policy of the account, in the language of Vault's policies: the least that is needed. */
  readonly policy: string;

  /** What an administrator of Vault runs once: it writes the policy, and the role that gives it to the account. */
  readonly setup: string;

  constructor(scope: Construct, id: string, props: VaultSnapshotsProps<Bucket, Identity>) {
    super(scope, id);
    const { namespace, server, dependsOn } = props;
    const options = snapshotOptions(id, "vault-snapshot.mjs", props);
    this.places = props.places;
    this.server = server;
    this.policy = vaultPolicy();
    this.setup = vaultSnapshotSetup(options, server);
    this.objects = new KubernetesObjects(this, id, {
      namespace,
      objects: vaultSnapshotObjects(options, server),
      ...given({ dependsOn }),
    });
    checkSnapshots(this, options, () =>
      isHttpUrl(server.address)
        ? []
        : [malformedUrl(this.node.path, "server.address", server.address, '"https://vault-active.vault.svc:8200"')],
    );
  }
}
