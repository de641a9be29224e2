/** What the firewall of a machine lets through. */
import { talosApiBlocked } from "../../errors";
import { identityOf, type TalosDocument } from "../document";
import { pathsMatching, plainText, valueAt } from "../plain-data";
import type { PlacedProblem } from "./conflicts";

type Ports = readonly [first: number, last: number];

/** The range that a port or a range of ports is; nothing when it is neither. */
export function portsOf(value: string | number): Ports | undefined {
  const [, first = "", last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(plainText(value)) ?? [];
  const range: Ports = [Number(first), Number(last)];
  return first === "" || range.some((port) => port > 65535) ? undefined : range;
}

/** The port by which a machine is configured and repaired. */
export const TALOS_API_PORT = 50000;

/** A firewall that blocks what no rule opens, and no rule for the Talos API: no change could ever correct it. */
export function firewallProblems(documents: readonly TalosDocument[]): readonly PlacedProblem[] {
  const action = documents.find(({ kind }) => kind === "NetworkDefaultActionConfig");
  if (action?.["ingress"] !== "block" || documents.some(opensTalosApi)) return [];
  const identity = identityOf(action);
  return [{ identity, path: ["ingress"], problem: talosApiBlocked(identity, TALOS_API_PORT) }];
}

function opensTalosApi(document: TalosDocument): boolean {
  if (document.kind !== "NetworkRuleConfig" || pathsMatching(document, ["ingress", "*"]).length === 0) return false;
  if (valueAt(document, ["portSelector", "protocol"]) !== "tcp") return false;
  return pathsMatching(document, ["portSelector", "ports", "*"]).some((path) => {
    const [first, last] = portsOf(plainText(valueAt(document, path))) ?? [];
    return first !== undefined && last !== undefined && first <= TALOS_API_PORT && TALOS_API_PORT <= last;
  });
}
