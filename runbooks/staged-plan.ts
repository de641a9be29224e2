import { type GateName, gates } from "../analysis/gates";
import { hoursOfTalos, outcomes, soakDays } from "../analysis/gates/decision";
import { prerequisites } from "../analysis/gates/stage-d";
import { isUbuntu, type SiteFacts } from "./facts";
import { boxes, bullets, commands, page, steps, table } from "./markdown";

/** The stages with what is done in each, what it takes, how it is undone, and the gate at its end (GATE-1, GATE-10 to GATE-18). */
export function stagedPlan(site: SiteFacts): string {
  const ubuntu = site.machines.filter(isUbuntu);
  const masked = ubuntu.filter(({ ssh }) => ssh === "mask").map(({ name }) => name);
  return page(
    `Staged plan of ${site.name}`,
    "The question is not how to move to Talos, but whether. Stages A and B are worth their time on any system, Stage C looks at what they showed, and Stage D may never come.",
    table(
      ["stage", "takes", "of the owner's time"],
      [
        ["preparation", "the week before", "6–8 h"],
        ["A: harden and watch", "one weekend", "9–12 h"],
        ["B: prove the backups", "the weekend after", "8–10 h"],
        [`C: watch for ${soakDays} days, then decide`, "six weeks", "6 h, and 1 h for the decision"],
        ["D: move to Talos, if so decided", "8–12 weeks", "75–106 h, with a cut-over of 12–18 h"],
      ],
    ),
    "Up to the decision: eight weeks, 30–37 hours. Boxes are ticked by a person; the last word is the gate's, which is judged by the evidence.",

    `## ${gates.start.title}`,
    gateOf("start"),

    `## Stage A: ${gates["stage-a"].title}`,
    steps(
      `See what memory is left on ${hostsOf(site)}: \`free -h\`, \`qm list\`. A VM that is stopped takes disk and no memory. Make room before the first drain.`,
      "Try the rescue boot on one machine: [break-glass](README.md).",
      masked.length === 0
        ? 'No machine has `sshPolicy: "mask"`. Say in the code whose SSH goes.'
        : `Take SSH away from ${masked.join(", ")}: [ssh-lockdown.md](ssh-lockdown.md).`,
      "Deploy file integrity. A person approves the baseline of every node, once SSH is locked.",
      "Deploy drift detection, daily, and see a first run that measured every stack.",
      "Keep these pages where the next one on duty finds them.",
    ),
    "Undo: unmask machine by machine, by the console, 30–60 minutes each. File integrity and drift detection change nothing and can be taken out.",
    gateOf("stage-a"),

    `## Stage B: ${gates["stage-b"].title}`,
    steps(
      "Deploy the S3 endpoint for backups, with TLS, a bucket, keys of its own, and monitoring. It stands on the same host as what it saves, so what it holds is copied to another place.",
      "Archive PostgreSQL's write-ahead log to it, and take a first base backup.",
      "Take a snapshot of Vault every day, verified, and copied to the other place.",
      "Bring the health check to no failure; name the warnings that stay, and why.",
      "Restore both, into machines of their own, until they work. Write down the minutes.",
    ),
    "Undo: take the archive out of the database's definition, and the endpoint down: 10–30 minutes each.",
    gateOf("stage-b"),

    `## Stage C: ${gates["stage-c"].title}`,
    steps(
      `Every week, half an hour: [weekly-review.md](weekly-review.md). The ${soakDays} days begin when both gates are passed and all nodes have a baseline.`,
      "If you want to know about Talos here, try it in a sandbox, without haste: the GPU, storage, network.",
      `After ${soakDays} days:\n\n${commands("npx cdktf-proxmox-talos gate decide evidence.json")}\n`,
      "Write it down: [decision-record.md](decision-record.md). The choice is the owner's.",
    ),
    bullets(...Object.values(outcomes).map(({ number, title, next }) => `**Outcome ${number}: ${title}.** ${next}`)),
    "Undo: nothing was changed.",
    gateOf("stage-c"),

    `## Stage D: ${gates["stage-d"].title}`,
    `Only after Outcome ${outcomes.talos.number}, and with ${hoursOfTalos} hours to spend. What it needs, and no stage before brings:`,
    boxes(...Object.entries(prerequisites).map(([id, text]) => `\`${id}\`: ${text}`)),
    steps(
      "Write the cluster as code beside the old one, with addresses, names and VM ids of its own: `parallelCluster` refuses what both would have.",
      "Synthesize, plan, and apply it. Bootstrap it.",
      "Give its kubeconfig to the stacks that run on it, and apply them.",
      "Run the health check on both.",
      "Announce the cut-over for a whole weekend. Move the data, then what points to it.",
      "Watch the new one for 14 days: 10–14 hours of work. The old one stays as it is.",
      "Take the old one down, and give its addresses and ids back.",
    ),
    "Undo, up to the last step: point everything back at the old cluster. Data that was written since then has to be moved back.",
    gateOf("stage-d"),

    "## What remains",
    bullets(
      "Stage A is enforced by policy and not by the system: somebody with enough rights can change a node, and is seen and not stopped.",
      "A change to a file is known after 25 hours at most: one for the alert, 24 for the daily check. Drift of a stack after 48: its alert waits a day.",
      "`/var` and much of `/etc` stay writable.",
      "PostgreSQL can be brought back to a moment as far back as its backups are kept, and no further.",
      "Backups and what they save are at one place, but for the copy that leaves it.",
    ),
    "Not part of this: clusters of two systems, several sites, another network plugin, an image factory of one's own.",
    "Look at the decision again before its time when many nodes are to be added, when something drifts and harms, when the cluster is built anew for another reason, or when a change by SSH and `sed` breaks.",
  );
}

function gateOf(name: GateName): string {
  return [
    `### Gate ${name}`,
    boxes(...gates[name].criteria.map(({ id, asks }) => `\`${id}\`: ${asks}`)),
    commands(`npx cdktf-proxmox-talos gate check ${name} evidence.json`),
  ].join("\n\n");
}

function hostsOf({ hosts }: SiteFacts): string {
  return hosts.join(", ");
}
