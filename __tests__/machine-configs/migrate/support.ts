import { parseAllDocuments } from "yaml";
import type { Contract, MachineRole } from "../../../machine-configs";
import { migrate } from "../../../machine-configs/migrate";
import { baseFor } from "./lines";

/** What became of a text, in short. */
export interface Result {
  readonly text: string;
  readonly documents: readonly Readonly<Record<string, unknown>>[];
  /** `machine.sysctls → SysctlConfig` */
  readonly moved: readonly string[];
  /** `section-undecided machine.time` */
  readonly left: readonly string[];
  readonly notes: readonly string[];
}

/** Migrates a patch to the next contract. */
export function patch(text: string, from: Contract = "1.13", role: MachineRole = "controlplane"): Result {
  return migrated(text, from, from === "1.11" ? "1.12" : "1.14", role);
}

/** Migrates a patch of `machine.network` from the first contract. */
export function network(section: string): Result {
  return patch(`machine: {network: {${section}}}`, "1.11");
}

/** Migrates what Talos generates, with a change. */
export function whole(role: MachineRole, change: (text: string) => string = (text) => text): Result {
  return migrated(change(baseFor("1.13", role)), "1.13", "1.14", undefined);
}

function migrated(text: string, from: Contract, to: Contract, role: MachineRole | undefined): Result {
  const result = migrate({ name: "patch.yaml", text }, { from, to, ...(role && { role }) });
  const remarks = (some: typeof result.left) => some.map(({ problem: { code, where } }) => `${code} ${where}`);
  return {
    text: result.text,
    documents: parseAllDocuments(result.text).map((document) => document.toJS()),
    moved: result.moved.map((one) => `${one.from} → ${one.to}`),
    left: remarks(result.left),
    notes: remarks(result.notes),
  };
}

/** A document. */
export function of(kind: string, fields: Readonly<Record<string, unknown>>) {
  return { apiVersion: "v1alpha1", kind, ...fields };
}
