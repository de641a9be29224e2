/** A drill of Vault or OpenBao: the newest snapshot in a server of its own, opened, and asked for a value that is known. */
import { type KubernetesObject, type NamedObject, type VaultServer, type VaultValue, vaultCommand } from "../manifests";
import { scratch } from "./job";
import { fetched, type SnapshotDrillOptions, snapshotDrill } from "./restore-drill";

/** How a restored Vault is opened, and the value in it that is known: it should be one that never changes. */
export interface VaultProof extends VaultValue {
  /** SHA-256 of the value, in hexadecimal digits. */
  readonly sha256: string;

  /**
   * Secret in the namespace of the drill: `UNSEAL_KEYS`, as many as unseal the server, one in a line; `ROLE_ID` and
   * `SECRET_ID` of the AppRole that `setup` makes.
   */
  readonly secret: string;
}

export interface VaultDrillOptions extends SnapshotDrillOptions {
  /** Of which the snapshots are. */
  readonly server: VaultServer;
  /** Image of it, in its release. */
  readonly image: string;
  readonly proof: VaultProof | undefined;
}

const address = "127.0.0.1:8200";
const configuration = "server.json";

/** Everything of a drill but its namespace. */
export function vaultDrill(options: VaultDrillOptions): readonly KubernetesObject[] {
  const { name, server, image, proof } = options;
  const command = vaultCommand(server);
  return snapshotDrill(options, {
    kind: "vault",
    server: { name: command, image, command: [command, "server", `-config=/programs/${configuration}`] },
    proof: {
      program: "vault-proof.mjs",
      env: [
        { name: "VAULT_ADDR", value: `http://${address}` },
        { name: "SNAPSHOT", value: fetched },
        { name: "RESTORE_SECONDS", value: String(options.restoreMinutes * 60) },
        ...(proof === undefined ? [] : proofEnv(name, proof)),
      ],
    },
    files: { [configuration]: JSON.stringify(serverConfiguration()) },
  });
}

function proofEnv(name: string, { path, key, sha256, secret }: VaultProof): readonly NamedObject[] {
  return [
    { name: "LOGIN", value: `auth/${name}/login` },
    { name: "VALUE_PATH", value: path },
    { name: "VALUE_KEY", value: key },
    { name: "VALUE_SHA256", value: sha256 },
    ...["UNSEAL_KEYS", "ROLE_ID", "SECRET_ID"].map((variable) => ({
      name: variable,
      valueFrom: { secretKeyRef: { name: secret, key: variable } },
    })),
  ];
}

/** Of a server whom nobody but the container beside it finds. */
function serverConfiguration() {
  return {
    storage: { raft: { path: scratch.mountPath, node_id: "copy" } },
    listener: { tcp: { address, tls_disable: true, max_request_duration: "1h" } },
    api_addr: `http://${address}`,
    cluster_addr: "https://127.0.0.1:8201",
    // The pod may lock no memory, and what is in it is gone within the hour.
    disable_mlock: true,
  };
}

/** What an administrator runs once, so that the drill may read its value in a copy. */
export function vaultDrillSetup(name: string, server: VaultServer, { path }: VaultProof): string {
  const command = vaultCommand(server);
  const role = `auth/${name}/role/${name}`;
  return `${command} policy write ${name} - <<'POLICY'
path "${path}" {
  capabilities = ["read"]
}
POLICY
${command} auth enable -path=${name} approle
${command} write ${role} \\
  token_policies=${name} \\
  token_no_default_policy=true \\
  token_ttl=15m \\
  token_max_ttl=15m
${command} read -field=role_id ${role}/role-id
${command} write -f -field=secret_id ${role}/secret-id`;
}
