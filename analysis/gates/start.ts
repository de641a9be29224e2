import { found, type Gate, isKnown, listed, notKnown, yes } from "./criterion";

/** What the owner says before anything is prepared (GATE-1). */
export const start: Gate = {
  title: "Before anything is prepared",
  criteria: [
    yes("staged-path", "The owner takes the staged path.", "start.stagedPath", ({ start }) => start?.stagedPath),
    {
      id: "stage-a-day",
      asks: "A day for Stage A is set.",
      figures: ["start.stageAOn"],
      judge: ({ start }) => (isKnown(start?.stageAOn) ? found(true, start.stageAOn) : notKnown),
    },
    yes(
      "part-may-suffice",
      "The owner accepts that Stages A and B may be enough.",
      "start.partMaySuffice",
      ({ start }) => start?.partMaySuffice,
    ),
    {
      id: "competing-tasks",
      asks: "What has to wait for Stages A and B is named.",
      figures: ["start.competingTasks"],
      judge: ({ start }) => (isKnown(start?.competingTasks) ? found(true, listed(start.competingTasks)) : notKnown),
    },
  ],
};
