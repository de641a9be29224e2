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
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import * as path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { needed } from "./program.mjs";
import { backUp } from "./snapshots.mjs";

/** What a snapshot consists of. The sealed checksums are for whoever has the seal's key. */
const parts = ["SHA256SUMS", "SHA256SUMS.sealed", "meta.json", "state.bin"];

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

/** Fails unless an archive has all its parts and nothing else, and each is what the checksums say. */
async function expectWhole(file, folder, signal) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  try {
    await promisify(execFile)("tar", ["-xzf", file, "-C", folder], { signal });
  } catch (error) {
    throw new Error(`The snapshot is no whole archive: ${(error.stderr || error.message).trim()}`);
  }
  const found = (await readdir(folder)).sort();
  if (found.join() !== parts.join()) {
    throw new Error(`The snapshot has the parts ${found.join(", ") || "none"}, and not ${parts.join(", ")}.`);
  }
  const sums = await readFile(path.join(folder, "SHA256SUMS"), "utf8");
  for (const part of ["meta.json", "state.bin"]) {
    const hash = createHash("sha256");
    await pipeline(createReadStream(path.join(folder, part)), hash, { signal });
    if (!sums.split("\n").includes(`${hash.digest("hex")}  ${part}`)) {
      throw new Error(`The checksum of ${part} is not the one in SHA256SUMS.`);
    }
  }
  const { Index: index, Size: size } = JSON.parse(await readFile(path.join(folder, "meta.json"), "utf8"));
  console.log(`The snapshot is whole: raft index ${index}, ${size} bytes.`);
  await rm(folder, { recursive: true });
}

await backUp(".snap", async (folder, signal) => {
  const vault = new Vault(signal);
  await vault.expectLeader();
  await vault.login();
  try {
    const file = path.join(folder, "snapshot");
    await vault.download(file);
    await expectWhole(file, path.join(folder, "parts"), signal);
    return file;
  } finally {
    await vault.logout();
  }
});
