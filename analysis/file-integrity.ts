/** What the watchers over files wrote to their logs, and what of it a person may approve. */
import * as z from "zod";
import { baselineNotOffered, nodeNotWatched, otherBaselineOffered, type Problem, shortFingerprint } from "../errors";

/** The last check of a node. */
export interface CheckedNode {
  readonly node: string;
  /** When the check began; `null` if there is none. */
  readonly check: string | null;
  /** State of the node, such as `drift`, or `not checked`. */
  readonly state: string;
  readonly reason?: string | undefined;
  /** Fingerprint of what may be approved; `null` if not all was read. */
  readonly candidate: string | null;
  /** Fingerprint of the baseline; `null` if there is none. */
  readonly baseline: string | null;
  readonly findings: readonly Finding[];
}

/** A path that differs from the baseline. */
export interface Finding {
  readonly kind: "added" | "removed" | "changed";
  readonly path: string;
  /** Names of what changed, such as `sha256`. */
  readonly attributes: readonly string[];
}

/** What a person approves: the beginning of a fingerprint, by node. */
export type Approvals = Readonly<Record<string, string>>;

/** Key of the ConfigMap with the baselines until when nothing is checked. No node has a name with `_` in it. */
export const holdOffKey = "hold_off_until";

/** For how many seconds a person may hold checks off; the watchers pass over what ends later. */
export const longestHoldOff = 12 * 3600;

/** The nodes of the logs by name, each with its last check. Lines that are no log of a watcher are passed over. */
export function readIntegrityLog(log: string): readonly CheckedNode[] {
  const nodes = new Map<string, CheckedNode>();
  const findings = new Map<string, Finding[]>();
  for (const line of log.split("\n")) {
    const parsed = logLine.safeParse(jsonOf(line));
    if (!parsed.success) continue;
    const { event, ...rest } = parsed.data;
    const key = JSON.stringify([rest.node, rest.check]);
    if (event === "finding") {
      const { kind, path, attributes } = parsed.data;
      findings.set(key, [...(findings.get(key) ?? []), { kind, path, attributes }]);
    } else if ((nodes.get(rest.node)?.check ?? "") <= rest.check) {
      const { node, check, state, reason, candidate, baseline } = parsed.data;
      nodes.set(node, { node, check, state, reason, candidate, baseline, findings: findings.get(key) ?? [] });
    }
  }
  return [...nodes.values()].sort((one, other) => one.node.localeCompare(other.node));
}

/** A node with a watcher whose log has no check: its state may be any. */
export function unchecked(node: string, reason: string): CheckedNode {
  return { node, check: null, state: "not checked", reason, candidate: null, baseline: null, findings: [] };
}

/** The fingerprints to write, by node, or why they are not written. What is approved has to be what was shown. */
export function approve(
  nodes: readonly CheckedNode[],
  approvals: Approvals,
): { readonly fingerprints: Readonly<Record<string, string>>; readonly problems: readonly Problem[] } {
  const fingerprints: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const [name, beginning] of Object.entries(approvals)) {
    const node = nodes.find((one) => one.node === name);
    if (node === undefined) {
      problems.push(
        nodeNotWatched(
          name,
          nodes.map((one) => one.node),
        ),
      );
    } else if (node.candidate === null) {
      problems.push(baselineNotOffered(name, node.reason ?? node.state));
    } else if (!/^[0-9a-f]{12,64}$/.test(beginning)) {
      problems.push(shortFingerprint(name, beginning));
    } else if (!node.candidate.startsWith(beginning)) {
      problems.push(otherBaselineOffered(name, beginning, node.candidate));
    } else {
      fingerprints[name] = node.candidate;
    }
  }
  return { fingerprints, problems };
}

const fingerprint = z.string().regex(/^[0-9a-f]{64}$/);
const logLine = z.discriminatedUnion("event", [
  z.object({
    event: z.literal("finding"),
    node: z.string(),
    check: z.string(),
    kind: z.enum(["added", "removed", "changed"]),
    path: z.string(),
    attributes: z.array(z.string()),
  }),
  z.object({
    event: z.literal("check"),
    node: z.string(),
    check: z.string(),
    state: z.string(),
    reason: z.string().optional(),
    candidate: fingerprint.nullable(),
    baseline: fingerprint.nullable(),
  }),
]);

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
