import { type App, TerraformVariable } from "cdktf";
import {
  KubernetesNamespace,
  KubernetesSecret,
  KubernetesStack,
  PostgresCluster,
  PostgresOperator,
  PostgresRestoreDrill,
  type ProxmoxSite,
} from "../index";

/** PostgreSQL, whose backups leave the cluster, and the drill that proves each week that they come back. */
export function proxOpsDatabases(app: App, site: ProxmoxSite) {
  const stack = new KubernetesStack(app, "databases", { site, kubeContext: "admin@prox-ops" });
  const secret = (name: string) => new TerraformVariable(stack, name, { type: "string", sensitive: true }).stringValue;
  const keys = (identity: string) => ({
    ACCESS_KEY_ID: secret(`s3_${identity}_id`),
    ACCESS_SECRET_KEY: secret(`s3_${identity}_key`),
  });
  const { namespaceName: namespace, resource } = new KubernetesNamespace(stack, "databases");
  const s3 = new KubernetesSecret(stack, "s3-cnpg", { namespace, data: keys("cnpg"), dependsOn: [resource] });
  const monitoring = { runbooks: "https://git.example.com/infra/src/main/docs/postgres.md" };
  const main = new PostgresCluster(stack, "main", {
    site,
    operator: new PostgresOperator(stack, "cnpg-system"),
    namespace,
    image:
      "ghcr.io/cloudnative-pg/postgresql:18.6-standard-trixie@sha256:71eef62330076deb985c8ffb1abeb957d86779c3911a8057c0b97f3c5a30b50b",
    storage: { sizeGiB: 100, storageClass: "proxmox-ceph" },
    walStorage: { sizeGiB: 20, storageClass: "proxmox-ceph" },
    resources: { cpu: "2", memory: "4Gi" },
    backup: {
      store: { endpoint: "https://s3.example.com:8333", bucket: "cnpg-backup", secret: s3.secretName },
      schedule: "0 30 2 * * *",
      retention: "30d",
    },
    monitoring,
    dependsOn: [s3.resource],
  });
  const drill = new PostgresRestoreDrill(stack, "drill-main", {
    cluster: main,
    schedule: "0 4 * * 0",
    maxAgeDays: 15,
    s3Secret: "s3-drill",
    s3: ["10.20.66.10/32"],
    apiServer: ["10.20.66.21/32", "10.20.66.22/32", "10.20.66.23/32"],
    monitoring: {
      runbooks: "https://git.example.com/infra/src/main/docs/restore-drills.md",
      pushgateway: "http://prometheus-pushgateway.monitoring.svc:9091",
    },
  });
  new KubernetesSecret(stack, "s3-drill", {
    namespace: drill.namespaceName,
    data: keys("drill"),
    dependsOn: [drill.objects.resource],
  });
  return { stack, main, drill };
}
