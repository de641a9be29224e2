/** Metrics in the text format of Prometheus, and the Pushgateway that keeps them. */

/** A value of a metric, with its labels. */
export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** All values of a metric, in the text format of Prometheus. */
export function metric(name: string, help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => `${name}${labelsText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join("")}`;
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

/** Replaces what a Pushgateway has of a group, such as `tf-drift/shard/0` (T-25). Throws if it does not take it. */
export async function pushText(gateway: string, group: string, text: string): Promise<void> {
  await answerOf(`${gateway.replace(/\/+$/, "")}/metrics/job/${group}`, {
    method: "PUT",
    body: text,
    headers: { "content-type": "text/plain; version=0.0.4" },
  });
}

/** All that a Pushgateway has. Throws if it does not say it. */
export async function pushedText(gateway: string): Promise<string> {
  return (await answerOf(`${gateway.replace(/\/+$/, "")}/metrics`, {})).text();
}

async function answerOf(url: string, request: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(15_000) });
  if (!response.ok) {
    throw new Error(`${url} answers ${response.status}`);
  }
  return response;
}
