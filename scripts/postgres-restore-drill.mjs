#!/usr/bin/env node
/**
 * Restores a PostgreSQL cluster from its archive into a throwaway one, proves of which moment it is, takes it away again,
 * and says how that went. Runs in a pod; needs Node 20 and nothing else.
 *
 *   postgres-restore-drill.mjs <cluster.json> <proof.json>
 *
 * The files are the throwaway Cluster without the moment, and the Pod that asks it: `{{target}}` in its environment is the
 * moment, and the last line of its termination message is what it found.
 *
 *   DRILL                    name of the drill in metrics and history
 *   TARGET_MINUTES_AGO       the moment that is restored
 *   RESTORE_TIMEOUT_SECONDS  how long the restored cluster may take until it is ready
 *   PUSHGATEWAY_URL          where metrics go, beside standard output; nowhere by default
 *   KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT, NODE_EXTRA_CA_CERTS   the API server
 *   SERVICE_ACCOUNT          folder with the token and the namespace; where Kubernetes puts them by default
 *   POLL_SECONDS             time between two looks; 5 by default
 *
 * Exit code: 0 the restore is proven, 1 it is not, or its leftovers could not be taken away.
 */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { needed, reasonOf, report } from "./program.mjs";

/** The drill is ended from outside: it cleans up, and does nothing else. */
class Ended extends Error {}

const account = process.env.SERVICE_ACCOUNT || "/var/run/secrets/kubernetes.io/serviceaccount";
const namespace = readFileSync(path.join(account, "namespace"), "utf8").trim();
const pollMs = Number(process.env.POLL_SECONDS || 5) * 1000;
const historyLength = 100;

const ending = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, () => ending.abort(new Ended(`The drill was ended by ${signal}.`)));
}

// --- Kubernetes ---------------------------------------------------------------------------------------------------

const clusters = `/apis/postgresql.cnpg.io/v1/namespaces/${namespace}/clusters`;
const pods = `/api/v1/namespaces/${namespace}/pods`;
const volumes = `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
const configMaps = `/api/v1/namespaces/${namespace}/configmaps`;

/** What the API server says; nothing where there is no such object. A server that is away for a moment is asked again. */
async function kubernetes(method, place, body) {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await once(method, place, body).catch((error) => ({ status: 0, text: reasonOf(error) }));
    if (answer.status === 404) return undefined;
    if (answer.status >= 200 && answer.status < 300) return answer.text === "" ? {} : JSON.parse(answer.text);
    const isAway = answer.status === 0 || answer.status === 429 || answer.status >= 500;
    if (!isAway || attempt === 4)
      throw new Error(`${method} ${place}: ${answer.status || "no answer:"} ${messageOf(answer.text)}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

