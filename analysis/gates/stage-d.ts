import { allDone, found, type Gate, isKnown, listed, notKnown, yes } from "./criterion";
import { dayOf, daysBetween } from "./days";

const soakDays = 14;

/** What a move to Talos needs that no stage before it brings (GATE-13). */
export const prerequisites: Readonly<Record<string, string>> = {
  "volumes-movable": "A tested program moves the data of volumes to the new cluster (8–12 h).",
  "secrets-seeded": "The secrets that the new cluster boots with are in place, encrypted (1 h).",
  "health-check-knows-talos": "The health script asks the Talos API where it asked Ubuntu (6–10 h).",
  "runbooks-rewritten": "Every runbook is rewritten for machines without a shell (about 15 h for 30 of them).",
  "kubernetes-apis-current": "Nothing uses an API that the new Kubernetes does not serve any more (4–8 h).",
  "external-secrets-v1": "External Secrets are at v1, and none at v1beta1 (4–8 h).",
  "competing-tasks-placed": "What competes for the time has a slot of its own, and its owner has agreed (4–8 h).",
};

/** Talos has taken Ubuntu's place. */
export const stageD: Gate = {
  title: "Talos in Ubuntu's place",
  criteria: [
    {
      id: "decided",
      asks: "Stage C has ended in a move to Talos.",
      figures: ["stageC.outcome"],
      judge: ({ stageC }) => (isKnown(stageC?.outcome) ? found(stageC.outcome === "talos", stageC.outcome) : notKnown),
    },
    {
      id: "prerequisites",
      asks: "What the move needs is done.",
      figures: ["stageD.prerequisites"],
      judge: ({ stageD }) => {
        const named = stageD?.prerequisites ?? {};
        const missing = Object.keys(prerequisites).filter((id) => !Object.hasOwn(named, id));
        return missing.length > 0 ? { state: "not known", found: `not named: ${listed(missing)}` } : allDone(named);
      },
    },
    {
      id: "soak",
      asks: `The new cluster has run for ${soakDays} days, and no incident of it is open.`,
      figures: ["stageD.cutOverOn", "stageD.soakIncidents"],
      judge: ({ stageD, measuredAt }) => {
        const { cutOverOn, soakIncidents } = stageD ?? {};
        if (!isKnown(cutOverOn) || !isKnown(soakIncidents)) return notKnown;
        const days = daysBetween(cutOverOn, dayOf(measuredAt));
        return found(days >= soakDays && soakIncidents === 0, `${days} days, open incidents: ${soakIncidents}`);
      },
    },
    yes(
      "old-cluster-gone",
      "The old cluster is taken down.",
      "stageD.oldClusterGone",
      ({ stageD }) => stageD?.oldClusterGone,
    ),
  ],
};
