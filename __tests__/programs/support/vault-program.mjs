#!/usr/bin/env node
/**
 * A double of `vault server -config=<file>`: the few endpoints by which a drill makes a server of a snapshot and asks it,
 * and by which what is to be restored gets there first. It behaves as Vault 1.21.1 was seen to: it takes a snapshot before
 * it seals itself, and keeps in mind how many keys it takes.
 */
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import * as path from "node:path";

const [, file] = process.argv[3].split("=");
const [host, port] = JSON.parse(readFileSync(file, "utf8")).listener.tcp.address.split(":");

/** What a snapshot has of a server. */
let state = { keys: [], least: 0, policies: {}, values: {}, roles: {} };
let initialized = false;
let sealed = true;
let threshold = 0;
let given = [];
const tokens = {};

class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

function answerTo(method, place, body, token) {
  if (place === "sys/seal-status") return { initialized, sealed, t: threshold, n: threshold, progress: given.length };
  if (place === "sys/health") throw new Refusal(initialized ? (sealed ? 503 : 200) : 501, "");
  const request = place.includes("snapshot") || body.length === 0 ? {} : JSON.parse(body);
  if (place === "sys/init") return init(request);
  if (place === "sys/unseal") return unseal(request);
  if (sealed) throw new Refusal(503, "Vault is sealed");
  const [, mount] = /^auth\/([\w-]+)\/login$/.exec(place) ?? [];
  if (mount !== undefined) return login(mount, request);
  const policies = tokens[token] ?? [];
  if (!policies.includes("root")) {
    const allowed = policies.some((name) => state.policies[name]?.includes(`path "${place}"`));
    if (!allowed || method !== "GET") throw new Refusal(403, "permission denied");
  }
  if (place === "sys/storage/raft/snapshot") return snapshot();
  if (place === "sys/storage/raft/snapshot-force") return restore(body);
  const [, policy] = /^sys\/policies\/acl\/(.+)$/.exec(place) ?? [];
  if (policy !== undefined) state.policies[policy] = request.policy;
  if (place.startsWith("sys/")) return {};
  const [, role, part] = /^(auth\/[\w-]+\/role\/[\w-]+?)(?:\/(role-id|secret-id))?$/.exec(place) ?? [];
  if (part !== undefined) return { data: { [part.replace("-", "_")]: state.roles[role][part] } };
  if (role !== undefined) {
    const ids = { "role-id": randomBytes(8).toString("hex"), "secret-id": randomBytes(8).toString("hex") };
    state.roles[role] = { ...request, ...ids };
    return {};
  }
  if (method === "GET") {
    if (state.values[place] === undefined) throw new Refusal(404, "");
    return { data: state.values[place] };
  }
  state.values[place] = request;
  return {};
}

function init({ secret_shares: shares, secret_threshold: needed }) {
  if (initialized) throw new Refusal(400, "Vault is already initialized");
  state.keys = Array.from({ length: shares }, () => randomBytes(33).toString("base64"));
  state.least = needed;
  threshold = needed;
  initialized = true;
  const root = randomBytes(8).toString("hex");
  tokens[root] = ["root"];
  return { keys_base64: state.keys, root_token: root };
}

function unseal({ key }) {
  if (!sealed) return { sealed };
  given.push(key);
  if (given.length >= threshold) {
    const good = given.length >= state.least && given.every((one) => state.keys.includes(one));
    given = [];
    if (!good) throw new Refusal(400, "unable to retrieve stored keys: invalid key");
    sealed = false;
  }
  return { sealed, t: threshold, progress: given.length };
}

function login(mount, { role_id, secret_id }) {
  const found = Object.entries(state.roles).find(
    ([role, ids]) => role.startsWith(`auth/${mount}/`) && ids["role-id"] === role_id && ids["secret-id"] === secret_id,
  );
  if (found === undefined) throw new Refusal(400, "invalid role or secret ID");
  const token = randomBytes(8).toString("hex");
  tokens[token] = found[1].token_policies.split(",");
  return { auth: { client_token: token } };
}

// --- Snapshots: a compressed archive of four parts --------------------------------------------------------------------

function inFolder(work) {
  const folder = mkdtempSync(path.join(tmpdir(), "vault-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function snapshot() {
  return inFolder((folder) => {
    const meta = JSON.stringify({ Version: 1, Index: 1234, Term: 3 });
    const parts = { "meta.json": meta, "state.bin": JSON.stringify(state) + randomBytes(20_000).toString("base64") };
    const sums = Object.entries(parts).map(([name, text]) => `${sha256(text)}  ${name}\n`);
    Object.assign(parts, { SHA256SUMS: sums.join(""), "SHA256SUMS.sealed": "sealed" });
    for (const [name, text] of Object.entries(parts)) writeFileSync(path.join(folder, name), text);
    return execFileSync("tar", ["-cz", "-C", folder, ...Object.keys(parts)]);
  });
}

function restore(archive) {
  const loaded = inFolder((folder) => {
    try {
      execFileSync("tar", ["-xz", "-C", folder], { input: archive, stdio: "pipe" });
      if (readdirSync(folder).length !== 4) throw new Error("unexpected EOF");
      return readFileSync(path.join(folder, "state.bin"), "utf8");
    } catch {
      throw new Refusal(500, "failed to read snapshot file: unexpected EOF");
    }
  });
  setTimeout(() => {
    state = JSON.parse(loaded.slice(0, loaded.lastIndexOf("}") + 1));
    for (const token of Object.keys(tokens)) delete tokens[token];
    sealed = true;
  }, 300);
  return {};
}

function sha256(text) {
  return createHash("sha256").update(text).digest("hex");
}

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    const place = request.url.replace("/v1/", "");
    const answer = answerTo(request.method, place, Buffer.concat(chunks), request.headers["x-vault-token"]);
    response.end(Buffer.isBuffer(answer) ? answer : JSON.stringify(answer));
  } catch (error) {
    response.writeHead(error.status ?? 500).end(JSON.stringify({ errors: [error.message] }));
  }
}).listen(Number(port), host);
