import { type App, TerraformVariable } from "cdktf";
import {
  KubernetesNamespace,
  KubernetesSecret,
  KubernetesStack,
  ObjectStoreProbe,
  type ProxmoxSite,
  SeaweedFs,
} from "../index";

/** Objects of the applications in the cluster, on three workers. Backups of its databases go elsewhere. */
export function proxOpsStorage(app: App, site: ProxmoxSite) {
  const stack = new KubernetesStack(app, "storage", { site, kubeContext: "admin@prox-ops" });
  const secret = (name: string) => new TerraformVariable(stack, name, { type: "string", sensitive: true }).stringValue;
  const { namespaceName: namespace, resource } = new KubernetesNamespace(stack, "storage");
  const logsKey = secret("s3_logs_key");
  const seaweedFs = new SeaweedFs(stack, "seaweedfs", {
    site,
    namespace,
    volumes: { replicas: 3, sizeGiB: 200 },
    masters: 3,
    storageClass: "proxmox-ceph",
    host: "s3.prox-ops.example.com",
    tls: { issuer: { name: "letsencrypt" } },
    buckets: { logs: { expireAfterDays: 30 }, "app-files": { versioning: true } },
    identities: { logs: { logs: "write" }, apps: { "app-files": "write" } },
    keys: {
      admin: secret("s3_admin_key"),
      signing: secret("s3_signing_key"),
      identities: { logs: logsKey, apps: secret("s3_apps_key") },
    },
    monitoring: { namespace: "monitoring" },
    dependsOn: [resource],
  });
  const logs = new KubernetesSecret(stack, "logs-s3", {
    namespace,
    data: { AWS_SECRET_ACCESS_KEY: logsKey },
    dependsOn: [resource],
  });
  new ObjectStoreProbe(stack, "s3-probe", {
    store: seaweedFs.store,
    bucket: "logs",
    namespace,
    credentials: { identity: "logs", secret: logs.secretName },
    pushgateway: "http://prometheus-pushgateway.monitoring.svc:9091",
    runbooks: "https://git.example.com/infra/src/main/docs/object-storage.md",
    dependsOn: [logs.resource, seaweedFs.chart.resource],
  });
  return { stack, seaweedFs };
}
