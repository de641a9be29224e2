#!/usr/bin/env node
/**
 * Counts the objects that a restored etcd has of a Kubernetes cluster. Needs Node 20 and nothing else.
 *
 *   ETCD_URL         http://127.0.0.1:2379
 *   LEAST_OBJECTS    how many there have to be
 *   START_SECONDS    how long etcd may take until it answers; 120 by default
 *   TERMINATION_LOG  where it says how many there are
 *
 * Exit code: 0 there are as many or more, 1 there are fewer, or etcd does not say.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { leaveMessage, needed, reasonOf, run } from "./program.mjs";

/** Where Kubernetes keeps its objects, and the first key after them. */
const [first, after] = ["/registry/", "/registry0"];

await run(main);

async function main() {
  const least = Number(needed("LEAST_OBJECTS"));
  await healthy();
  const { count = "0" } = await ask("v3/kv/range", { key: base64(first), range_end: base64(after), count_only: true });
  const objects = Number(count);
  if (!(objects >= least)) {
    throw new Error(`The copy has ${objects} objects below ${first}, and ${least} were expected at least.`);
  }
  console.log(`The copy has ${objects} objects below ${first}.`);
  leaveMessage({ objects });
}

async function healthy() {
  const deadline = Date.now() + Number(process.env.START_SECONDS || 120) * 1000;
  for (;;) {
    const seen = await ask("health").catch(reasonOf);
    if (seen.health === "true") return;
    if (Date.now() > deadline) throw new Error(`The restored etcd does not become healthy: ${seen.reason ?? seen}`);
    await sleep(500);
  }
}

async function ask(what, request) {
  const answer = await fetch(`${needed("ETCD_URL")}/${what}`, {
    ...(request === undefined ? {} : { method: "POST", body: JSON.stringify(request) }),
    signal: AbortSignal.timeout(60_000),
  });
  return answer.json();
}

function base64(text) {
  return Buffer.from(text).toString("base64");
}
