/** Snapshots of Vault's or OpenBao's raft storage, and what has to be allowed for them. */
import type { KubernetesObject } from "../manifests";
import { type SnapshotOptions, snapshotObjects } from "./job";

/** The server, as pods see it. */
export interface VaultServer {
  /** URL of the leader, such as `https://vault-active.vault.svc:8200`: a standby breaks streams off. */
  readonly address: string;

  /** Certificate of the authority that signed its certificate, as PEM. @default - one that everybody trusts */
  readonly ca?: string;

  /** Where its Kubernetes authentication is mounted. @default "kubernetes" */
  readonly authPath?: string;

  /** @default "vault" */
  readonly flavour?: "vault" | "openbao";
}

/** Who the token of the account is for: nobody else takes it. */
const audience = "vault";
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
        projected: { sources: [{ serviceAccountToken: { audience, expirationSeconds: 3600, path: "token" } }] },
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
export function vaultSetup(
  { name, namespace }: SnapshotOptions,
  { authPath = "kubernetes", flavour }: VaultServer,
): string {
  const command = flavour === "openbao" ? "bao" : "vault";
  return `${command} policy write ${name} - <<'POLICY'
${vaultPolicy()}POLICY
${command} write auth/${authPath}/role/${name} \\
  bound_service_account_names=${name} \\
  bound_service_account_namespaces=${namespace} \\
  audience=${audience} \\
  token_policies=${name} \\
  token_no_default_policy=true \\
  token_ttl=15m \\
  token_max_ttl=15m`;
}

function subjectOf({ flavour }: VaultServer): string {
  return flavour === "openbao" ? "OpenBao" : "Vault";
}
