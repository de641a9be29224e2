import { Token } from "cdktf";
import { Construct } from "constructs";
import { backupOfNothing, malformedJobId, malformedText, type Problem } from "../errors";
import { BackupJob as BackupJobResource } from "../providers/proxmox/backup-job";
import type { BackupSource, DataHolder } from "./backup-policy";
import { KeptDisk } from "./kept-disk";
import { addCheck } from "./private/checks";
import { claim } from "./private/claims";
import { given } from "./private/given";
import { boundsProblems } from "./private/numbers";
import { putAfter } from "./private/order";
import type { ProxmoxSite } from "./proxmox-site";
import { ProxmoxVm } from "./proxmox-vm";
import type { Pool } from "./vm-operation";

/** How many backups of a VM are kept; the others are deleted after each run. */
export interface Retention {
  /** The newest ones. @default - none for being new */
  readonly last?: number;

  /** One of each of the last hours that have one. @default - none */
  readonly hourly?: number;

  /** One of each of the last days that have one. @default - none */
  readonly daily?: number;

  /** One of each of the last weeks that have one. @default - none */
  readonly weekly?: number;

  /** One of each of the last months that have one. @default - none */
  readonly monthly?: number;

  /** One of each of the last years that have one. @default - none */
  readonly yearly?: number;
}

/** When and how is backed up. All of it is changed in place. */
export interface BackupSchedule<Datastore extends string = string> {
  readonly site: ProxmoxSite<string, Datastore>;

  /** Where the backups go; needs the content type `backup`. */
  readonly datastore: NoInfer<Datastore>;

  /** When, as a calendar event of systemd: `02:00`, `sat 03:30`, `*-*-1 04:00`. */
  readonly schedule: string;

  /** What is kept. @default - what the datastore says, which is everything by default */
  readonly keep?: Retention;

  /** Whether the VM runs on, is suspended, or is shut down and started again. @default "snapshot" */
  readonly mode?: "snapshot" | "suspend" | "stop";

  /** @default "zstd" */
  readonly compress?: "zstd" | "lzo" | "gzip" | "0";

  /** Whether a run that was missed, because the host was off, is made up for. @default false */
  readonly repeatMissed?: boolean;

  /** @default true */
  readonly enabled?: boolean;
}

/** What is backed up: some VMs, those of a pool, or all that there are. */
export type BackupSelection =
  | { readonly vms: readonly ProxmoxVm[]; readonly pool?: never; readonly all?: never }
  | { readonly pool: Pool; readonly vms?: never; readonly all?: never }
  | { readonly all: true; readonly vms?: never; readonly pool?: never };

export type BackupJobProps<Datastore extends string = string> = BackupSchedule<Datastore> & BackupSelection;

/**
 * A backup job of the Proxmox cluster, named after its id. A VM has the disks in its backups that do not say otherwise;
 * a kept disk is in those of the VM that uses it.
 *
 * @example
 * new BackupJob(stack, "nightly", { site, datastore: "pbs", schedule: "02:00", vms: [vm], keep: { daily: 7, weekly: 4 } });
 */
export class BackupJob<Datastore extends string = string> extends Construct implements BackupSource {
  readonly resource: BackupJobResource;
  readonly #props: BackupJobProps;

  constructor(scope: Construct, id: string, props: BackupJobProps<Datastore>) {
    super(scope, id || "unnamed");
    this.#props = props;
    const { datastore, schedule, keep, mode = "snapshot", compress = "zstd", repeatMissed, enabled, vms, pool } = props;
    this.resource = new BackupJobResource(this, "Resource", {
      id,
      storage: datastore,
      schedule,
      mode,
      compress,
      ...given({ repeatMissed, enabled, all: props.all, pool: pool?.poolId }),
      ...(vms === undefined ? {} : { vmid: vms.map(({ resource }) => resource.id) }),
      ...(keep === undefined ? {} : { pruneBackups: pruning(keep) }),
    });
    if (pool?.resource !== undefined) {
      putAfter(this.resource, [pool.resource]);
    }
    claim(this, props.site, "backup job", () => [id]);
    addCheck(this, () => this.#problems(id));
  }

  /** Disks of the VMs that it selects. What else runs on them is not known. */
  backsUp(holder: DataHolder): boolean {
    if (this.#props.enabled === false) return false;
    if (holder instanceof ProxmoxVm) return this.#selects(holder) && holder.hasInBackups(holder);
    return !(holder instanceof KeptDisk) || this.#machines().some((vm) => vm.hasInBackups(holder));
  }

  #machines(): readonly ProxmoxVm[] {
    const machines = this.node.root.node.findAll().filter((one) => one instanceof ProxmoxVm);
    return machines.filter((vm) => this.#selects(vm));
  }

  #selects(vm: ProxmoxVm): boolean {
    const { site, vms, pool } = this.#props;
    return vms?.includes(vm) ?? (vm.site === site && (pool === undefined || vm.resource.poolIdInput === pool.poolId));
  }

  #problems(id: string): Problem[] {
    const { site, datastore, schedule, keep = {}, vms } = this.#props;
    const where = this.node.path;
    return [
      ...(/^[A-Za-z][\w-]*$/.test(id) ? [] : [malformedJobId(where, id)]),
      ...site.datastoreProblems(this, datastore, "backup"),
      ...(Token.isUnresolved(schedule) || /^[\w*.,:/~ -]+$/.test(schedule)
        ? []
        : [malformedText(where, "schedule", schedule, 'a calendar event of systemd, such as "02:00" or "sat 03:30"')]),
      ...boundsProblems(
        where,
        periods.map((period) => [`keep.${period}`, keep[period], 0]),
      ),
      ...(vms?.length === 0 ? [backupOfNothing(where)] : []),
    ];
  }
}

const periods = ["last", "hourly", "daily", "weekly", "monthly", "yearly"] as const;

function pruning(keep: Retention): Record<string, string> {
  return Object.fromEntries(
    periods.flatMap((period) => {
      const count = keep[period];
      return count === undefined ? [] : [[`keep-${period}`, String(count)]];
    }),
  );
}
