import type { Finding, Gate } from "./gates/criterion";
import type { Evidence } from "./gates/evidence";
import type { Figure } from "./gates/figures";
import { stageA } from "./gates/stage-a";
import { stageB } from "./gates/stage-b";
import { stageC } from "./gates/stage-c";
import { stageD } from "./gates/stage-d";
import { start } from "./gates/start";

/** The gates of the staged plan, in their order. */
export const gates = {
  start,
  "stage-a": stageA,
  "stage-b": stageB,
  "stage-c": stageC,
  "stage-d": stageD,
} as const satisfies Readonly<Record<string, Gate>>;

export type GateName = keyof typeof gates;

/** What the evidence says about a gate. */
export interface GateVerdict {
  readonly gate: GateName;
  readonly site: string;
  readonly measuredAt: string;
  /** Whether every criterion is met. What is not known is not met. */
  readonly passed: boolean;
  readonly criteria: readonly JudgedCriterion[];
}

export interface JudgedCriterion extends Finding {
  readonly id: string;
  readonly asks: string;
  readonly figures: readonly Figure[];
}

/** Judges a gate. */
export function checkGate(gate: GateName, evidence: Evidence): GateVerdict {
  const { site, measuredAt } = evidence;
  const criteria = gates[gate].criteria.map(({ judge, ...criterion }) => ({ ...criterion, ...judge(evidence) }));
  return { gate, site, measuredAt, passed: criteria.every(({ state }) => state === "met"), criteria };
}
