import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { Ended } from "./terraform";

/** Runs a command of Terraform in the folder of a stack. */
export type RunCommand = (...args: readonly string[]) => Promise<Ended>;

export interface ShownPlan {
  /** Whether Terraform would change something; told only with `-detailed-exitcode`. */
  readonly changes: boolean;
  /** What `show -json` prints. It holds secrets. */
  readonly json: string;
}

/** A command that failed. What it said may quote the configuration, and values in it. */
export interface FailedCommand {
  readonly command: "init" | "plan" | "show";
  readonly ended: Ended;
}

export const initArguments = ["-input=false", "-no-color"] as const;

/** Plans an initialized stack. The plan, which holds secrets, is in a private folder while it is read, and then gone. */
export async function showPlan(run: RunCommand, args: readonly string[]): Promise<ShownPlan | FailedCommand> {
  const folder = await mkdtemp(path.join(tmpdir(), "cdktf-proxmox-talos-"));
  try {
    const file = path.join(folder, "plan");
    const plan = await run("plan", "-input=false", "-no-color", ...args, `-out=${file}`);
    if (plan.code !== 0 && plan.code !== 2) {
      return { command: "plan", ended: plan };
    }
    const show = await run("show", "-json", "-no-color", file);
    return show.code === 0 ? { changes: plan.code === 2, json: show.stdout } : { command: "show", ended: show };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
