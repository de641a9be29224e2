import { createHash } from "node:crypto";
import type { App } from "cdktf";
import {
  EtcdRestoreDrill,
  type EtcdRestoreDrillProps,
  EtcdSnapshots,
  type EtcdSnapshotsProps,
  KubernetesNamespace,
  KubernetesStack,
  type ObjectStore,
  talosApiAccess,
  VaultRestoreDrill,
  type VaultRestoreDrillProps,
  VaultSnapshots,
  type VaultSnapshotsProps,
} from "../../index";
import { addCluster, type ClusterChanges } from "./clusters";

/** A store that is nobody's in particular, with what a test changes. */
export function objectStore(changes: Partial<ObjectStore> = {}): ObjectStore {
  return {
    endpoint: "https://s3.example.com:8333",
    region: "us-east-1",
    ca: undefined,
    buckets: ["vault", "etcd"],
    identities: ["vault", "etcd", "drill"],
    metrics: undefined,
    cluster: undefined,
    ...changes,
  };
}

export interface SnapshotChanges {
  readonly cluster?: ClusterChanges;
  readonly vault?: Partial<VaultSnapshotsProps>;
  readonly etcd?: Partial<EtcdSnapshotsProps>;
  /** A drill of etcd. */
  readonly etcdDrill?: Partial<EtcdRestoreDrillProps>;
  /** A drill of Vault, or one whose copy stays sealed. */
  readonly vaultDrill?: Partial<VaultRestoreDrillProps> | "sealed";
}

export const share = { server: "10.0.20.5", path: "/srv/nfs/vault-backup" };
const runbooks = "https://runbooks.example.com/snapshots";
const pushgateway = "http://pushgateway.monitoring.svc:9091";

const vaultImage = `docker.io/hashicorp/vault:1.21.1@sha256:${"b".repeat(64)}` as const;

/** A value that is known: "known". */
export const vaultProof = {
  secret: "vault-unseal",
  path: "restore-drill/sentinel",
  key: "value",
  sha256: createHash("sha256").update("known").digest("hex"),
};

/** Snapshots of Vault and of etcd, in the stack `test-recovery`, of the cluster `lab` in `test-cluster`. */
export function addSnapshots(app: App, changes: SnapshotChanges = {}) {
  const namespace = "backup";
  const access = talosApiAccess({ allowedRoles: ["os:etcd:backup"], allowedKubernetesNamespaces: [namespace] });
  const { site, cluster } = addCluster(app, { cluster: { intents: [access] }, ...changes.cluster });
  const stack = new KubernetesStack(app, "recovery", { site, kubeContext: "admin@lab" });
  const { resource } = new KubernetesNamespace(stack, namespace);
  const store = objectStore();
  const vault = new VaultSnapshots<string, string>(stack, "vault-snapshots", {
    namespace,
    server: { address: "https://vault-active.vault.svc:8200", ca: "-----BEGIN CERTIFICATE-----\n" },
    places: { share, bucket: { store, bucket: "vault", credentials: { identity: "vault", secret: "vault-s3" } } },
    pushgateway,
    runbooks,
    dependsOn: [resource],
    ...changes.vault,
  });
  const etcd = new EtcdSnapshots<string, string>(stack, "etcd-snapshots", {
    namespace,
    cluster,
    talosctl: `ghcr.io/siderolabs/talosctl:v1.14.4@sha256:${"a".repeat(64)}`,
    places: { bucket: { store, bucket: "etcd", credentials: { identity: "etcd", secret: "etcd-s3" } } },
    pushgateway,
    runbooks,
    dependsOn: [resource],
    ...changes.etcd,
  });
  const drill = {
    schedule: "0 5 * * 0",
    maxAgeDays: 15,
    credentials: { identity: "drill", secret: "s3-drill" },
    s3: ["10.0.20.10/32"],
    apiServer: ["10.0.20.100/32"],
    monitoring: { runbooks, pushgateway },
  };
  const etcdDrill =
    changes.etcdDrill === undefined
      ? undefined
      : new EtcdRestoreDrill<string, string>(stack, "drill-etcd", {
          ...drill,
          snapshots: etcd,
          minimumObjects: 500,
          ...changes.etcdDrill,
        });
  const vaultDrill =
    changes.vaultDrill === undefined
      ? undefined
      : new VaultRestoreDrill<string, string>(stack, "drill-vault", {
          ...drill,
          snapshots: vault,
          image: vaultImage,
          ...(changes.vaultDrill === "sealed" ? {} : { proof: vaultProof, ...changes.vaultDrill }),
        });
  return { site, cluster, stack, vault, etcd, etcdDrill, vaultDrill };
}
