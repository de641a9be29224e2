/** What programs in pods share: their environment, what an error says, what they found, and metrics of how it went. */
import { appendFileSync } from "node:fs";

/**
 * Prints gauges, and pushes them to PUSHGATEWAY_URL: POST, so that the last success stays when a run fails. What keeps it
 * from that is said, and the program goes on.
 *
 * @param group of the Pushgateway: `job/backup/backup/vault`
 * @param samples values by name, with labels where there are some: `["backup_kept{destination="s3"}", 7]`
 * @param help what a metric is, by its name without labels
 */
export async function report(group, samples, help = {}) {
  const nameOf = (sample) => sample.replace(/\{.*/s, "");
  const names = [...new Set(samples.map(([sample]) => nameOf(sample)))];
  const text = names
    .flatMap((name) => [
      ...(help[name] === undefined ? [] : [`# HELP ${name} ${help[name]}`]),
      `# TYPE ${name} gauge`,
      ...samples.filter(([sample]) => nameOf(sample) === name).map(([sample, value]) => `${sample} ${value}`),
    ])
    .join("\n");
  console.log(text);
  const gateway = process.env.PUSHGATEWAY_URL;
  if (!gateway) return;
  try {
    const url = `${gateway.replace(/\/$/, "")}/metrics/${group}`;
    const { ok, status } = await fetch(url, { method: "POST", body: `${text}\n`, signal: AbortSignal.timeout(30_000) });
    if (!ok) console.error(`The Pushgateway answered ${status}.`);
  } catch (error) {
    console.error(`The Pushgateway does not answer: ${reasonOf(error)}`);
  }
}

/**
 * Leaves what was found as the message of the container, for whoever looks at the pod: a line for each value. It goes to
 * TERMINATION_LOG, or where Kubernetes looks for it.
 */
export function leaveMessage(found) {
  const lines = Object.entries(found).map(([name, value]) => `${name}=${value}\n`);
  appendFileSync(process.env.TERMINATION_LOG || "/dev/termination-log", lines.join(""));
}

/** Runs a program to its end: an error is said, and its exit code is 1. */
export async function run(main) {
  try {
    await main();
  } catch (error) {
    console.error(reasonOf(error));
    process.exitCode = 1;
  }
}

/** What an error says. A fetch that fails says why in its cause only, and several addresses that refuse only their code. */
export function reasonOf(error) {
  const reason = (error instanceof TypeError && error.cause) || error;
  return reason.message || reason.code || String(reason);
}

/** A variable of the environment that has to be there. */
export function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set.`);
  return value;
}
