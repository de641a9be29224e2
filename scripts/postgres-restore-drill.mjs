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
 *   TARGET_MINUTES_AGO       the moment that is restored
 *
 * And the environment of restore-drill.mjs.
 */
import { readFileSync } from "node:fs";
import { needed } from "./program.mjs";
import { holdDrill, kubernetes, places, until } from "./restore-drill.mjs";

const { clusters, pods, volumes } = places;
const [cluster, proof] = process.argv.slice(2, 4).map((file) => JSON.parse(readFileSync(file, "utf8")));
const clusterName = cluster.metadata.name;
const proofPlace = `${pods}/${proof.metadata.name}`;

async function restore(target) {
  const manifest = structuredClone(cluster);
  manifest.spec.bootstrap.recovery.recoveryTarget = { targetTime: target };
  await kubernetes("POST", clusters, manifest);
  await until("The restore", Number(needed("RESTORE_TIMEOUT_SECONDS")), async () => {
    const { status = {} } = (await kubernetes("GET", `${clusters}/${clusterName}`)) ?? {};
    const ready = status.readyInstances ?? 0;
    const reason = status.phaseReason ? ` (${status.phaseReason})` : "";
    return { done: ready >= manifest.spec.instances, state: `${status.phase ?? "Nothing is said yet"}${reason}` };
  });
}

async function prove(target) {
  await kubernetes("POST", pods, JSON.parse(JSON.stringify(proof).replaceAll("{{target}}", target)));
  let phase = "";
  let said = "";
  await until("The proof", 300, async () => {
    const { status = {} } = (await kubernetes("GET", proofPlace)) ?? {};
    phase = status.phase ?? "";
    said = (status.containerStatuses?.[0]?.state?.terminated?.message ?? "").trim();
    return { done: phase === "Succeeded" || phase === "Failed", state: `The proof is ${phase || "not there yet"}` };
  });
  if (phase === "Failed") throw new Error(said || "The proof failed without a word.");
  const [, lag] = /lag_seconds=(-?\d+)/.exec(said) ?? [];
  if (lag === undefined) throw new Error(`The proof said something else than was asked: ${said}`);
  return Number(lag);
}

/** What the operator made for the Cluster. */
async function belonging() {
  const of = `?labelSelector=${encodeURIComponent(`cnpg.io/cluster=${clusterName}`)}`;
  const lists = [await kubernetes("GET", pods + of), await kubernetes("GET", volumes + of)];
  return lists.flatMap((list) => (list?.items ?? []).map(({ metadata }) => metadata.name));
}

const started = new Date();
const target = new Date(started.getTime() - Number(needed("TARGET_MINUTES_AGO")) * 60_000).toISOString();
console.log(`The moment to be restored is ${target}.`);
const { error, lagSeconds } = await holdDrill({
  started,
  about: { target },
  made: [proofPlace, `${clusters}/${clusterName}`],
  belonging,
  work: async (step) => {
    await step("restore", () => restore(target));
    return { lagSeconds: await step("prove", () => prove(target)) };
  },
});
if (error === undefined) {
  console.log(`The restore is proven: the copy was ${lagSeconds} seconds behind ${target}.`);
}
