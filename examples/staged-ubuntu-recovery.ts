import { type App, TerraformVariable } from "cdktf";
import {
  BackupDashboard,
  BackupPolicy,
  KubernetesNamespace,
  KubernetesSecret,
  KubernetesStack,
  type ProxmoxSite,
  type TalosCluster,
  VaultRestoreDrill,
  VaultSnapshots,
} from "../index";
import type { stagedUbuntuDatabases } from "./staged-ubuntu-databases";
import type { seaweedFsOnDocker } from "./staged-ubuntu-storage";

interface Protected {
  readonly seaweedFs: ReturnType<typeof seaweedFsOnDocker>;
  readonly databases: ReturnType<typeof stagedUbuntuDatabases>;
  readonly sandbox: TalosCluster;
}

/**
 * Snapshots of Vault on the Docker host and on the NAS, the drill that opens one each month, and how everything that holds
 * data comes back.
 */
export function stagedUbuntuRecovery(
  app: App,
  site: ProxmoxSite,
  { seaweedFs, databases, sandbox }: Protected,
): KubernetesStack {
  const stack = new KubernetesStack(app, "recovery", { site, kubeContext: "kubernetes-admin@kubernetes" });
  const { namespaceName: namespace, resource } = new KubernetesNamespace(stack, "recovery");
  const key = (identity: "vault" | "drill") => ({
    AWS_SECRET_ACCESS_KEY: new TerraformVariable(stack, `s3_${identity}_key`, { type: "string", sensitive: true })
      .stringValue,
  });
  const monitoring = {
    runbooks: "https://git.example.com/infra/src/main/docs/restore-drills.md",
    pushgateway: "http://prometheus-pushgateway.monitoring.svc:9091",
  };
  const secret = new KubernetesSecret(stack, "vault-s3", {
    namespace,
    data: key("vault"),
    dependsOn: [resource],
  });
  const snapshots = new VaultSnapshots(stack, "vault-snapshots", {
    namespace,
    server: { address: "https://vault-active.vault.svc:8200" },
    places: {
      bucket: {
        store: seaweedFs.store,
        bucket: "vault-snapshots",
        credentials: { identity: "vault", secret: secret.secretName },
      },
      share: { server: "192.168.1.127", path: "/srv/nfs/vault-backup" },
    },
    pushgateway: monitoring.pushgateway,
    runbooks: "https://git.example.com/infra/src/main/docs/snapshots.md",
    dependsOn: [secret.resource],
  });
  // Who unseals Vault puts the Secret vault-unseal there, with the keys and what `setup` prints.
  const drill = new VaultRestoreDrill(stack, "drill-vault", {
    snapshots,
    image: `docker.io/hashicorp/vault:1.21.1@sha256:${"0123456789abcdef".repeat(4)}`,
    schedule: "0 5 1 * *",
    maxAgeDays: 35,
    proof: {
      secret: "vault-unseal",
      path: "restore-drill/sentinel",
      key: "value",
      sha256: "0123456789abcdef".repeat(4),
    },
    credentials: { identity: "drill", secret: "s3-drill" },
    s3: ["10.0.20.10/32"],
    apiServer: ["10.0.20.100/32"],
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
  const nas = "the NAS, which sends its disks to the other building at night";
  policy.protect("Vault", { backup: snapshots, offsite: nas, drill });
  policy.protect(databases.cluster, { backup: databases.cluster, offsite: nas, drill: databases.drill });
  policy.protect(seaweedFs, {
    backup: "its files are on the NAS, with daily snapshots",
    offsite: nas,
    drill: "with each drill of what is in it",
  });
  policy.leaveOut(sandbox, "a sandbox, which is made again");
  return stack;
}
