import { Token } from "cdktf";
import { balloonAboveMemory, balloonWithPassthrough, malformedAffinity, malformedText, type Problem } from "../errors";
import type { VirtualEnvironmentVm, VirtualEnvironmentVmConfig } from "../providers/proxmox/virtual-environment-vm";
import { given } from "./private/given";
import { boundsProblems } from "./private/numbers";

/**
 * A CPU model as QEMU calls it, or one of `/etc/pve/virtual-guest/cpu-models.conf`. `host` is the fastest. Another one
 * lets a running VM migrate between hosts whose processors differ: take the newest that all of them have. Models before
 * x86-64-v2 are left out: neither Talos nor the current distributions start on them.
 */
export type CpuType =
  | "host"
  | "max"
  | "x86-64-v2"
  | "x86-64-v2-AES"
  | "x86-64-v3"
  | "x86-64-v4"
  | "EPYC"
  | "EPYC-Rome"
  | "EPYC-Milan"
  | "EPYC-Genoa"
  | "Nehalem"
  | "Westmere"
  | "SandyBridge"
  | "IvyBridge"
  | "Haswell"
  | "Haswell-noTSX"
  | "Broadwell"
  | "Broadwell-noTSX"
  | "Skylake-Client"
  | "Skylake-Client-noTSX-IBRS"
  | "Skylake-Server"
  | "Skylake-Server-noTSX-IBRS"
  | "Cascadelake-Server"
  | "Cascadelake-Server-noTSX"
  | "Cooperlake"
  | "Icelake-Server"
  | "Icelake-Server-noTSX"
  | "SapphireRapids"
  | `custom-${string}`;

/** The processor, beyond its number of cores. */
export interface Cpu {
  /** Model. A change restarts the VM. @default "host" */
  readonly type?: CpuType;

  /** Sockets with `cores` each, 1–16. A change restarts the VM. @default 1 */
  readonly sockets?: number;

  /**
   * Whether cores and memory are spread over NUMA nodes, one per socket. Memory hotplug needs it.
   * A change restarts the VM.
   *
   * @default false
   */
  readonly numa?: boolean;

  /**
   * Cores of the host that the VM runs on, as `taskset` writes them: `0-3,8`. Proxmox takes it from root@pam alone, so
   * the site needs `login: "root"`. A change restarts the VM.
   *
   * @default - all of them
   */
  readonly affinity?: string;

  /** Cores' worth of time that the VM gets at most, 1–128. A change restarts the VM. @default - no limit */
  readonly limit?: number;

  /**
   * Weight against other VMs of the host when there is not enough for all, 1–262144. A change restarts the VM.
   *
   * @default - what Proxmox sets, which is 100 on a current host
   */
  readonly units?: number;

  /** Flags that are added or taken away: `+aes`, `-pcid`. A change restarts the VM. @default - those of the model */
  readonly flags?: readonly (`+${string}` | `-${string}`)[];
}

/** Processor and memory of a VM. */
export interface Compute {
  /**
   * Cores of one socket. A change restarts the VM.
   *
   * @default 2
   */
  readonly cores?: number | undefined;

  /**
   * Memory in MiB. A change restarts the VM.
   *
   * @default 4096
   */
  readonly memoryMiB?: number | undefined;

  /**
   * Memory in MiB down to which the host may take memory back when it runs short (ballooning). Not with a PCI device,
   * which pins all memory, and not for Talos. A change restarts the VM.
   *
   * @default - no ballooning
   */
  readonly balloonMiB?: number | undefined;

  /** The processor, beyond its number of cores. A change restarts the VM. @default - one socket of the host's model */
  readonly cpu?: Cpu | undefined;
}

/** @internal */
export function computeConfig(props: Compute) {
  const { cores = 2, memoryMiB = 4096, balloonMiB = 0, cpu = {} } = props;
  const { type = "host", flags, ...others } = cpu;
  return {
    cpu: { type, cores, ...given({ ...others, flags: flags && [...flags] }) },
    memory: { dedicated: memoryMiB, floating: balloonMiB },
  } satisfies Partial<VirtualEnvironmentVmConfig>;
}

/** Below this Proxmox makes no VM; in MiB. @internal */
export const leastVmMemory = 16;

/** What is wrong with processor and memory. @internal */
export function computeProblems(where: string, props: Compute, resource: VirtualEnvironmentVm): Problem[] {
  const { cores, memoryMiB = 4096, balloonMiB, cpu: { sockets, limit, units, affinity, flags = [] } = {} } = props;
  return [
    ...boundsProblems(where, [
      ["cores", cores, 1],
      ["memoryMiB", memoryMiB, leastVmMemory],
      ["balloonMiB", balloonMiB, leastVmMemory],
      ["cpu.sockets", sockets, 1, 16],
      ["cpu.limit", limit, 1, 128],
      ["cpu.units", units, 1, 262_144],
    ]),
    ...(affinity === undefined || Token.isUnresolved(affinity) || /^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(affinity)
      ? []
      : [malformedAffinity(where, affinity)]),
    ...flags
      .filter((flag) => !Token.isUnresolved(flag) && !/^[+-][a-z0-9][\w-]*$/i.test(flag))
      .map((flag) => malformedText(where, "A flag of the processor", flag, '"+aes" or "-pcid"')),
    ...(balloonMiB !== undefined && balloonMiB > memoryMiB ? [balloonAboveMemory(where, balloonMiB, memoryMiB)] : []),
    ...passthroughProblems(where, resource),
  ];
}

/** Read from the resource, because `resource` may have changed it. */
function passthroughProblems(where: string, { hostpciInput: devices, memoryInput: memory }: VirtualEnvironmentVm) {
  const floating = memory?.floating ?? 0;
  return Array.isArray(devices) && devices.length > 0 && floating > 0 ? [balloonWithPassthrough(where, floating)] : [];
}