async function once(method, place, body) {
  const host = needed("KUBERNETES_SERVICE_HOST");
  const port = process.env.KUBERNETES_SERVICE_PORT || "443";
  const response = await fetch(`https://${host.includes(":") ? `[${host}]` : host}:${port}${place}`, {
    method,
    // Read each time: Kubernetes renews the token.
    headers: {
      authorization: `Bearer ${readFileSync(path.join(account, "token"), "utf8").trim()}`,
      "content-type": "application/json",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  return { status: response.status, text: await response.text() };
}

/** Looks until there is something to see. */
async function until(what, seconds, look) {
  const deadline = Date.now() + seconds * 1000;
  let seen = "";
  while (Date.now() < deadline) {
    if (ending.signal.aborted) throw ending.signal.reason;
    const { done, state } = await look();
    if (state !== seen) console.log(state);
    seen = state;
    if (done) return;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  throw new Error(`${what} took longer than ${seconds} seconds; the last that was seen: ${seen}`);
}

// --- The drill ----------------------------------------------------------------------------------------------------

async function drill(cluster, proof, target) {
  const seconds = {};
  const step = async (name, work) => {
    const began = Date.now();
    try {
      return await work();
    } finally {
      seconds[name] = (Date.now() - began) / 1000;
    }
  };
  const found = { seconds };
  try {
    await cleanUp(cluster, proof);
    await step("restore", () => restore(cluster, target));
    found.lagSeconds = await step("prove", () => prove(proof, target));
  } catch (error) {
    found.error = reasonOf(error);
  }
  try {
    await step("clean_up", () => cleanUp(cluster, proof));
  } catch (error) {
    found.error = [found.error, `Leftovers are still there. ${reasonOf(error)}`].filter(Boolean).join(" ");
  }
  return found;
}

async function restore(cluster, target) {
  const { name } = cluster.metadata;
  const manifest = structuredClone(cluster);
  manifest.spec.bootstrap.recovery.recoveryTarget = { targetTime: target };
  await kubernetes("POST", clusters, manifest);
  await until("The restore", Number(needed("RESTORE_TIMEOUT_SECONDS")), async () => {
    const { status = {} } = (await kubernetes("GET", `${clusters}/${name}`)) ?? {};
    const ready = status.readyInstances ?? 0;
    const reason = status.phaseReason ? ` (${status.phaseReason})` : "";
    return { done: ready >= manifest.spec.instances, state: `${status.phase ?? "Nothing is said yet"}${reason}` };
  });
}

async function prove(proof, target) {
  const { name } = proof.metadata;
  await kubernetes("POST", pods, JSON.parse(JSON.stringify(proof).replaceAll("{{target}}", target)));
  let phase = "";
  let said = "";
  await until("The proof", 300, async () => {
    const { status = {} } = (await kubernetes("GET", `${pods}/${name}`)) ?? {};
    phase = status.phase ?? "";
    said = (status.containerStatuses?.[0]?.state?.terminated?.message ?? "").trim();
    return { done: phase === "Succeeded" || phase === "Failed", state: `The proof is ${phase || "not there yet"}` };
  });
  if (phase === "Failed") throw new Error(said || "The proof failed without a word.");
  const [, lag] = /lag_seconds=(-?\d+)/.exec(said) ?? [];
  if (lag === undefined) throw new Error(`The proof said something else than was asked: ${said}`);
  return Number(lag);
}

/** Takes away what this drill, or an earlier one that was killed, made; and waits until it is gone. */
async function cleanUp(cluster, proof) {
  const { name } = cluster.metadata;
  await kubernetes("DELETE", `${pods}/${proof.metadata.name}?gracePeriodSeconds=0`);
  await kubernetes("DELETE", `${clusters}/${name}`);
  if (ending.signal.aborted) return;
  const of = `?labelSelector=${encodeURIComponent(`cnpg.io/cluster=${name}`)}`;
  await until("The cleaning up", 300, async () => {
    const left = [
      (await kubernetes("GET", `${clusters}/${name}`)) === undefined ? [] : [name],
      ...[await kubernetes("GET", pods + of), await kubernetes("GET", volumes + of)].map((list) =>
        (list?.items ?? []).map(({ metadata }) => metadata.name),
      ),
      (await kubernetes("GET", `${pods}/${proof.metadata.name}`)) === undefined ? [] : [proof.metadata.name],
    ].flat();
    return { done: left.length === 0, state: left.length === 0 ? "Nothing is left" : `Left are ${left.join(", ")}` };
  });
}

// --- What it leaves behind ------------------------------------------------------------------------------------------

/** Adds a line to the history, which the namespace keeps. */
async function remember(name, line) {
  const place = `${configMaps}/${name}`;
  const kept = await kubernetes("GET", place);
  const lines = [...(kept?.data?.["runs.jsonl"] ?? "").split("\n").filter(Boolean), JSON.stringify(line)];
  const data = { "runs.jsonl": `${lines.slice(-historyLength).join("\n")}\n` };
  if (kept === undefined) {
    await kubernetes("POST", configMaps, { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data });
  } else {
    await kubernetes("PUT", place, { ...kept, data });
  }
}

/** Says as metrics how the drill went. */
async function tell(name, { error, lagSeconds, seconds }) {
  const now = Math.round(Date.now() / 1000);
  const isProven = error === undefined;
  await report(`job/restore-drill/drill/${name}`, [
    ["backup_restore_drill_success", isProven ? 1 : 0],
    ["backup_restore_drill_last_run_timestamp_seconds", now],
    ...(isProven
      ? [
          ["backup_restore_drill_last_success_timestamp_seconds", now],
          ["backup_restore_drill_lag_seconds", lagSeconds],
        ]
      : []),
    ...Object.entries(seconds).map(([step, value]) => [`backup_restore_drill_duration_seconds{step="${step}"}`, value]),
  ]);
}

/** The message of a Status, or the text itself. */
function messageOf(text) {
  try {
    return JSON.parse(text).message ?? text;
  } catch {
    return text;
  }
}

const [cluster, proof] = process.argv.slice(2, 4).map((file) => JSON.parse(readFileSync(file, "utf8")));
const name = needed("DRILL");
const started = new Date();
const target = new Date(started.getTime() - Number(needed("TARGET_MINUTES_AGO")) * 60_000).toISOString();
console.log(`The moment to be restored is ${target}.`);
const found = await drill(cluster, proof, target);
const outcomes = [remember(`${name}-history`, { started: started.toISOString(), target, ...found }), tell(name, found)];
for (const { reason } of (await Promise.allSettled(outcomes)).filter(({ status }) => status === "rejected")) {
  console.error(reasonOf(reason));
}
if (found.error !== undefined) {
  console.error(`The restore is not proven: ${found.error}`);
  process.exitCode = 1;
} else {
  console.log(`The restore is proven: the copy was ${found.lagSeconds} seconds behind ${target}.`);
}
