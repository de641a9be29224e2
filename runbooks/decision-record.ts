import { hoursOfTalos, outcomes, rules, soakDays } from "../analysis/gates/decision";
import type { SiteFacts } from "./facts";
import { boxes, page, table } from "./markdown";

/** What the decision after Stage C is written into (GATE-9). */
export function decisionRecord(site: SiteFacts): string {
  return page(
    `____-__-__: How ${site.name} keeps from drifting`,
    "Status: proposed. Decided by ________.",
    "## Context",
    `Stages A and B of the [staged plan](staged-plan.md) are done, since ____-__-__ and ____-__-__. For at least ${soakDays} days the machines were watched, and every week was reviewed.`,
    "## Telemetry",
    table(
      ["", "in all", "caused or risked an incident"],
      [
        ["changes that were caught", "", ""],
        ["changes that were not caught", "", ""],
        ["times that SSH was missed", "", "–"],
        ["days that were not measured", "", "–"],
      ],
    ),
    "What they were: ________",
    "## Sandbox",
    "Not explored, clean, or a show-stopper: ________",
    table(
      ["tried", "found"],
      [
        ["GPU", ""],
        ["storage", ""],
        ["network", ""],
        ["images and the factory that makes them", ""],
      ],
    ),
    `Hours that the owner has for a move: ____ (it takes ${hoursOfTalos} or more)`,
    "## What the evidence says",
    "What `npx cdktf-proxmox-talos gate decide evidence.json` printed:",
    "```text\n\n```",
    "The first rule that applies decides:",
    table(
      ["rule", "applies when", "outcome"],
      rules.map(({ rule, when, outcome }) => [rule, when, String(outcomes[outcome].number)]),
    ),
    "## Decision",
    boxes(...Object.values(outcomes).map(({ number, title }) => `Outcome ${number}: ${title}`)),
    "## Why",
    "________ (if it is not what the evidence says: what else counted)",
    "## What follows",
    Object.values(outcomes)
      .map(({ number, next }) => `${number}: ${next}`)
      .join("\n\n"),
    "## What would change it",
    "________",
  );
}
