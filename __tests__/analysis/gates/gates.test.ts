/** What each gate asks for. */
import { checkGate, type GateName, gates } from "../../../analysis/gates";
import type { Finding } from "../../../analysis/gates/criterion";
import { prerequisites } from "../../../analysis/gates/stage-d";
import { evidenceWith } from "./support";

type Changes = Parameters<typeof evidenceWith>[0];

function judged(gate: GateName, id: string, changes: Changes = {}): Finding | undefined {
  const criterion = checkGate(gate, evidenceWith(changes)).criteria.find((one) => one.id === id);
  return criterion && { state: criterion.state, found: criterion.found };
}

const done = Object.fromEntries(Object.keys(prerequisites).map((id) => [id, true]));
const moved = { cutOverOn: "2026-07-11", soakIncidents: 0, oldClusterGone: true, prerequisites: done };

test.each([
  ["GATE-1", "start", {}],
  ["GATE-10, HRD-3, BG-4, AIDE-16, DRF-9, HRD-8, HRD-5", "stage-a", {}],
  ["GATE-11", "stage-b", {}],
  ["GATE-12", "stage-c", {}],
  ["GATE-13, GATE-14", "stage-d", { stageC: { outcome: "talos" }, stageD: moved }],
] satisfies [string, GateName, Changes][])("%s: the gate %s is passed when all of it is met", (_, gate, changes) => {
  const verdict = checkGate(gate, evidenceWith(changes));
  expect(verdict.criteria.filter(({ state }) => state !== "met")).toEqual([]);
  expect(verdict).toMatchObject({ gate, site: "staged-ubuntu", passed: true });
});

test.each(Object.keys(gates).map((gate) => [gate as GateName]))("nothing of the gate %s is met by nothing", (gate) => {
  const { measuredAt, site } = evidenceWith();
  const { passed, criteria } = checkGate(gate, { site, measuredAt });
  expect(passed).toBe(false);
  expect(criteria.filter(({ state }) => state === "met")).toEqual([]);
  expect(new Set(criteria.map(({ id }) => id)).size).toBe(criteria.length);
});

