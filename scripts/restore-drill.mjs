/**
 * What restore drills have in common: the API server, a copy of production that is taken away whatever comes, and what is
 * left of a drill: a line in the history, and metrics.
 *
 *   DRILL                    name of the drill in metrics and history
 *   MAX_AGE_DAYS             for how long a proven restore counts, which its metrics say
 *   RESTORE_TIMEOUT_SECONDS  how long the restore may take
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

/** Where the namespace of the drill has its pods, its claims of volumes and, by an operator, its clusters. */
export const places = {
  pods: `/api/v1/namespaces/${namespace}/pods`,
  volumes: `/api/v1/namespaces/${namespace}/persistentvolumeclaims`,
  clusters: `/apis/postgresql.cnpg.io/v1/namespaces/${namespace}/clusters`,
};
const configMaps = `/api/v1/namespaces/${namespace}/configmaps`;

/** What the API server says; nothing where there is no such object. A server that is away for a moment is asked again. */
export async function kubernetes(method, place, body) {
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

/** The message of a Status, or the text itself. */
function messageOf(text) {
  try {
    return JSON.parse(text).message ?? text;
  } catch {
    return text;
  }
}

/** Looks until there is something to see. */
export async function until(what, seconds, look) {
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

// --- A drill --------------------------------------------------------------------------------------------------------

/**
 * Holds a drill, and says how that went.
 *
 * @param started when it began
 * @param about what the history says of it, whatever comes
 * @param made paths of the objects that this drill makes, or an earlier one made that was killed
 * @param belonging names of what belongs to those, and goes with them
 * @param work restores and proves: it gets `step`, which times a part of it, and the times; it says what it found
 */
export async function holdDrill({ started = new Date(), about = {}, made, belonging = async () => [], work }) {
  const name = needed("DRILL");
  const found = { seconds: {} };
  const step = async (part, doing) => {
    const began = Date.now();
    try {
      return await doing();
    } finally {
      found.seconds[part] = (Date.now() - began) / 1000;
    }
  };
  try {
    await cleanUp(made, belonging);
    Object.assign(found, await work(step, found.seconds));
  } catch (error) {
    found.error = reasonOf(error);
  }
  try {
    await step("clean_up", () => cleanUp(made, belonging));
  } catch (error) {
    found.error = [found.error, `Leftovers are still there. ${reasonOf(error)}`].filter(Boolean).join(" ");
  }
  const outcomes = [
    remember(`${name}-history`, { started: started.toISOString(), ...about, ...found }),
    tell(name, found),
  ];
  for (const { reason } of (await Promise.allSettled(outcomes)).filter(({ status }) => status === "rejected")) {
    console.error(reasonOf(reason));
  }
  if (found.error !== undefined) {
    console.error(`The restore is not proven: ${found.error}`);
    process.exitCode = 1;
  }
  return found;
}

/** Takes away what there is, and waits until it is gone. */
async function cleanUp(made, belonging) {
  for (const place of made) {
    await kubernetes("DELETE", place.includes("/pods/") ? `${place}?gracePeriodSeconds=0` : place);
  }
  if (ending.signal.aborted) return;
  await until("The cleaning up", 300, async () => {
    const left = await belonging();
    for (const place of made) {
      if ((await kubernetes("GET", place)) !== undefined) left.push(place.split("/").at(-1));
    }
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
async function tell(name, { error, lagSeconds, objects, seconds }) {
  const now = Math.round(Date.now() / 1000);
  const isProven = error === undefined;
  await report(`job/restore-drill/drill/${name}`, [
    ["backup_restore_drill_success", isProven ? 1 : 0],
    ["backup_restore_drill_last_run_timestamp_seconds", now],
    ["backup_restore_drill_max_age_seconds", Number(needed("MAX_AGE_DAYS")) * 86_400],
    ...(isProven
      ? [
          ["backup_restore_drill_last_success_timestamp_seconds", now],
          ["backup_restore_drill_lag_seconds", lagSeconds],
          ...(objects === undefined ? [] : [["backup_restore_drill_objects", objects]]),
        ]
      : []),
    ...Object.entries(seconds).map(([step, value]) => [`backup_restore_drill_duration_seconds{step="${step}"}`, value]),
  ]);
}
