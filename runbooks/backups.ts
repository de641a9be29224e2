import { page, table } from "./markdown";

/** One thing of a site that holds data, and how it comes back. Either it is protected, or there is a reason why not. */
export type BackupFacts = ProtectedFacts | UnprotectedFacts;

interface ProtectedFacts {
  /** What holds the data. */
  readonly data: string;
  /** What makes the backups. */
  readonly backup: string;
  /** Where a copy is that outlives the place. */
  readonly offsite: string;
  /** What restores it for practice. */
  readonly drill: string;
}

interface UnprotectedFacts {
  readonly data: string;
  /** Why it has no backup. */
  readonly reason: string;
}

/** What of a site is backed up, and what is not (GATE-11). */
export function backupTable(facts: readonly BackupFacts[]): string {
  return table(
    ["data", "backup", "offsite copy", "drill"],
    facts.map((one) =>
      "reason" in one
        ? [one.data, `none: ${one.reason}`, "none", "none"]
        : [one.data, one.backup, one.offsite, one.drill],
    ),
  );
}

/** The files about the backups of a site by their path. */
export function backupPages(site: string, facts: readonly BackupFacts[]): Readonly<Record<string, string>> {
  return {
    "backups.md": page(`Backups of ${site}`, backupTable(facts)),
    "backups.json": `${JSON.stringify({ site, data: facts }, null, 2)}\n`,
  };
}
