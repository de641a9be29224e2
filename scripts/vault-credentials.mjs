#!/usr/bin/env node
/**
 * Logs in to Vault or OpenBao as a pod of Kubernetes, and leaves what it reads there for the next container of the pod.
 * Needs Node 20 and nothing else.
 *
 *   vault-credentials.mjs <settings> <folder>
 *
 *   VAULT_ADDR           https://vault.example.com:8200
 *   NODE_EXTRA_CA_CERTS  file with the CA of that, where it is no public one
 *
 * The settings are JSON: `role`; `login`, the path of the login; `token`, the file with the pod's token; and what to read,
 * `env` by name of a variable and `files` by name of a file: `{ "path": "secret/data/proxmox", "key": "token" }`.
 *
 * The folder gets the files, and `environment` with the variables and VAULT_TOKEN, for a shell to read. All are for their
 * owner alone. No value is printed.
 *
 * Exit code: 0, or 1 if it could not be had.
 */
import { readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { setTimeout } from "node:timers/promises";

const [settingsFile, folder] = process.argv.slice(2);
const pausesMs = [1_000, 5_000, 15_000];

try {
  await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function main() {
  if (settingsFile === undefined || folder === undefined) {
    throw new Error("usage: vault-credentials.mjs <settings> <folder>");
  }
  const { role, login, token: tokenFile, env = {}, files = {} } = JSON.parse(await readFile(settingsFile, "utf8"));
  const jwt = (await readFile(tokenFile, "utf8")).trim();
  const { auth } = await ask(login, { method: "POST", body: JSON.stringify({ role, jwt }) });
  const token = auth.client_token;
  const values = new Map();
  for (const { path: secret } of [...Object.values(env), ...Object.values(files)]) {
    if (!values.has(secret)) {
      values.set(secret, await read(secret, token));
    }
  }
  const textOf = ({ path: secret, key }) => {
    const value = values.get(secret)[key];
    if (typeof value !== "string") {
      throw new Error(`${secret} has no text under "${key}".`);
    }
    return value;
  };
  const variables = { VAULT_TOKEN: token };
  for (const [name, where] of Object.entries(env)) variables[name] = textOf(where);
  for (const [name, where] of Object.entries(files)) await leave(name, textOf(where));
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}\n`);
  await leave("environment", lines.join(""));
  console.log(`Logged in as ${role} for ${auth.lease_duration} s; read ${values.size} secrets.`);
}

/** The keys and values of a secret, of either version of the engine. */
async function read(secret, token) {
  const { data } = await ask(secret, { headers: { "x-vault-token": token } });
  return data.metadata === undefined ? data : data.data;
}

/** What Vault answers. One that is sealed, or on its way to another leader, is asked again. */
async function ask(where, request) {
  const url = `${process.env.VAULT_ADDR?.replace(/\/+$/, "")}/v1/${where}`;
  for (let attempt = 0; ; attempt++) {
    const { problem, again, answer } = await once(url, request);
    if (problem === undefined) {
      return answer;
    }
    if (!again || attempt === pausesMs.length) {
      throw new Error(`${url}: ${problem}`);
    }
    console.error(`${url}: ${problem}; trying again.`);
    await setTimeout(pausesMs[attempt]);
  }
}

async function once(url, request) {
  try {
    const response = await fetch(url, { ...request, signal: AbortSignal.timeout(15_000) });
    if (!response.ok) {
      return { problem: `status ${response.status}`, again: response.status >= 500 || response.status === 429 };
    }
    return { answer: await response.json() };
  } catch (error) {
    return { problem: error.cause?.code ?? error.message, again: true };
  }
}

async function leave(name, text) {
  await writeFile(path.join(folder, name), text, { mode: 0o600 });
}

function quoted(value) {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
