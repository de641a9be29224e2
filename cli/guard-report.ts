import type { AllowedFinding, Finding, Verdict } from "../analysis/plan-guard";
import { table } from "./table";

/**
 * For people: what is refused, allowed and to be known, each with the addresses, and the verdict in the last line.
 *
 * @param unknown how many of the stacks have no plan that could be judged.
 */
export function guardText(verdict: Verdict, unknown = 0): string {
  const { refused, allowed, notes } = verdict;
  return [
    ...refused.map((finding) => findingText("refused", finding, `Remedy: ${finding.remedy}`)),
    ...allowed.map((finding) => findingText("allowed", finding, reasonText(finding))),
    ...notes.map((finding) => findingText("note", finding, `Remedy: ${finding.remedy}`)),
    verdictText(verdict, unknown),
  ].join("\n\n");
}

/** The verdict in a line. */
function verdictText({ safe, refused, machines }: Verdict, unknown: number): string {
  const codes = [...new Set(refused.map(({ code }) => code))].join(", ");
  const controlPlanes = machines.filter(({ role }) => role === "control plane").length;
  const out = machines.filter(({ fate }) => fate !== undefined).length;
  const counts = `${count(machines.length, "machine")}, ${count(controlPlanes, "control plane")}, ${out} out of service`;
  const rest = unknown === 0 ? "" : `; not judged: ${count(unknown, "stack")} without a plan`;
  const verdict = safe ? (unknown === 0 ? "safe" : "safe as far as there are plans") : `refused (${codes})`;
  return `Guard: ${verdict}; ${counts}${rest}`;
}

/** For programs: the same. */
export function guardJson(verdict: Verdict): string {
  return JSON.stringify(verdict, undefined, 2);
}

function findingText(kind: string, { where, code, message, subjects }: Finding, last: string): string {
  const rows = subjects.length === 0 ? [] : [table(subjects.map(({ address, what }) => [`    ${address}`, what]))];
  return [`${where}: ${kind}: ${code}`, `  ${message}`, ...rows, `  ${last}`].join("\n");
}

function reasonText({ reasons }: AllowedFinding): string {
  return `${reasons.length === 1 ? "Reason" : "Reasons"}: ${reasons.join("; ")}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
