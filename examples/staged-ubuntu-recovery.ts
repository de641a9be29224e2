import { type App, TerraformVariable } from "cdktf";
import {
  BackupPolicy,
  KubernetesNamespace,
  KubernetesSecret,
  KubernetesStack,
  type ProxmoxSite,
  type TalosCluster,
  VaultSnapshots,
} from "../index";
import type { stagedUbuntuDatabases } from "./staged-ubuntu-databases";
import type { seaweedFsOnDocker } from "./staged-ubuntu-storage";

interface Protected {
  readonly seaweedFs: ReturnType<typeof seaweedFsOnDocker>;
  readonly databases: ReturnType<typeof stagedUbuntuDatabases>;
  readonly sandbox: TalosCluster;
}

/** Snapshots of Vault on the Docker host and on the NAS, and how everything that holds data comes back. */
export function stagedUbuntuRecovery(
  app: App,
  site: ProxmoxSite,
  { seaweedFs, databases, sandbox }: Protected,
): KubernetesStack {
  const stack = new KubernetesStack(app, "recovery", { site, kubeContext: "kubernetes-admin@kubernetes" });
  const { namespaceName: namespace, resource } = new KubernetesNamespace(stack, "recovery");
  const key = new TerraformVariable(stack, "s3_vault_key", { type: "string", sensitive: true });
  const secret = new KubernetesSecret(stack, "vault-s3", {
    namespace,
    data: { AWS_SECRET_ACCESS_KEY: key.stringValue },
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
    pushgateway: "http://prometheus-pushgateway.monitoring.svc:9091",
    runbooks: "https://git.example.com/infra/src/main/docs/snapshots.md",
    dependsOn: [secret.resource],
  });

  const policy = new BackupPolicy(app, { site });
  const nas = "the NAS, which sends its disks to the other building at night";
  policy.protect("Vault", { backup: snapshots, offsite: nas, drill: "by hand into a new server, each quarter" });
  policy.protect(databases.cluster, { backup: databases.cluster, offsite: nas, drill: databases.drill });
  policy.protect(seaweedFs, {
    backup: "its files are on the NAS, with daily snapshots",
    offsite: nas,
    drill: "with each drill of what is in it",
  });
  policy.leaveOut(sandbox, "a sandbox, which is made again");
  return stack;
}
