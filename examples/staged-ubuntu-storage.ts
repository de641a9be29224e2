import { type App, TerraformVariable } from "cdktf";
import {
  KubernetesNamespace,
  KubernetesSecret,
  KubernetesStack,
  ObjectStoreProbe,
  type ProxmoxSite,
  SeaweedFsHost,
  type SiteStack,
} from "../index";

/** The S3 endpoint on the Docker host, for the backups of the cluster, which it does not need to be there. */
export function seaweedFsOnDocker(stack: SiteStack, site: ProxmoxSite) {
  const secret = (name: string) => new TerraformVariable(stack, name, { type: "string", sensitive: true }).stringValue;
  return new SeaweedFsHost(stack, "seaweedfs", {
    site,
    host: "s3.example.com",
    storage: { folder: "/srv/seaweedfs", nfs: { server: "192.168.1.127", path: "/srv/nfs/seaweedfs" } },
    tls: { folder: "/etc/seaweedfs-tls" },
    metricsAddress: "10.0.20.10",
    buckets: { "cnpg-backup": {}, "vault-snapshots": { versioning: true }, terraform: { versioning: true } },
    identities: {
      cnpg: { "cnpg-backup": "write" },
      drill: { "cnpg-backup": "read", "vault-snapshots": "read" },
      vault: { "vault-snapshots": "write" },
      terraform: { terraform: "write" },
    },
    keys: {
      admin: secret("s3_admin_key"),
      signing: secret("s3_signing_key"),
      identities: {
        cnpg: secret("s3_cnpg_key"),
        drill: secret("s3_drill_key"),
        vault: secret("s3_vault_key"),
        terraform: secret("s3_terraform_key"),
      },
    },
  });
}

/** What the cluster knows of it: the key of its databases, and a probe from where they are. */
export function stagedUbuntuStorage(
  app: App,
  site: ProxmoxSite,
  { store }: ReturnType<typeof seaweedFsOnDocker>,
): KubernetesStack {
  const stack = new KubernetesStack(app, "storage", { site, kubeContext: "kubernetes-admin@kubernetes" });
  const { namespaceName: namespace, resource } = new KubernetesNamespace(stack, "storage");
  const key = new TerraformVariable(stack, "s3_cnpg_key", { type: "string", sensitive: true });
  const { resource: secret } = new KubernetesSecret(stack, "cnpg-s3", {
    namespace,
    data: { AWS_SECRET_ACCESS_KEY: key.stringValue },
    dependsOn: [resource],
  });
  new ObjectStoreProbe(stack, "s3-probe", {
    store,
    bucket: "cnpg-backup",
    namespace,
    credentials: { identity: "cnpg", secret: "cnpg-s3" },
    pushgateway: "http://prometheus-pushgateway.monitoring.svc:9091",
    runbooks: "https://git.example.com/infra/src/main/docs/object-storage.md",
    dependsOn: [resource, secret],
  });
  return stack;
}
