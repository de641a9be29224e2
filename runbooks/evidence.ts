import type { Evidence } from "../analysis/gates/evidence";
import { prerequisites } from "../analysis/gates/stage-d";
import { isUbuntu, type SiteFacts } from "./facts";

/** Evidence in which nothing is known but what the code says. */
export function evidenceToBeginWith(site: SiteFacts): Evidence {
  const masked = site.machines.filter(isUbuntu).filter(({ ssh }) => ssh === "mask");
  return {
    site: site.name,
    measuredAt: "2000-01-01T00:00:00Z",
    start: { stagedPath: null, stageAOn: null, partMaySuffice: null, competingTasks: null },
    health: { failedBefore: null, failed: null, warnings: null },
    fileIntegrity: { nodes: null, running: null, baselines: null, since: null },
    drift: { lastCompleteRun: null, stacks: null, measured: null },
    backups: {
      policy: null,
      s3Answers: null,
      s3Monitored: null,
      walSince: null,
      vaultSnapshot: null,
      vaultOffsite: null,
    },
    stageA: {
      sshMasked: Object.fromEntries(masked.map(({ name }) => [name, null])),
      rescueTestedOn: [],
      hardenedTemplate: true,
      passedOn: null,
    },
    stageB: { vaultDrillMinutes: null, postgresDrillMinutes: null, passedOn: null },
    stageC: {
      reviews: [],
      sandbox: null,
      hoursForTalos: null,
      outcome: null,
      outcomeBecause: null,
      decisionRecord: null,
    },
    stageD: {
      prerequisites: Object.fromEntries(Object.keys(prerequisites).map((id) => [id, null])),
      cutOverOn: null,
      soakIncidents: null,
      oldClusterGone: null,
    },
  };
}
