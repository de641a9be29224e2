/** What of a site is backed up, and what is refused while nobody says so (GATE-11). */
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import type { App } from "cdktf";
import {
  BackupJob,
  BackupPolicy,
  type BackupSelection,
  KeptDisk,
  PostgresCluster,
  type PostgresClusterProps,
  ProxmoxSite,
  ProxmoxVm,
  SiteStack,
} from "../../index";
import { addCluster } from "../helpers/clusters";
import { addPostgres, backup } from "../helpers/postgres";
import { addSnapshots } from "../helpers/snapshots";
import { inFolder, newApp, refusals, synthesize } from "../helpers/synth";
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
    new ProxmoxVm(stack, "db", {
      ...{ site, host: "pve1", networkDevices: [{ bridge: "vmbr0" }] },
      disk: { datastore: "local-lvm", sizeGiB: 8, importFrom: "local:import/debian-13.qcow2" },
      dataDisks: { scsi1: { kept: disk, serial: "data" } },
    });
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

test("a site is known by its name, also where two parts of an app describe it", () => {
  const problems = refusals((app) => {
    addCluster(app);
    const site = new ProxmoxSite("test", { endpoint: "https://pve.example.com:8006", hosts: ["pve1"], datastores: {} });
    new BackupPolicy(app, { site });
  });
  expect(problems.map(({ where, code }) => `${where} ${code}`)).toEqual(["test-cluster/lab data-without-backup"]);
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

describe("a backup is refused that does not have what it is named for", () => {
  const refused = (build: (app: App) => void) => refusals(build).map(({ where, code }) => `${where} ${code}`);
  const elsewhere = { offsite: "elsewhere", drill: "by hand" };

  test.each<[string, Partial<PostgresClusterProps>, boolean]>([
    ["a cluster without backups", { backup: { none: "It can be made again." } }, true],
    ["another cluster", {}, false],
  ])("%s", (_, changes, isOwn) => {
    const build = (app: App) =>
      addPostgres(app, {
        cluster: changes,
        also: (stack, main) => {
          const policy = new BackupPolicy(app, { site: stack.site });
          policy.protect(main, { backup: main, ...elsewhere });
          if (isOwn) return;
          const serverName = "other";
          const other = new PostgresCluster(stack, "other", { ...main.props, backup: { ...backup, serverName } });
          policy.protect(other, { backup: main, ...elsewhere });
        },
      });
    expect(refused(build)).toEqual(["lab-backups backup-of-other-data"]);
  });

  test("snapshots of etcd, for a disk", () => {
    const build = (app: App) => {
      const { site, stack, cluster, etcd } = addSnapshots(app);
      const disk = new KeptDisk(new SiteStack(app, "disks", { site }), "data", disks(site));
      new BackupPolicy(app, { site: stack.site }).protect([cluster, disk], { backup: etcd, ...elsewhere });
    };
    expect(refused(build)).toEqual(["test-backups backup-of-other-data"]);
  });

  const disks = (site: ProxmoxSite) => ({ site, host: "pve1", datastore: "local-lvm", sizeGiB: 20 });

  test.each<[string, { of: (wiki: ProxmoxVm, other: ProxmoxVm) => BackupSelection; enabled?: false; backup?: false }]>([
    ["a job that is off", { of: () => ({ all: true }), enabled: false }],
    ["a job of another machine", { of: (_, other) => ({ vms: [other] }) }],
    ["a job of another pool", { of: () => ({ pool: { poolId: "others" } }) }],
    ["a job of the machine without these disks", { of: (wiki) => ({ vms: [wiki] }), backup: false }],
  ])("%s", (_, { of, ...changes }) => {
    expect(refused(withJob(of, changes))).toEqual(Array(2).fill("test-backups backup-of-other-data"));
  });

  test("and a job of the machine, its pool or all machines is none of these", () => {
    const selections: readonly ((wiki: ProxmoxVm) => BackupSelection)[] = [
      (wiki) => ({ vms: [wiki] }),
      () => ({ pool: { poolId: "wikis" } }),
      () => ({ all: true }),
    ];
    for (const of of selections) expect(synthesize(withJob(of, {}))).toBeDefined();
  });

  /** A machine with a disk of its own and a kept one, both with that job as their backup. */
  function withJob(
    of: (wiki: ProxmoxVm, other: ProxmoxVm) => BackupSelection,
    { enabled, backup: isInBackups }: { enabled?: false; backup?: false },
  ) {
    return (app: App) => {
      const site = new ProxmoxSite<string, string>("test", {
        endpoint: "https://pve.example.com:8006",
        hosts: ["pve1"],
        datastores: { local: { content: ["import"] }, "local-lvm": {}, pbs: { content: ["backup"] } },
      });
      const stack = new SiteStack(app, "machines", { site });
      const data = new KeptDisk(stack, "wiki-data", disks(site));
      const machine = {
        ...{ site, host: "pve1", networkDevices: [{ bridge: "vmbr0" }] },
        disk: { datastore: "local-lvm", sizeGiB: 8, importFrom: "local:import/debian-13.qcow2" },
      };
      const inBackups = isInBackups === undefined ? {} : { backup: isInBackups };
      const wiki = new ProxmoxVm(stack, "wiki", {
        ...machine,
        pool: { poolId: "wikis" },
        dataDisks: {
          scsi1: { kept: data, serial: "data", ...inBackups },
          scsi2: { datastore: "local-lvm", sizeGiB: 8, ...inBackups },
        },
      });
      const selected = of(wiki, new ProxmoxVm(stack, "other", machine));
      const schedule = { site, datastore: "pbs", schedule: "02:00", ...(enabled === undefined ? {} : { enabled }) };
      const job = new BackupJob(stack, "nightly", { ...schedule, ...selected });
      new BackupPolicy(app, { site }).protect([wiki, data], { backup: job, ...elsewhere });
    };
  }
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