describe("a criterion of", () => {
  test.each<[string, string, Changes, Finding["state"], string]>([
    ["GATE-10, HRD-3", "ssh-masked", { stageA: { sshMasked: { a: true, b: false } } }, "not met", "1 of 2; not b"],
    ["GATE-10, HRD-3", "ssh-masked", { stageA: { sshMasked: { a: true, b: null } } }, "not known", "1 of 2; not b"],
    ["GATE-10, HRD-3", "ssh-masked", { stageA: { sshMasked: {} } }, "not known", "nothing"],
    ["BG-4", "rescue-tested", { stageA: { rescueTestedOn: [] } }, "not met", "none"],
    ["BG-4", "rescue-tested", { stageA: { rescueTestedOn: ["docker-registry"] } }, "not met", "docker-registry"],
    [
      "AIDE-16",
      "file-integrity",
      { fileIntegrity: { baselines: 5 } },
      "not met",
      "6 nodes, 6 running, 5 with a baseline",
    ],
    [
      "AIDE-16",
      "file-integrity",
      { fileIntegrity: { running: 5 } },
      "not met",
      "6 nodes, 5 running, 6 with a baseline",
    ],
    [
      "AIDE-16",
      "file-integrity",
      { fileIntegrity: { nodes: 0, running: 0, baselines: 0 } },
      "not met",
      "0 nodes, 0 running, 0 with a baseline",
    ],
    [
      "DRF-9",
      "drift-detection",
      { drift: { lastCompleteRun: "2026-07-24T06:00:00Z" } },
      "met",
      "26 hours ago; the last run measured 126 of 126 stacks",
    ],
    [
      "DRF-9",
      "drift-detection",
      { drift: { lastCompleteRun: "2026-07-24T05:59:59Z" } },
      "not met",
      "26.1 hours ago; the last run measured 126 of 126 stacks",
    ],
    [
      "DRF-9, T-27",
      "drift-detection",
      { drift: { measured: 125 } },
      "not met",
      "1.3 hours ago; the last run measured 125 of 126 stacks",
    ],
    ["HRD-8", "no-new-failure", { health: { failed: ["postgresql-backup"] } }, "met", "new: none"],
    ["HRD-8", "no-new-failure", { health: { failed: ["dns"] } }, "not met", "new: dns"],
    ["HRD-5", "hardened-template", { stageA: { hardenedTemplate: false } }, "not met", "no"],
  ])("%s: %s of %j is %s", (_, id, changes, state, found) => {
    expect(judged("stage-a", id, changes)).toEqual({ state, found });
  });

  test.each<[string, Changes, Finding["state"], string]>([
    ["backups-declared", { backups: { policy: null } }, "not known", "nothing"],
    ["backups-declared", {}, "met", "2 things, of them without a backup: scsi1 of build-1"],
    ["s3-answers", { backups: { s3Answers: false } }, "not met", "no"],
    ["s3-monitored", { backups: { s3Monitored: null } }, "not known", "nothing"],
    ["wal-archived", { backups: { walSince: "2026-07-18T08:00:00Z" } }, "not met", "7 days"],
    ["wal-archived", { backups: { walSince: "2026-07-18T07:59:00Z" } }, "met", "7.1 days"],
    ["vault-snapshot", { backups: { vaultSnapshot: "2026-07-24T05:00:00Z" } }, "not met", "27 hours old"],
    ["vault-offsite", { backups: { vaultOffsite: "2026-07-24T02:00:00Z" } }, "met", "30 hours old"],
    ["vault-offsite", { backups: { vaultOffsite: "2026-07-24T04:00:00+04:00" } }, "not met", "32 hours old"],
    ["restore-drill", { stageB: { postgresDrillMinutes: null } }, "not known", "nothing"],
    ["healthy", { health: { failed: ["dns"] } }, "not met", "failures: dns; warnings: certificate-soon"],
    ["healthy", { health: { warnings: ["a", "b"] } }, "met", "failures: none; warnings: a, b"],
    ["healthy", { health: { warnings: ["a", "b", "c"] } }, "not met", "failures: none; warnings: a, b, c"],
  ])("GATE-11, DR-2: %s of %j is %s", (id, changes, state, found) => {
    expect(judged("stage-b", id, changes)).toEqual({ state, found });
  });

  test.each<[string, Changes, Finding["state"], string]>([
    ["evidence-complete", { stageC: { sandbox: null } }, "not met", "figure-not-known"],
    ["decision-record", { stageC: { decisionRecord: null } }, "not known", "nothing"],
    ["outcome-chosen", { stageC: { outcome: null } }, "not known", "nothing"],
    ["outcome-chosen", { stageC: { outcome: "talos" } }, "not met", "talos"],
    ["outcome-chosen", { stageC: { outcome: "talos", outcomeBecause: "we want it" } }, "met", "talos: we want it"],
  ])("GATE-12: %s of %j is %s", (id, changes, state, found) => {
    expect(judged("stage-c", id, changes)).toEqual({ state, found });
  });

  test.each<[string, Changes, Finding["state"], string]>([
    ["decided", {}, "not met", "stay"],
    [
      "prerequisites",
      { stageD: { prerequisites: { "volumes-movable": true } } },
      "not known",
      `not named: ${Object.keys(prerequisites).slice(1).join(", ")}`,
    ],
    ["prerequisites", { stageD: { prerequisites: { ...done, more: false } } }, "not met", "7 of 8; not more"],
    ["soak", { stageD: { ...moved, cutOverOn: "2026-07-12" } }, "not met", "13 days, open incidents: 0"],
    ["soak", { stageD: { ...moved, soakIncidents: 1 } }, "not met", "14 days, open incidents: 1"],
  ])("GATE-13, GATE-14: %s of %j is %s", (id, changes, state, found) => {
    expect(judged("stage-d", id, changes)).toEqual({ state, found });
  });
});
