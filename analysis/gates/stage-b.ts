import { dailyHours, found, type Gate, isKnown, listed, notKnown, recent, rounded, yes } from "./criterion";
import { hoursBetween } from "./days";

const offsiteHours = 30;
const walDays = 7;
const warningsAccepted = 2;

/** Backups that are proven, and a cluster without failures (GATE-11). */
export const stageB: Gate = {
  title: "Proven backups",
  criteria: [
    {
      id: "backups-declared",
      asks: "Everything that holds data has a backup, a copy elsewhere and a drill, or a reason for none.",
      figures: ["backups.policy"],
      judge: ({ backups }) => {
        if (!isKnown(backups?.policy)) return notKnown;
        const without = backups.policy.filter((one) => "reason" in one).map(({ data }) => data);
        return found(true, `${backups.policy.length} things, of them without a backup: ${listed(without)}`);
      },
    },
    yes("s3-answers", "The S3 endpoint for backups answers.", "backups.s3Answers", ({ backups }) => backups?.s3Answers),
    yes("s3-monitored", "The S3 endpoint is monitored.", "backups.s3Monitored", ({ backups }) => backups?.s3Monitored),
    {
      id: "wal-archived",
      asks: `PostgreSQL's write-ahead log is archived without a gap for more than ${walDays} days.`,
      figures: ["backups.walSince"],
      judge: ({ backups, measuredAt }) => {
        if (!isKnown(backups?.walSince)) return notKnown;
        const days = hoursBetween(backups.walSince, measuredAt) / 24;
        return found(days > walDays, `${rounded(days)} days`);
      },
    },
    recent(
      "vault-snapshot",
      "The newest snapshot of Vault",
      dailyHours,
      "backups.vaultSnapshot",
      ({ backups }) => backups?.vaultSnapshot,
    ),
    recent(
      "vault-offsite",
      "The newest snapshot of Vault at the other place",
      offsiteHours,
      "backups.vaultOffsite",
      ({ backups }) => backups?.vaultOffsite,
    ),
    {
      id: "restore-drill",
      asks: "Vault and PostgreSQL were restored until they worked, and the minutes are written down.",
      figures: ["stageB.vaultDrillMinutes", "stageB.postgresDrillMinutes"],
      judge: ({ stageB }) => {
        const { vaultDrillMinutes: vault, postgresDrillMinutes: postgres } = stageB ?? {};
        if (!isKnown(vault) || !isKnown(postgres)) return notKnown;
        return found(true, `Vault ${vault} minutes, PostgreSQL ${postgres} minutes`);
      },
    },
    {
      id: "healthy",
      asks: `The health script has no failure and at most ${warningsAccepted} warnings.`,
      figures: ["health.failed", "health.warnings"],
      judge: ({ health }) => {
        const { failed, warnings } = health ?? {};
        if (!isKnown(failed) || !isKnown(warnings)) return notKnown;
        return found(
          failed.length === 0 && warnings.length <= warningsAccepted,
          `failures: ${listed(failed)}; warnings: ${listed(warnings)}`,
        );
      },
    },
  ],
};
