#!/usr/bin/env node
/**
 * Takes a snapshot of Vault's or OpenBao's raft storage, proves that it is whole, and keeps it. Needs Node 20 and tar.
 *
 *   VAULT_ADDR        URL of the leader: https://vault-active.vault.svc:8200
 *   VAULT_AUTH_PATH   where Kubernetes authentication is mounted; kubernetes by default
 *   VAULT_ROLE        role of it
 *   VAULT_JWT_FILE    file with the token of the service account
 *
 * And the environment of snapshots.mjs.
 */
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { needed } from "./program.mjs";
import { vaultForm } from "./snapshot-forms.mjs";
import { backUp } from "./snapshots.mjs";

class Vault {
  #address = needed("VAULT_ADDR").replace(/\/$/, "");
  #signal;
  #token;

  constructor(signal) {
    this.#signal = signal;
  }

  /** A standby hands a snapshot on, and has been seen to lose its end. */
  async expectLeader() {
    const leader = await (await this.#ask("GET", "sys/leader")).json();
    if (leader.ha_enabled === true && leader.is_self !== true) {
      throw new Error(`${this.#address} is a standby; the leader is ${leader.leader_address || "not known"}.`);
    }
  }

  async login() {
    const jwt = (await readFile(needed("VAULT_JWT_FILE"), "utf8")).trim();
    const mount = process.env.VAULT_AUTH_PATH || "kubernetes";
    const answer = await this.#ask("POST", `auth/${mount}/login`, { role: needed("VAULT_ROLE"), jwt });
    this.#token = (await answer.json()).auth.client_token;
  }

  async download(file) {
    const answer = await this.#ask("GET", "sys/storage/raft/snapshot");
    await pipeline(Readable.fromWeb(answer.body), createWriteStream(file), { signal: this.#signal });
  }

  /** The token ends by itself soon, so that nothing hangs on this. */
  async logout() {
    if (this.#token !== undefined) await this.#ask("POST", "auth/token/revoke-self", {}).catch(() => {});
  }

  async #ask(method, place, body) {
    const answer = await fetch(`${this.#address}/v1/${place}`, {
      method,
      // Followed, a redirect would take the token to another server.
      redirect: "error",
      headers: this.#token === undefined ? {} : { "x-vault-token": this.#token },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: this.#signal,
    });
    if (!answer.ok) throw new Error(`${method} ${place}: ${answer.status} ${(await answer.text()).slice(0, 500)}`);
    return answer;
  }
}

await backUp(vaultForm.suffix, async (folder, signal) => {
  const vault = new Vault(signal);
  await vault.expectLeader();
  await vault.login();
  try {
    const file = path.join(folder, "snapshot");
    await vault.download(file);
    await vaultForm.expectWhole(file, path.join(folder, "parts"), signal);
    return file;
  } finally {
    await vault.logout();
  }
});
