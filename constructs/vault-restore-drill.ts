import type { Construct } from "constructs";
import { imageWithoutDigest, malformedObjectName, wrongValue } from "../errors";
import { isObjectName, isPinnedImage } from "../manifests";
import type { PinnedImage } from "../object-storage";
import { type VaultProof, vaultDrill, vaultDrillSetup } from "../snapshots";
import { addCheck } from "./private/checks";
import { RestoreDrill } from "./private/restore-drill";
import { snapshotDrillOf } from "./private/snapshot-drill";
import type { SnapshotRestoreDrillProps } from "./restore-drill-props";
import type { VaultSnapshots } from "./vault-snapshots";

export interface VaultRestoreDrillProps<Bucket extends string = string, Identity extends string = string>
  extends SnapshotRestoreDrillProps<NoInfer<Identity>> {
  /** The snapshots that are proven. */
  readonly snapshots: VaultSnapshots<Bucket, Identity>;

  /** Image of the server in its release, with its digest: `docker.io/hashicorp/vault:1.21.1@sha256:…`. */
  readonly image: PinnedImage;

  /**
   * How the copy is opened, and what is read in it. Whoever reads the Secret and gets a snapshot has all that Vault has,
   * so that no more people may read Secrets of the drill's namespace than may unseal Vault.
   *
   * @default - the copy stays sealed: a server takes the snapshot, and whether it can be opened is not proven
   */
  readonly proof?: VaultProof;
}

/**
 * Proves by the clock that the snapshots of Vault or OpenBao can be restored (DR-1): in a namespace of its own, named
 * after the id and cut off from everything else, the newest one is fetched from the bucket, checked by the checksums in
 * it, restored into a throwaway server with raft storage, unsealed, and asked for a value that is known. How long it took
 * is kept in the ConfigMap `<id>-history`.
 *
 * @example
 * const drill = new VaultRestoreDrill(stack, "drill-vault", {
 *   snapshots,
 *   image: `docker.io/hashicorp/vault:1.21.1@sha256:${digest}`,
 *   schedule: "0 5 1 * *",
 *   maxAgeDays: 35,
 *   proof: { secret: "vault-unseal", path: "secret/data/restore-drill", key: "value", sha256 },
 *   credentials: { identity: "drill", secret: "s3-drill" },
 *   s3: ["10.0.20.10/32"],
 *   apiServer: ["10.0.20.100/32"],
 * });
 * console.log(drill.setup);
 */
export class VaultRestoreDrill<Bucket extends string, Identity extends string> extends RestoreDrill {
  /** What an administrator of Vault runs once: it makes the AppRole that may read the value, and prints its ids. */
  readonly setup: string | undefined;

  constructor(scope: Construct, id: string, props: VaultRestoreDrillProps<Bucket, Identity>) {
    const { snapshots, image, proof } = props;
    const { server } = snapshots;
    const { options, problems } = snapshotDrillOf(id, snapshots, props, ["vault-proof.mjs"]);
    super(scope, id, props, {
      backup: snapshots,
      objects: options === undefined ? [] : vaultDrill({ ...options, server, image, proof }),
      after: snapshots.objects.resource,
      ...(proof === undefined ? { reservation: "the copy stays sealed" } : {}),
    });
    this.setup = proof === undefined ? undefined : vaultDrillSetup(id, server, proof);
    const where = this.node.path;
    addCheck(this, () => [
      ...problems(where),
      ...(isPinnedImage(image) ? [] : [imageWithoutDigest(where, image)]),
      ...(proof === undefined || isObjectName(proof.secret)
        ? []
        : [malformedObjectName(where, "Secret", proof.secret)]),
      ...(proof === undefined || /^[0-9a-f]{64}$/i.test(proof.sha256)
        ? []
        : [wrongValue(`${where}.proof.sha256`, proof.sha256, "64 hexadecimal digits, such as sha256sum prints them")]),
    ]);
  }
}
