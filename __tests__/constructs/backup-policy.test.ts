/** What of a site is backed up, and what is refused while nobody says so (GATE-11). */
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import type { App } from "cdktf";
import { BackupJob, BackupPolicy, KeptDisk } from "../../index";
import { addCluster } from "../helpers/clusters";
import { addSnapshots } from "../helpers/snapshots";
import { inFolder, newApp, refusals } from "../helpers/synth";
import { addVm } from "../helpers/vms";

function written(build: (app: App) => void): Readonly<Record<string, string>> {
  return inFolder((outdir) => {
    const app = newApp(outdir);
    build(app);
    app.synth();
    const folder = path.join(outdir, "backups/test");
    return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name), "utf8")]));
  });
}

test("the table says for each thing that holds data what brings it back, or why nothing has to", () => {
  const files = written((app) => {
    const { site, stack, cluster } = addCluster(app, {
      site: { datastores: { local: { content: ["import"] }, "local-lvm": {}, pbs: { content: ["backup"] } } },
      workers: { "w-1": { dataDisks: { scsi1: { datastore: "local-lvm", sizeGiB: 10 } } } },
    });
    const disk = new KeptDisk(stack, "db-data", { site, host: "pve1", datastore: "local-lvm", sizeGiB: 20 });
    const job = new BackupJob(stack, "nightly", { site, datastore: "pbs", schedule: "02:00", all: true });
    const policy = new BackupPolicy(app, { site });
    policy.protect([disk, "Vault"], {
      backup: job,
      offsite: "the NAS in the other building",
      drill: "by hand, in May",
    });
    policy.protect(cluster, { backup: "talosctl etcd snapshot, daily", offsite: "a bucket elsewhere", drill: job });
    policy.leaveOut(
      cluster.workers.map(({ vm }) => vm),
      "replicas of what other workers have",
    );
  });
  expect(files["backups.md"]).toBe(`# Backups of test

| data | backup | offsite copy | drill |
| --- | --- | --- | --- |
| the disk db-data | test-cluster/nightly | the NAS in the other building | by hand, in May |
| Vault | test-cluster/nightly | the NAS in the other building | by hand, in May |
| etcd of lab | talosctl etcd snapshot, daily | a bucket elsewhere | test-cluster/nightly |
| scsi1 of w-1 | none: replicas of what other workers have | none | none |
`);
  const table = JSON.parse(files["backups.json"] ?? "");
  expect(table.site).toBe("test");
  expect(table.data[3]).toEqual({ data: "scsi1 of w-1", reason: "replicas of what other workers have" });
});

test("data of which nobody says how it comes back is refused, each with its place", () => {
  const problems = refusals((app) => {
    const { site, stack, cluster } = addCluster(app, { workers: {} });
    new KeptDisk(stack, "db-data", { site, host: "pve1", datastore: "local-lvm", sizeGiB: 20 });
    const policy = new BackupPolicy(app, { site });
    policy.leaveOut(cluster, " ");
    policy.leaveOut(cluster, "a lab");
  });
  expect(problems.map(({ code, where, message }) => `${where} ${code}: ${message}`)).toEqual([
    "test-cluster/db-data data-without-backup: Nothing says how the disk db-data comes back when it is lost.",
    "test-backups protected-twice: The backup of etcd of lab is said twice.",
    "test-backups protection-incomplete: The reason for etcd of lab is empty.",
  ]);
});

test("machines without a disk of their own, and other sites, hold nothing that it asks about", () => {
  const files = written((app) => {
    const { site } = addVm(app);
    new BackupPolicy(app, { site }).protect("Vault", {
      backup: "raft snapshots",
      offsite: "elsewhere",
      drill: "monthly",
    });
  });
  expect(JSON.parse(files["backups.json"] ?? "").data).toHaveLength(1);
});

test("a drill says what it does not prove, and has to restore the backup that is named", () => {
  const policyOf = (app: App, isOwn: boolean) => {
    const { site, cluster, vault, etcd, etcdDrill, vaultDrill } = addSnapshots(app, {
      etcdDrill: {},
      vaultDrill: "sealed",
    });
    const policy = new BackupPolicy(app, { site });
    const [ofEtcd = "", ofVault = ""] = isOwn ? [etcdDrill, vaultDrill] : [vaultDrill, etcdDrill];
    policy.protect(cluster, { backup: etcd, offsite: "elsewhere", drill: ofEtcd });
    policy.protect("Vault", { backup: vault, offsite: "elsewhere", drill: ofVault });
  };
  const [first, second] = JSON.parse(written((app) => policyOf(app, true))["backups.json"] ?? "").data;
  expect(first.drill).toBe("test-recovery/drill-etcd");
  expect(second.drill).toBe("test-recovery/drill-vault (the copy stays sealed)");
  const problems = refusals((app) => policyOf(app, false));
  expect(problems.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    "drill-of-other-backup: The drill test-recovery/drill-vault of etcd of lab restores test-recovery/vault-snapshots, and the backup that is named is test-recovery/etcd-snapshots.",
    "drill-of-other-backup: The drill test-recovery/drill-etcd of Vault restores test-recovery/etcd-snapshots, and the backup that is named is test-recovery/vault-snapshots.",
  ]);
});
