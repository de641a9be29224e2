/** Snapshots of Vault's or OpenBao's raft storage, and what has to be allowed for them. */
import { type KubernetesObject, type VaultServer, vaultAudience, vaultSetup } from "../manifests";
import { type SnapshotOptions, snapshotObjects } from "./job";

const tokenFolder = "/var/run/secrets/vault";

/** All objects of the snapshots of a server. */
export function vaultSnapshotObjects(options: SnapshotOptions, server: VaultServer): readonly KubernetesObject[] {
  const { address, ca, authPath = "kubernetes" } = server;
  return snapshotObjects(options, {
    subject: subjectOf(server),
    command: ["vault-snapshot.mjs"],
    ca,
    env: [
      { name: "VAULT_ADDR", value: address },
      { name: "VAULT_AUTH_PATH", value: authPath },
      { name: "VAULT_ROLE", value: options.name },
      { name: "VAULT_JWT_FILE", value: `${tokenFolder}/token` },
    ],
    volumes: [
      {
        name: "token",
        projected: {
          sources: [{ serviceAccountToken: { audience: vaultAudience, expirationSeconds: 3600, path: "token" } }],
        },
      },
    ],
    volumeMounts: [{ name: "token", mountPath: tokenFolder, readOnly: true }],
  });
}

/** What the account may do, in the language of Vault's policies: read a snapshot, and give its token back. */
export function vaultPolicy(): string {
  return `path "sys/storage/raft/snapshot" {
  capabilities = ["read"]
}

path "auth/token/revoke-self" {
  capabilities = ["update"]
}
`;
}

/** What an administrator of Vault runs once, so that the account of the snapshots may log in. */
export function vaultSnapshotSetup({ name, namespace }: SnapshotOptions, server: VaultServer): string {
  return vaultSetup(server, { role: name, account: name, namespace, policy: vaultPolicy(), ttl: "15m" });
}

function subjectOf({ flavour }: VaultServer): string {
  return flavour === "openbao" ? "OpenBao" : "Vault";
}
