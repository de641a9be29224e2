import { type TerraformResource, Token } from "cdktf";
import { malformedTag, type Problem } from "../errors";
import type { VirtualEnvironmentVmConfig } from "../providers/proxmox/virtual-environment-vm";
import { given } from "./private/given";
import { boundsProblems } from "./private/numbers";
import { terraformNote } from "./private/terraform-text";

/** When a VM starts with its host, and when it stops with it. Setting it needs the privilege `Sys.Modify`. */
export interface Startup {
  /** Place among the VMs of the host: lower ones start first and stop last. Changed while the VM runs. @default - last */
  readonly order?: number;

  /** Seconds before the next one starts. Changed while the VM runs. @default - none */
  readonly upDelaySeconds?: number;

  /** Seconds before the next one stops. Changed while the VM runs. @default - none */
  readonly downDelaySeconds?: number;
}

/** A resource pool: a `ProxmoxPool`, or one that exists already. */
export interface Pool {
  /** Name of the pool. */
  readonly poolId: string;

  /** The resource that makes it, in this stack or another. @default - it exists already */
  readonly resource?: TerraformResource;
}

/** How Proxmox runs and keeps a VM. */
export interface Operation {
  /**
   * Whether the image runs the QEMU guest agent. Without one in the guest every refresh would wait for it.
   * A change restarts the VM.
   *
   * @default false
   */
  readonly agent?: boolean;

  /** Whether it runs. A change starts it, or shuts it down. @default true */
  readonly started?: boolean;

  /** Whether it starts with its host. Changed while the VM runs. @default true */
  readonly onBoot?: boolean;

  /** When it starts with its host. Changed while the VM runs. @default - after all that say */
  readonly startup?: Startup | undefined;

  /**
   * Whether the provider restarts the VM for a change that needs it. If not, such a change stays pending in Proxmox
   * until the VM is restarted by hand; the plan does not show it again. A change of this itself does nothing.
   *
   * @default true
   */
  readonly restartForChanges?: boolean;

  /**
   * Whether Proxmox refuses to delete the VM and its disks, whoever asks. Changed while the VM runs; take it away and
   * apply before you take the VM out of the code.
   *
   * @default false
   */
  readonly protection?: boolean;

  /** The pool that it belongs to. Changed while the VM runs. @default - none */
  readonly pool?: Pool;

  /** Tags, lower case. Changed while the VM runs. @default - none */
  readonly tags?: readonly string[];

  /** Notes in Proxmox, as Markdown. Changed while the VM runs. @default - none */
  readonly description?: string;
}

/** @internal */
export function operationConfig(props: Operation) {
  const { agent = false, started, onBoot = true, startup, restartForChanges = true, protection, pool } = props;
  const { order, upDelaySeconds, downDelaySeconds } = startup ?? {};
  return {
    // The agent's addresses are not read: they are known, and waiting for them delays every refresh.
    agent: agent ? { enabled: true, timeout: "2m", waitForIp: { disabled: true } } : { enabled: false },
    onBoot,
    rebootAfterUpdate: restartForChanges,
    tags: [...new Set(props.tags)].sort(),
    ...(startup === undefined
      ? {}
      : { startup: given({ order, upDelay: upDelaySeconds, downDelay: downDelaySeconds }) }),
    ...given({
      started,
      protection,
      poolId: pool?.poolId,
      description: props.description && terraformNote(props.description),
    }),
  } satisfies Partial<VirtualEnvironmentVmConfig>;
}

/** What is wrong with how a VM is run. @internal */
export function operationProblems(where: string, { startup, tags = [] }: Operation): Problem[] {
  return [
    ...tags
      .filter((tag) => !Token.isUnresolved(tag) && !/^[a-z0-9_][a-z0-9_+.-]*$/.test(tag))
      .map((tag) => malformedTag(where, tag)),
    ...boundsProblems(where, [
      ["startup.order", startup?.order, 0],
      ["startup.upDelaySeconds", startup?.upDelaySeconds, 0],
      ["startup.downDelaySeconds", startup?.downDelaySeconds, 0],
    ]),
  ];
}
