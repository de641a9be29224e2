/**
 * Runbooks as pure functions: facts about a site in, Markdown out. They say what only a person does, with the names,
 * addresses and ids that the code has.
 */
import { breakGlass } from "./break-glass";
import { decisionRecord } from "./decision-record";
import { evidenceToBeginWith } from "./evidence";
import { isUbuntu, type SiteFacts } from "./facts";
import { overview } from "./overview";
import { sshLockdown } from "./ssh-lockdown";
import { stagedPlan } from "./staged-plan";
import { weeklyReview } from "./weekly-review";

export { type BackupFacts, backupPages, backupTable } from "./backups";
export { type EtcdRestoreFacts, etcdRestore } from "./etcd-restore";
export type { MachineFacts, OtherFacts, SiteFacts, TalosClusterFacts, TalosFacts, UbuntuFacts } from "./facts";

/** The files of a site by their path. What is about Ubuntu is left out where no machine runs it (T-35). */
export function runbooks(site: SiteFacts): Readonly<Record<string, string>> {
  const ubuntu = site.machines.filter(isUbuntu);
  const masked = ubuntu.filter(({ ssh }) => ssh === "mask");
  return {
    "README.md": overview(site),
    ...Object.fromEntries(
      site.machines.map((machine) => [`break-glass/${machine.name}.md`, breakGlass(site, machine)]),
    ),
    ...(masked.length === 0 ? {} : { "ssh-lockdown.md": sshLockdown(site, masked) }),
    ...(ubuntu.length === 0
      ? {}
      : {
          "staged-plan.md": stagedPlan(site),
          "weekly-review.md": weeklyReview(site),
          "decision-record.md": decisionRecord(site),
          "evidence.json": `${JSON.stringify(evidenceToBeginWith(site), null, 2)}\n`,
        }),
  };
}
