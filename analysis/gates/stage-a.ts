import { allDone, dailyHours, found, type Gate, isKnown, listed, notKnown, rounded, yes } from "./criterion";
import { hoursBetween } from "./days";

/** Machines that are hardened and watched (GATE-10). */
export const stageA: Gate = {
  title: "Hardened and watched machines",
  criteria: [
    {
      id: "ssh-masked",
      asks: "SSH is masked on every machine that shall have none.",
      figures: ["stageA.sshMasked"],
      judge: ({ stageA }) => allDone(stageA?.sshMasked),
    },
    {
      id: "rescue-tested",
      asks: "The rescue boot was tried on at least one of them.",
      figures: ["stageA.rescueTestedOn"],
      judge: ({ stageA }) => {
        const { rescueTestedOn: tested, sshMasked } = stageA ?? {};
        if (!isKnown(tested)) return notKnown;
        return found(
          tested.some((machine) => Object.hasOwn(sshMasked ?? {}, machine)),
          listed(tested),
        );
      },
    },
    {
      id: "file-integrity",
      asks: "File integrity runs on every node that it watches, each with an approved baseline.",
      figures: ["fileIntegrity.nodes", "fileIntegrity.running", "fileIntegrity.baselines"],
      judge: ({ fileIntegrity }) => {
        const { nodes, running, baselines } = fileIntegrity ?? {};
        if (!isKnown(nodes) || !isKnown(running) || !isKnown(baselines)) return notKnown;
        const isWhole = nodes > 0 && running === nodes && baselines === nodes;
        return found(isWhole, `${nodes} nodes, ${running} running, ${baselines} with a baseline`);
      },
    },
    {
      id: "drift-detection",
      asks: `A drift run that measured every stack ended at most ${dailyHours} hours ago.`,
      figures: ["drift.lastCompleteRun", "drift.stacks", "drift.measured"],
      judge: ({ drift, measuredAt }) => {
        const { lastCompleteRun, stacks, measured } = drift ?? {};
        if (!isKnown(lastCompleteRun) || !isKnown(stacks) || !isKnown(measured)) return notKnown;
        const hours = hoursBetween(lastCompleteRun, measuredAt);
        const isWhole = stacks > 0 && measured === stacks;
        return found(
          hours <= dailyHours && isWhole,
          `${rounded(hours)} hours ago; the last run measured ${measured} of ${stacks} stacks`,
        );
      },
    },
    {
      id: "no-new-failure",
      asks: "No check of the health script fails that did not fail before.",
      figures: ["health.failedBefore", "health.failed"],
      judge: ({ health }) => {
        const { failedBefore, failed } = health ?? {};
        if (!isKnown(failedBefore) || !isKnown(failed)) return notKnown;
        const fresh = failed.filter((check) => !failedBefore.includes(check));
        return found(fresh.length === 0, `new: ${listed(fresh)}`);
      },
    },
    yes(
      "hardened-template",
      "Machines that are made anew come up hardened.",
      "stageA.hardenedTemplate",
      ({ stageA }) => stageA?.hardenedTemplate,
    ),
  ],
};
