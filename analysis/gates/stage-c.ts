import { found, type Gate, isKnown, notKnown } from "./criterion";
import { decideStageC } from "./decision";

/** A decision that evidence made (GATE-12). */
export const stageC: Gate = {
  title: "A decision by evidence",
  criteria: [
    {
      id: "evidence-complete",
      asks: "The evidence is complete: it decides.",
      figures: ["stageC.reviews", "stageC.sandbox", "stageC.hoursForTalos"],
      judge: (evidence) => {
        const decision = decideStageC(evidence);
        return decision.decided
          ? found(true, `${decision.outcome}, by the rule ${decision.rule}`)
          : found(false, [...new Set(decision.refusals.map(({ code }) => code))].join(", "));
      },
    },
    {
      id: "decision-record",
      asks: "The decision record is written.",
      figures: ["stageC.decisionRecord"],
      judge: ({ stageC }) => (isKnown(stageC?.decisionRecord) ? found(true, stageC.decisionRecord) : notKnown),
    },
    {
      id: "outcome-chosen",
      asks: "The owner has chosen an outcome: the one that the evidence gives, or another one with a reason.",
      figures: ["stageC.outcome", "stageC.outcomeBecause"],
      judge: (evidence) => {
        const { outcome, outcomeBecause: reason } = evidence.stageC ?? {};
        if (!isKnown(outcome)) return notKnown;
        const decision = decideStageC(evidence);
        const isGiven = decision.decided && decision.outcome === outcome;
        return found(isGiven || isKnown(reason), isKnown(reason) ? `${outcome}: ${reason}` : outcome);
      },
    },
  ],
};
