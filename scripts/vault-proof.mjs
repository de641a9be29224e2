#!/usr/bin/env node
/**
 * Makes a throwaway Vault or OpenBao of a snapshot, and proves that what was in it can be read. Needs Node 20 and nothing
 * else.
 *
 *   VAULT_ADDR       http://127.0.0.1:8200: a new server with raft storage
 *   SNAPSHOT         file with the snapshot
 *   START_SECONDS    how long the server may take until it answers; 120 by default
 *   RESTORE_SECONDS  how long the snapshot may take until it is loaded; 1800 by default
 *   UNSEAL_KEYS      as many keys as unseal the server that the snapshot is of, one in a line; without them the copy stays
 *                    sealed, and nothing is read
 *   LOGIN            path of the AppRole login: auth/drill/login
 *   ROLE_ID, SECRET_ID   who logs in
 *   VALUE_PATH, VALUE_KEY, VALUE_SHA256   a value that is known, and its checksum
 *   TERMINATION_LOG  where it says how long the steps took
 *
 * No key, token or value is printed.
 *
 * Exit code: 0 the value is the one that is known, or without keys the server took the snapshot; 1 it is not.
 */
import { createHash } from "node:crypto";
import { openAsBlob } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { leaveMessage, needed, reasonOf } from "./program.mjs";

const url = needed("VAULT_ADDR");
const startSeconds = Number(process.env.START_SECONDS || 120);
const keys = (process.env.UNSEAL_KEYS ?? "").split(/\s+/).filter(Boolean);

const seconds = {};

try {
  await step("restore", restore);
  if (keys.length > 0) {
    await step("unseal", unseal);
    await step("prove", prove);
    console.log("The value in the copy is the one that is known.");
  } else {
    console.log("The copy took the snapshot, and is sealed.");
  }
  leaveMessage({ ...seconds, ...(keys.length > 0 ? {} : { sealed: "yes" }) });
} catch (error) {
  console.error(reasonOf(error));
  process.exitCode = 1;
}

/** Into a new server, which seals itself once it has the keys of another one. */
async function restore() {
  // A server keeps in mind how many keys it takes, even when it gets those of another one.
  const shares = Math.max(1, keys.length);
  await until(startSeconds, "answers", async () => (await status()).initialized === false);
  const own = await expected("PUT", "sys/init", { secret_shares: shares, secret_threshold: shares });
  for (const key of own.keys_base64) await expected("PUT", "sys/unseal", { key });
  await until(startSeconds, "is active", isActive);
  const answer = await ask("POST", "sys/storage/raft/snapshot-force", {
    body: await openAsBlob(needed("SNAPSHOT")),
    token: own.root_token,
    // It answers before all is loaded, or after.
    seconds: Number(process.env.RESTORE_SECONDS || 1800),
  });
  if (answer.status >= 300) throw new Error(`The copy does not take the snapshot: ${short(answer.text)}`);
  await until(Number(process.env.RESTORE_SECONDS || 1800), "has the snapshot", async () => (await status()).sealed);
}

async function unseal() {
  let sealed = true;
  for (const key of keys) {
    const { status: code, text } = await ask("PUT", "sys/unseal", { body: JSON.stringify({ key }) });
    if (code >= 300) throw new Error(`The keys do not unseal the copy: ${short(text)}`);
    sealed = JSON.parse(text).sealed;
  }
  if (sealed) throw new Error("The keys do not unseal the copy: it wants more of them.");
  await until(startSeconds, "is active", isActive);
}

async function prove() {
  const place = needed("VALUE_PATH");
  const { auth } = await expected("POST", needed("LOGIN"), {
    role_id: needed("ROLE_ID"),
    secret_id: needed("SECRET_ID"),
  });
  const { data } = await expected("GET", place, undefined, auth.client_token);
  // The second version of the engine has the values one level deeper.
  const value = (data.metadata === undefined ? data : data.data)?.[needed("VALUE_KEY")];
  if (typeof value !== "string") throw new Error(`The copy has no text under "${needed("VALUE_KEY")}" in ${place}.`);
  if (createHash("sha256").update(value).digest("hex") !== needed("VALUE_SHA256").toLowerCase()) {
    throw new Error(
      `The copy has another value under "${needed("VALUE_KEY")}" in ${place} than the one that is known.`,
    );
  }
}

async function step(name, work) {
  const began = Date.now();
  await work();
  seconds[`seconds_${name}`] = (Date.now() - began) / 1000;
}

async function until(limit, what, look) {
  const deadline = Date.now() + limit * 1000;
  for (let seen = ""; ; await sleep(200)) {
    try {
      if (await look()) return;
    } catch (error) {
      seen = ` ${reasonOf(error)}`;
    }
    if (Date.now() > deadline) throw new Error(`The copy took longer than ${limit} seconds until it ${what}.${seen}`);
  }
}

/** What it says to a refusal, which may be much. */
function short(text) {
  return text.slice(0, 500);
}

function status() {
  return expected("GET", "sys/seal-status");
}

async function isActive() {
  return (await ask("GET", "sys/health")).status === 200;
}

async function expected(method, place, body, token) {
  const answer = await ask(method, place, { ...(body === undefined ? {} : { body: JSON.stringify(body) }), token });
  if (answer.status >= 300) throw new Error(`${method} ${place}: ${answer.status} ${short(answer.text)}`);
  return JSON.parse(answer.text);
}

async function ask(method, place, { body, token, seconds: limit = 60 } = {}) {
  const answer = await fetch(`${url}/v1/${place}`, {
    method,
    headers: token === undefined ? {} : { "x-vault-token": token },
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.timeout(limit * 1000),
  });
  return { status: answer.status, text: (await answer.text()).trim() };
}
