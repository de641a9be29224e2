/**
 * The figures that gates and the decision after Stage C ask for, by their place in the evidence, and where each one comes
 * from. The JSON Schema, the generated plan and the page about gates say it in these words.
 */
export const figures = {
  site: "Name of the site.",
  measuredAt: "When the figures were read; ages are counted to this moment.",

  "start.stagedPath": "The owner takes the staged path, and not a direct move to Talos.",
  "start.stageAOn": "The day that is set aside for Stage A.",
  "start.partMaySuffice":
    "The owner accepts that Stages A and B may be enough, and that Stage D is decided by evidence only.",
  "start.competingTasks": "What has to wait for Stages A and B, by name; [] if nothing does.",

  "health.failedBefore": "Checks of the health script that failed before Stage A, by name.",
  "health.failed": "Checks that fail now, by name. The script reaches the Proxmox host by SSH, and no node.",
  "health.warnings": "Checks that warn now, by name.",

  "stageA.sshMasked":
    "By machine that shall have no SSH: whether `systemctl is-enabled ssh.socket ssh.service` says masked twice there.",
  "stageA.rescueTestedOn": "Machines whose rescue boot from the console of Proxmox somebody has tried.",
  "stageA.hardenedTemplate": "Whether machines that are made anew come up hardened. Those of UbuntuVm do.",
  "stageA.passedOn": "The day on which `gate check stage-a` first passed.",
  "fileIntegrity.nodes": "Nodes that file integrity watches: DESIRED of its DaemonSet.",
  "fileIntegrity.running": "Nodes on which it runs: READY of its DaemonSet.",
  "fileIntegrity.baselines": "Nodes with a baseline that a person approved: series of aide_baseline_info.",
  "fileIntegrity.since": "The day since which all of them have one: the latest first aide_baseline_timestamp_seconds.",
  "drift.lastCompleteRun": "End of the last drift run that measured every stack, from its report.",
  "drift.stacks": "Stacks of the site, from the report of the last run.",
  "drift.measured": "Stacks that the last run measured: all but those with error and not measured.",

  "backups.policy":
    "What holds data and how it comes back: `data` of `backups/<site>/backups.json`, which synth writes where the app has a BackupPolicy.",
  "backups.s3Answers":
    "Whether the S3 endpoint for backups lists its bucket from within the cluster: object_store_probe_success is 1.",
  "backups.s3Monitored": "Whether Prometheus scrapes it and an alert tells when it is gone.",
  "backups.walSince":
    "Begin of the write-ahead log that is archived without a gap, from the database operator's status.",
  "backups.vaultSnapshot":
    "Time of the newest verified snapshot of Vault: backup_last_success_timestamp_seconds of its backup.",
  "backups.vaultOffsite":
    "Time of the newest snapshot at the other place, read there and not on the sender: backup_newest_timestamp_seconds of its destination.",
  "stageB.vaultDrillMinutes": "Minutes until a restored Vault worked, by the last drill.",
  "stageB.postgresDrillMinutes":
    "Minutes until a restored PostgreSQL worked, by the last drill: the sum of backup_restore_drill_duration_seconds of its steps restore and prove.",
  "stageB.passedOn": "The day on which `gate check stage-b` first passed.",

  "stageC.reviews": "One row for each weekly review.",
  "stageC.reviews.from": "First day that the review is about.",
  "stageC.reviews.until": "Last day that the review is about.",
  "stageC.reviews.unmeasuredDays":
    "Days without a complete check of all nodes by file integrity, or without a complete drift run.",
  "stageC.reviews.unmeasuredBecause":
    "Why such days are accepted; the soak takes so many more. It belongs into the decision record, too.",
  "stageC.reviews.caught":
    "Changes that nobody planned, found by file integrity, drift detection or an admission policy in audit mode.",
  "stageC.reviews.caughtIncidents": "Of these, those that caused or risked an incident all the same.",
  "stageC.reviews.uncaught": "Changes that nobody planned, found in another way: by an incident, or by chance.",
  "stageC.reviews.uncaughtIncidents": "Of these, those that caused or risked an incident.",
  "stageC.reviews.sshMissed": "Times that something needed the SSH which Stage A took away.",
  "stageC.sandbox": "What the Talos sandbox showed: not-explored, clean, or show-stopper.",
  "stageC.hoursForTalos": "Hours that the owner is ready to spend on a move to Talos.",
  "stageC.outcome": "What the owner has decided: stop, talos, defer or stay.",
  "stageC.outcomeBecause": "Why, where that is not what `gate decide` says.",
  "stageC.decisionRecord": "Where the decision record is.",

  "stageD.prerequisites": "By name: whether it is done.",
  "stageD.cutOverOn": "The day of the cut-over.",
  "stageD.soakIncidents": "Incidents of the new cluster since then that are still open.",
  "stageD.oldClusterGone": "Whether the old cluster is taken down, and its addresses are given back.",
} as const;

export type Figure = keyof typeof figures;
