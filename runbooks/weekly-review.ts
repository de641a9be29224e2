import { isUbuntu, type SiteFacts } from "./facts";
import { boxes, page, table } from "./markdown";

/** The sheet of one week: what is looked at, and the row of the evidence that comes of it (GATE-8, DRF-8, AIDE-14). */
export function weeklyReview(site: SiteFacts): string {
  const masked = site.machines.filter(isUbuntu).filter(({ ssh }) => ssh === "mask");
  return page(
    `Weekly review of ${site.name}`,
    "From ____-__-__ until ____-__-__, both included. By ________. Half an hour.",
    "## Was everything measured?",
    boxes(
      "File integrity has checked every node on every day. It is neither stale nor on hold longer than it was meant to be.",
      "Drift detection has measured every stack on every day: no stack with an error, none not measured.",
      "Nobody has silenced an alert of the two without a reason and an end.",
    ),
    "Days that were not measured: ____. Why that is accepted: ________",
    "## What changed that nobody planned?",
    "Count changes and not lines: one upgrade that touches a hundred files is one change. What was planned, and only forgotten in a baseline or not applied yet, is none.",
    table(
      ["found by", "changes", "caused or risked an incident", "what"],
      [
        ["file integrity", "", "", ""],
        ["drift detection", "", "", ""],
        ["admission policies in audit mode", "", "", ""],
        ["**caught**, all three", "", "", ""],
        ["an incident, or chance: **not caught**", "", "", ""],
      ],
    ),
    "## Was SSH missed?",
    masked.length === 0
      ? "It was taken away from no machine."
      : `On ${masked.map(({ name }) => name).join(", ")}. Times that something needed it, break-glass among them: ____`,
    "## What of it is done?",
    boxes(
      "Every change is undone, put into the code, or approved with a new baseline.",
      "What was not caught: could file integrity watch it?",
      "The row is in the evidence.",
    ),
    [
      "```json",
      JSON.stringify(
        {
          from: "____-__-__",
          until: "____-__-__",
          unmeasuredDays: null,
          caught: null,
          caughtIncidents: null,
          uncaught: null,
          uncaughtIncidents: null,
          sshMissed: null,
        },
        null,
        2,
      ),
      "```",
    ].join("\n"),
  );
}
