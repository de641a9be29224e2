/** Who refuses what. */
import type { Problem } from "../../errors";

/** `talos`: Talos' own validator refuses it. `node`: the machine does later, or ignores it. `advice`: the rest. */
export type Tier = "talos" | "node" | "advice";

export type Severity = "error" | "warning";

/** What Talos' validator lets pass. Everything else it refuses. */
const OTHERS: Readonly<Record<string, readonly [Tier, Severity]>> = {
  "kubelet-argument-denied": ["node", "error"],
  "parallel-pulls-serialized": ["node", "error"],
  "audit-rule-mixed": ["node", "error"],
  "audit-rules-missing": ["node", "error"],
  "label-not-allowed": ["node", "error"],
  "installer-of-other-talos": ["advice", "warning"],
};

/** The tier and severity of a problem. */
export function tierOf({ code }: Problem): { readonly tier: Tier; readonly severity: Severity } {
  const [tier, severity] = OTHERS[code] ?? ["talos", "error"];
  return { tier, severity };
}
