import { BackupJob, type BackupSchedule, type BackupSelection, type ProxmoxVm } from "../../index";
import { only } from "../helpers/synth";
import { refused, stackOf, type VmChanges } from "../helpers/vms";

const schedule = "02:00";

type Changes = BackupSelection & Partial<BackupSchedule>;

const job = (changes: (vm: ProxmoxVm) => Changes, id = "nightly"): VmChanges => ({
  site: { datastores: { local: { content: ["import"] }, "local-lvm": {}, pbs: { content: ["backup"] } } },
  change: (vm, stack) => new BackupJob(stack, id, { site: stack.site, datastore: "pbs", schedule, ...changes(vm) }),
});

test("a job backs up VMs by their ids, and keeps what it is told to", () => {
  const stack = stackOf(job((vm) => ({ vms: [vm], keep: { daily: 7, weekly: 4 }, mode: "stop", repeatMissed: true })));
  expect(only(stack, "proxmox_backup_job")).toMatchObject({
    id: "nightly",
    storage: "pbs",
    schedule,
    mode: "stop",
    compress: "zstd",
    repeat_missed: true,
    vmid: [expect.stringMatching(/^\$\{proxmox_virtual_environment_vm\.db-1_\w+\.id\}$/)],
    prune_backups: { "keep-daily": "7", "keep-weekly": "4" },
  });
});

test("a job backs up a pool, or everything", () => {
  expect(only(stackOf(job(() => ({ pool: { poolId: "databases" } }))), "proxmox_backup_job")).toMatchObject({
    pool: "databases",
  });
  expect(only(stackOf(job(() => ({ all: true }))), "proxmox_backup_job")).toMatchObject({ all: true });
});

test.each<[string, VmChanges, string, string]>([
  ["of no VM", job(() => ({ vms: [] })), "backup-of-nothing", "no VMs"],
  ["at no time", job((vm) => ({ vms: [vm], schedule: "" })), "malformed-text", 'schedule is ""'],
  [
    "that keeps half a backup",
    job((vm) => ({ vms: [vm], keep: { last: 0.5 } })),
    "value-too-small",
    "keep.last is 0.5",
  ],
  ["to a datastore without backups", job((vm) => ({ vms: [vm], datastore: "local" })), "datastore-content", '"local"'],
  ["with a name that is none", job((vm) => ({ vms: [vm] }), "2nd job"), "malformed-job-id", '"2nd job"'],
])("a job %s is refused", (_, changes, code, message) => {
  expect(refused(changes)).toEqual([[code, expect.stringContaining(message)]]);
});
