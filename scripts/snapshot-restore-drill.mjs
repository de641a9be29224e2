#!/usr/bin/env node
/**
 * Restores the newest snapshot of etcd or Vault in a throwaway pod, takes that away again, and says how it went. Runs in a
 * pod; needs Node 20 and nothing else.
 *
 *   snapshot-restore-drill.mjs <copy.json>
 *
 * The file is the throwaway Pod. Each of its containers is a step, but for those that run beside the container `prove`,
 * which ends it. What they found is in their messages, as lines `name=value`: `lag_seconds`, `snapshot`, `objects`, `sealed`
 * of a copy in which nothing was read, and `seconds_<step>` of a container that does several steps.
 *
 * And the environment of restore-drill.mjs.
 */
import { readFileSync } from "node:fs";
import { needed } from "./program.mjs";
import { holdDrill, kubernetes, places, until } from "./restore-drill.mjs";

const [copy] = process.argv.slice(2, 3).map((file) => JSON.parse(readFileSync(file, "utf8")));
const place = `${places.pods}/${copy.metadata.name}`;

async function restore(seconds) {
  await kubernetes("POST", places.pods, copy);
  const said = {};
  await until("The restore", Number(needed("RESTORE_TIMEOUT_SECONDS")), async () => {
    const pod = await kubernetes("GET", place);
    if (pod === undefined) throw new Error("Somebody took the copy away.");
    const { status = {} } = pod;
    const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
    const ended = containers.filter(({ state }) => state?.terminated !== undefined);
    for (const { name, state } of ended) {
      const { startedAt, finishedAt, message = "" } = state.terminated;
      seconds[name] = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
      for (const [, word, value] of message.matchAll(/^(\w+)=(\S+)$/gm)) {
        if (word.startsWith("seconds_")) seconds[word.slice("seconds_".length)] = Number(value);
        else said[word] = value;
      }
    }
    const failed = ended.find(({ state }) => state.terminated.exitCode !== 0);
    if (failed !== undefined) throw new Error(`${failed.name}: ${reasonOfEnd(failed.state.terminated)}`);
    const done = ended.some(({ name }) => name === "prove");
    const early = (status.containerStatuses ?? []).find(({ state }) => state?.terminated !== undefined);
    if (!done && early !== undefined) throw new Error(`${early.name} ended by itself.`);
    if (!done && status.phase === "Failed") throw new Error(`The copy failed: ${status.message ?? status.reason}`);
    return { done, state: done ? "The restore is done" : stateOf(containers) };
  });
  const { lag_seconds: lag, snapshot, objects, sealed } = said;
  if (lag === undefined) throw new Error("The copy does not say which snapshot it was made of.");
  return {
    snapshot,
    lagSeconds: Number(lag),
    ...(objects === undefined ? {} : { objects: Number(objects) }),
    ...(sealed === undefined ? {} : { sealed: true }),
  };
}

/** The last that a container said, as its message or in its log. */
function reasonOfEnd({ message = "", reason, exitCode }) {
  return message.trim().split("\n").at(-1) || `${reason ?? "Error"}, exit code ${exitCode}`;
}

function stateOf(containers) {
  const running = containers.filter(({ state }) => state?.running !== undefined).map(({ name }) => name);
  if (running.length > 0) return `There run ${running.join(", ")}`;
  const waiting = containers.find(({ state }) => state?.waiting !== undefined);
  return waiting === undefined ? "Nothing is said yet" : `${waiting.name} waits: ${waiting.state.waiting.reason}`;
}

const { error, snapshot, lagSeconds, objects, sealed } = await holdDrill({
  made: [place],
  work: (_, seconds) => restore(seconds),
});
if (error === undefined) {
  const counted = objects === undefined ? "" : `, with ${objects} objects`;
  const unread = sealed === undefined ? "" : "; nothing was read, since the copy is sealed";
  console.log(`The restore is proven: ${snapshot} was ${lagSeconds} seconds old${counted}${unread}.`);
}
