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
import type { seaweedFsOnDocker } from "./staged-ubuntu-storage";

/** The cluster's database, with backups that leave it for the Docker host, and a drill of them twice a month. */
export function stagedUbuntuDatabases(app: App, site: ProxmoxSite, { store }: ReturnType<typeof seaweedFsOnDocker>) {
  const stack = new KubernetesStack(app, "databases", { site, kubeContext: "kubernetes-admin@kubernetes" });
  // The name of an identity is its access key.
  const keys = (identity: (typeof store.identities)[number]) => ({
    ACCESS_KEY_ID: new TerraformVariable(stack, `s3_${identity}_id`, { type: "string", default: identity }).stringValue,
    ACCESS_SECRET_KEY: new TerraformVariable(stack, `s3_${identity}_key`, { type: "string", sensitive: true })
      .stringValue,
  });
  const { namespaceName: namespace, resource } = new KubernetesNamespace(stack, "dbaas");
  const s3 = new KubernetesSecret(stack, "s3-cnpg", { namespace, data: keys("cnpg"), dependsOn: [resource] });
  const monitoring = { runbooks: "https://git.example.com/infra/src/main/docs/postgres.md" };
  const cluster = new PostgresCluster(stack, "pg-cluster", {
    site,
    operator: new PostgresOperator(stack, "cnpg-system"),
    namespace,
    image:
      "ghcr.io/cloudnative-pg/postgresql:18.6-standard-trixie@sha256:71eef62330076deb985c8ffb1abeb957d86779c3911a8057c0b97f3c5a30b50b",
    storage: { sizeGiB: 20 },
    backup: {
      store: { ...store, bucket: "cnpg-backup", secret: s3.secretName },
      schedule: "0 30 2 * * *",
      retention: "30d",
    },
    monitoring,
    dependsOn: [s3.resource],
  });
  const drill = new PostgresRestoreDrill(stack, "drill-pg-cluster", {
    cluster,
    schedule: "0 4 1,15 * *",
    maxAgeDays: 31,
    s3Secret: "s3-drill",
    s3: ["10.0.20.10/32"],
    apiServer: ["10.0.20.100/32"],
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
  return { stack, cluster, drill };
}
