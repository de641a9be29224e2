/** Who refuses what. */
import type { Problem } from "../../errors";

/** `talos`: Talos' own validator refuses it. `node`: the machine does later, or ignores it. `advice`: the rest. */
export type Tier = "talos" | "node" | "advice";

export type Severity = "error" | "warning";

/** What Talos' validator lets pass. Everything else it refuses. */
const OTHERS: Readonly<Record<string, readonly [Tier, Severity]>> = {
  "kubelet-argument-denied": ["node", "error"],
  "parallel-pulls-serialized": ["node", "error"],
  "audit-policy-wrong": ["node", "error"],
  "audit-rule-mixed": ["node", "error"],
  "audit-rules-missing": ["node", "error"],
  "label-not-allowed": ["node", "error"],
  "file-outside-var": ["node", "error"],
  "file-never-read": ["node", "error"],
  "file-must-exist": ["node", "warning"],
  "containerd-plugin-obsolete": ["node", "error"],
  "file-operation-unknown": ["node", "error"],
  "argument-denied": ["node", "error"],
  "volume-without-room": ["node", "error"],
  "default-route-twice": ["node", "error"],
  "link-aliased-twice": ["node", "error"],
  "member-twice": ["node", "error"],
  "member-with-address": ["node", "warning"],
  "parent-down": ["node", "warning"],
  "part-needed": ["node", "warning"],
  "image-outside-window": ["node", "warning"],
  "talos-api-blocked": ["node", "warning"],
  "address-twice": ["advice", "warning"],
  "argument-added": ["advice", "warning"],
  "argument-with-dashes": ["advice", "warning"],
  "change-without-effect": ["advice", "warning"],
  "installer-of-other-talos": ["advice", "warning"],
  "lost-in-merge": ["advice", "warning"],
  "passphrase-in-clear": ["advice", "warning"],
  "permissions-decimal": ["advice", "warning"],
  "role-differs": ["advice", "warning"],
  "url-merged-by-parts": ["advice", "warning"],
  "useless-value": ["advice", "warning"],
  "useless-without": ["advice", "warning"],
};

/** What may well be meant, which neither the document nor the release tells. */
const PERHAPS_MEANT: readonly string[] = ["argument-added", "file-must-exist", "image-outside-window", "part-needed"];

/** Whether a problem is only a hint. */
export function isPerhapsMeant({ code }: Problem): boolean {
  return PERHAPS_MEANT.includes(code);
}

/** The tier and severity of a problem. */
export function tierOf({ code }: Problem): { readonly tier: Tier; readonly severity: Severity } {
  const [tier, severity] = OTHERS[code] ?? ["talos", "error"];
  return { tier, severity };
}
