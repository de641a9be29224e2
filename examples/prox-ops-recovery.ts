import type { App } from "cdktf";
import {
  BackupPolicy,
  EtcdSnapshots,
  KubernetesNamespace,
  KubernetesStack,
  type ProxmoxSite,
  type TalosCluster,
} from "../index";
import type { proxOpsDatabases } from "./prox-ops-databases";
import type { proxOpsStorage } from "./prox-ops-storage";

interface Protected {
  readonly cluster: TalosCluster;
  readonly databases: ReturnType<typeof proxOpsDatabases>;
  readonly storage: ReturnType<typeof proxOpsStorage>;
}

/** The namespace whose pods may take snapshots of etcd. */
export const recoveryNamespace = "recovery";

/** Snapshots of etcd outside of the cluster, and how everything that holds data comes back. */
export function proxOpsRecovery(
  app: App,
  site: ProxmoxSite,
  { cluster, databases, storage }: Protected,
): KubernetesStack {
  const stack = new KubernetesStack(app, "recovery", { site, kubeContext: "admin@prox-ops" });
  const { namespaceName: namespace, resource } = new KubernetesNamespace(stack, recoveryNamespace);
  const snapshots = new EtcdSnapshots(stack, "etcd-snapshots", {
    namespace,
    cluster,
    talosctl: `ghcr.io/siderolabs/talosctl:v1.14.4@sha256:${"0123456789abcdef".repeat(4)}`,
    places: { share: { server: "10.20.66.10", path: "/srv/nfs/etcd" } },
    pushgateway: "http://prometheus-pushgateway.monitoring.svc:9091",
    runbooks: "https://git.example.com/infra/src/main/docs/snapshots.md",
    dependsOn: [resource],
  });

  const policy = new BackupPolicy(app, { site });
  policy.protect(cluster, {
    backup: snapshots,
    offsite: "the NAS, which is no machine of this Proxmox",
    drill: "by hand into a cluster of its own, each quarter, with restore/prox-ops/etcd.md",
  });
  policy.protect(databases.main, {
    backup: databases.main,
    offsite: "the S3 endpoint beside the cluster, whose disks the NAS has at night",
    drill: databases.drill,
  });
  policy.leaveOut(storage.seaweedFs, "logs, and files that the applications make again");
  return stack;
}
