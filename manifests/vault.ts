/** Vault or OpenBao, and how pods log in to it by their own account. */

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

/** A role of it, and who may take it. */
export interface VaultRole {
  /** Name of the role and of its policy. */
  readonly role: string;
  /** The account in Kubernetes. */
  readonly account: string;
  readonly namespace: string;
  /** In the language of Vault's policies. */
  readonly policy: string;
  /** How long a token is good for, such as `15m`. */
  readonly ttl: string;
}

/** Who the token of the account is for: nobody else takes it. */
export const vaultAudience = "vault";

/** The program of a server, which is its client, too. */
export function vaultCommand({ flavour }: VaultServer): string {
  return flavour === "openbao" ? "bao" : "vault";
}

/** What an administrator of Vault runs once, so that the account may log in. */
export function vaultSetup(server: VaultServer, { role, account, namespace, policy, ttl }: VaultRole): string {
  const { authPath = "kubernetes" } = server;
  const command = vaultCommand(server);
  return `${command} policy write ${role} - <<'POLICY'
${policy}POLICY
${command} write auth/${authPath}/role/${role} \\
  bound_service_account_names=${account} \\
  bound_service_account_namespaces=${namespace} \\
  audience=${vaultAudience} \\
  token_policies=${role} \\
  token_no_default_policy=true \\
  token_ttl=${ttl} \\
  token_max_ttl=${ttl}`;
}
