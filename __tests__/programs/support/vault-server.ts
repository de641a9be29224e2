import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Daemon } from "../../helpers/daemon";
import { freePort } from "../../helpers/free-port";

/** `VAULT_PROGRAM` is a real Vault or OpenBao; else it is a double of one. */
const program = process.env["VAULT_PROGRAM"] ?? path.join(__dirname, "vault-program.mjs");

/** What a drill is given of a Vault, and what it is to find. */
export interface SavedVault {
  readonly snapshot: Buffer;
  /** All keys; two of them unseal it. */
  readonly keys: readonly string[];
  readonly roleId: string;
  readonly secretId: string;
}

/** A folder in which the program is called `vault`, for a PATH. */
export function vaultPath(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "vault-program-"));
  symlinkSync(program, path.join(folder, "vault"));
  return folder;
}

/**
 * A snapshot of a Vault with a known value, and an AppRole that may read it.
 *
 * @param drill name of the AppRole, its mount and its policy
 * @param place of the value, below an engine of its own
 */
export async function savedVault(drill: string, place: string, policy: string): Promise<SavedVault> {
  const folder = mkdtempSync(path.join(tmpdir(), "vault-server-"));
  const address = `127.0.0.1:${await freePort()}`;
  const raft = path.join(folder, "raft");
  mkdirSync(raft);
  writeFileSync(
    path.join(folder, "server.json"),
    JSON.stringify({
      storage: { raft: { path: raft, node_id: "production" } },
      listener: { tcp: { address, cluster_address: `127.0.0.1:${await freePort()}`, tls_disable: true } },
      api_addr: `http://${address}`,
      cluster_addr: `https://127.0.0.1:${await freePort()}`,
      disable_mlock: true,
    }),
  );
  const server = new Daemon(program, ["server", `-config=${path.join(folder, "server.json")}`]);
  try {
    let token = "";
    const ask = async (method: string, where: string, body?: object) => {
      const answer = await fetch(`http://${address}/v1/${where}`, {
        method,
        headers: { "x-vault-token": token },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${method} ${where}: ${answer.status} ${await answer.text()}`);
      return Buffer.from(await answer.arrayBuffer());
    };
    const asked = async (method: string, where: string, body?: object) =>
      JSON.parse((await ask(method, where, body)).toString());
    await server.ready(async () => (await fetch(`http://${address}/v1/sys/seal-status`)).ok);
    const { keys_base64: keys, root_token } = await asked("PUT", "sys/init", { secret_shares: 3, secret_threshold: 2 });
    for (const key of keys.slice(0, 2)) await ask("PUT", "sys/unseal", { key });
    await server.ready(async () => (await fetch(`http://${address}/v1/sys/health`)).status === 200);
    token = root_token;
    await ask("POST", `sys/mounts/${place.split("/")[0]}`, { type: "kv", options: { version: "1" } });
    await ask("POST", place, { value: "known" });
    await ask("PUT", `sys/policies/acl/${drill}`, { policy });
    await ask("POST", `sys/auth/${drill}`, { type: "approle" });
    const role = `auth/${drill}/role/${drill}`;
    await ask("POST", role, { token_policies: drill, token_no_default_policy: true, token_ttl: "15m" });
    return {
      keys,
      roleId: (await asked("GET", `${role}/role-id`)).data.role_id,
      secretId: (await asked("POST", `${role}/secret-id`, {})).data.secret_id,
      snapshot: await ask("GET", "sys/storage/raft/snapshot"),
    };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}
