import { type App, TerraformVariable } from "cdktf";
import {
  BackupDashboard,
  BackupPolicy,
  EtcdRestoreDrill,
  EtcdSnapshots,
  KubernetesNamespace,
  KubernetesSecret,
  KubernetesStack,
  type ObjectStore,
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

/** The S3 endpoint beside the cluster, which somebody else runs. */
const outside: ObjectStore<"etcd", "etcd" | "drill"> = {
  endpoint: "https://s3.example.com:8333",
  region: "us-east-1",
  ca: undefined,
  buckets: ["etcd"],
  identities: ["etcd", "drill"],
  metrics: undefined,
  cluster: undefined,
};

/** Snapshots of etcd outside of the cluster, the drill that proves each week that they come back, and how everything that holds data comes back. */
export function proxOpsRecovery(
  app: App,
  site: ProxmoxSite,
  { cluster, databases, storage }: Protected,
): KubernetesStack {
  const stack = new KubernetesStack(app, "recovery", { site, kubeContext: "admin@prox-ops" });
  const key = (identity: string) => ({
    AWS_SECRET_ACCESS_KEY: new TerraformVariable(stack, `s3_${identity}_key`, { type: "string", sensitive: true })
      .stringValue,
  });
  const monitoring = {
    runbooks: "https://git.example.com/infra/src/main/docs/restore-drills.md",
    pushgateway: "http://prometheus-pushgateway.monitoring.svc:9091",
  };
  const { namespaceName: namespace, resource } = new KubernetesNamespace(stack, recoveryNamespace);
  const s3 = new KubernetesSecret(stack, "s3-etcd", { namespace, data: key("etcd"), dependsOn: [resource] });
  const snapshots = new EtcdSnapshots(stack, "etcd-snapshots", {
    namespace,
    cluster,
    talosctl: `ghcr.io/siderolabs/talosctl:v1.14.4@sha256:${"0123456789abcdef".repeat(4)}`,
    places: {
      share: { server: "10.20.66.10", path: "/srv/nfs/etcd" },
      bucket: { store: outside, bucket: "etcd", credentials: { identity: "etcd", secret: s3.secretName } },
    },
    pushgateway: monitoring.pushgateway,
    runbooks: "https://git.example.com/infra/src/main/docs/snapshots.md",
    dependsOn: [s3.resource],
  });
  const drill = new EtcdRestoreDrill(stack, "drill-etcd", {
    snapshots,
    schedule: "0 5 * * 0",
    maxAgeDays: 15,
    minimumObjects: 2000,
    credentials: { identity: "drill", secret: "s3-drill" },
    s3: ["10.20.66.10/32"],
    apiServer: ["10.20.66.21/32", "10.20.66.22/32", "10.20.66.23/32"],
    monitoring,
  });
  new KubernetesSecret(stack, "s3-drill", {
    namespace: drill.namespaceName,
    data: key("drill"),
    dependsOn: [drill.objects.resource],
  });

  // Where kube-prometheus-stack is, with Grafana.
  new BackupDashboard(stack, "backup-dashboard", { namespace: "monitoring" });

  const policy = new BackupPolicy(app, { site });
  policy.protect(cluster, {
    backup: snapshots,
    offsite: "the NAS, which is no machine of this Proxmox",
    drill,
  });
  policy.protect(databases.main, {
    backup: databases.main,
    offsite: "the S3 endpoint beside the cluster, whose disks the NAS has at night",
    drill: databases.drill,
  });
  policy.leaveOut(storage.seaweedFs, "logs, and files that the applications make again");
  return stack;
}
