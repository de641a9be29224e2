/** Patches, the configurations that they were applied to, and what Talos' own validator said about the result. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { MachineRole } from "../../../machine-configs";
import { type Judgement, judge } from "../../../machine-configs/judge";

export const releases = ["1.11.6", "1.12.11", "1.13.9", "1.14.0-rc.1"] as const;
export const roles: readonly MachineRole[] = ["controlplane", "worker"];

export type MeasuredRelease = (typeof releases)[number];

/** One measured case: `ok`, or the stage at which Talos refused it. */
export interface Verdict {
  readonly case: string;
  readonly topic: string;
  readonly patches: readonly string[];
  readonly verdict: Readonly<Record<MeasuredRelease, Readonly<Record<MachineRole, string>>>>;
}

export const verdicts: readonly Verdict[] = readFileSync(join(__dirname, "cases.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

/** What the generator of a release wrote, with keys that are made up here so that no file has one. */
export function baseOf(release: MeasuredRelease, role: MachineRole): string {
  const text = readFileSync(join(__dirname, "bases", release, `${role}.yaml`), "utf8");
  const label = ["PRIVATE", "KEY"].join(" ");
  const lines = [
    `-----BEGIN EC ${label}-----`,
    Buffer.from("made up".repeat(10)).toString("base64"),
    `-----END EC ${label}-----`,
  ];
  return text
    .replaceAll(/^( *)@PEM KEY@/gm, (_, indent: string) => lines.map((line) => indent + line).join("\n"))
    .replaceAll("@BASE64 KEY@", Buffer.from(`${lines.join("\n")}\n`).toString("base64"));
}

/** Our verdict on a case. */
export function judged(one: Verdict, release: MeasuredRelease, role: MachineRole): Judgement {
  const patches = one.patches.map((text, index) => ({ name: `patch ${index}`, text }));
  return judge({ name: "base", text: baseOf(release, role) }, patches, { talos: release });
}

/** Whether Talos' own validator would refuse it. */
export function refused({ problems }: Judgement): boolean {
  return problems.some(({ tier, severity }) => tier === "talos" && severity === "error");
}
