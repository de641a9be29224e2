import { driftClasses } from "../analysis/drift-classes";
import { collapsed, countsOf, type DriftResult, isMeasured, type StackResult } from "../analysis/drift-result";
import { ageText } from "./duration";
import { table } from "./table";

/**
 * 0 if every stack was measured, and there is at most an output to change; 1 if something was found; 3 if a stack could
 * not be planned or was not measured, whatever was found in the others.
 */
export function driftExitCode({ stacks }: DriftResult): 0 | 1 | 3 {
  if (!stacks.every(isMeasured)) {
    return 3;
  }
  return stacks.every((stack) => stack.class === "clean" || stack.class === "output only") ? 0 : 1;
}

/** For people: what is not clean, each with its age and addresses, and the counts in the last line. */
export function driftText(result: DriftResult): string {
  const told = driftClasses
    .filter((one) => one !== "clean")
    .flatMap((one) => result.stacks.filter((stack) => stack.class === one));
  const lines = told.map((stack) => [
    stack.name,
    stack.class,
    sinceText(stack.since, result),
    [stack.reason ?? "", ...collapsed(stack.findings.map(({ address }) => address)), ...stack.outputs.map(outputText)]
      .filter((text) => text !== "")
      .join(", "),
  ]);
  const rows = lines.length === 0 ? [] : [table([["stack", "class", "since", "what"], ...lines])];
  return [...rows, ...changesText(result), ...notesText(result), countsText(result)].join("\n\n");
}

/** One line of JSON per stack, for a log. */
export function driftLines(result: DriftResult): string {
  return result.stacks
    .map((stack) => {
      const { findings, ...rest } = stack;
      const addresses = [...new Set(findings.map(({ address }) => address))];
      return JSON.stringify({ time: result.ended, msg: "drift", ...rest, addresses, commit: result.commit });
    })
    .join("\n");
}

/** What is other than in the run before. */
export function changesOf(result: DriftResult): {
  readonly news: readonly { readonly stack: string; readonly addresses: readonly string[] }[];
  readonly gone: readonly { readonly stack: string; readonly addresses: readonly string[] }[];
  readonly turned: readonly StackResult[];
} {
  const { stacks, ended, previous } = result;
  if (previous === undefined) {
    return { news: [], gone: [], turned: [] };
  }
  const since = previous.ended;
  const news = stacks.map(({ name, findings }) => ({
    stack: name,
    addresses: [
      ...new Set(
        findings.filter(({ firstSeen }) => firstSeen > since && firstSeen <= ended).map(({ address }) => address),
      ),
    ],
  }));
  return {
    news: news.filter(({ addresses }) => addresses.length > 0),
    gone: stacks.flatMap(({ name, gone }) => (gone.length === 0 ? [] : [{ stack: name, addresses: gone }])),
    turned: stacks.filter((stack) => stack.before !== undefined && stack.before !== stack.class),
  };
}

export function outputText(name: string): string {
  return `output ${name}`;
}

function changesText(result: DriftResult): string[] {
  const { news, gone } = changesOf(result);
  const lines = (title: string, of: typeof news): string[] =>
    of.length === 0
      ? []
      : [`${title}:\n${table(of.map(({ stack, addresses }) => [`  ${stack}`, collapsed(addresses).join(", ")]))}`];
  return [...lines("New since the last run", news), ...lines("Gone since the last run", gone)];
}

function notesText({ skipped, expired, removed }: DriftResult): string[] {
  return [
    ...(skipped.length === 0 ? [] : [`Skipped:\n${table(skipped.map(({ name, reason }) => [`  ${name}`, reason]))}`]),
    ...(expired.length === 0
      ? []
      : [
          `Rules that no longer hold:\n${table(expired.map((rule) => [`  ${rule.address}`, rule.until, rule.reason]))}`,
        ]),
    ...(removed.length === 0 ? [] : [`No longer there: ${removed.join(", ")}`]),
  ];
}

function countsText(result: DriftResult): string {
  const { stacks, commit, started, ended } = result;
  const counts = countsOf(result).flatMap(([one, count]) => (count === 0 ? [] : [`${count} ${one}`]));
  const measured = stacks.filter(isMeasured).length;
  const at = commit === undefined ? "" : ` at ${commit.slice(0, 12)}`;
  const took = ageText(Date.parse(ended) - Date.parse(started));
  return `Drift: ${measured} of ${stacks.length} stacks measured${at} in ${took}: ${counts.join(", ") || "none"}`;
}

/** How long before the end of the run a time was. */
export function sinceText(since: string, { ended }: DriftResult): string {
  const age = Date.parse(ended) - Date.parse(since);
  return age === 0 ? "now" : ageText(age);
}
