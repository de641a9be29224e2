import {
  allowanceUnused,
  clusterUnknown,
  controlPlanesTogether,
  dataDiskLost,
  diskShrinks,
  etcdQuorumLost,
  machineSecretsLost,
  migrationWithDevice,
  type Problem,
  restartLeftToPerson,
  restartPossible,
  roleUnknown,
  tooManyMachines,
  wholeHost,
} from "../errors";
import type { Disruption } from "./disruptions";
import { grouped } from "./grouped";
import { type Machine, machinesOf } from "./machines";
import { matches } from "./matches";
import { isReplacement } from "./plan-json";
import { configurationOf, type GuardedPlan, type PlannedObject } from "./plan-objects";
import { destroyedDataDisks, detachedDisks, devicesInTheWay, shrunkDisks } from "./vm-disks";

/** What the guard says about the plans of a site. */
export interface Verdict {
  /** Whether there is nothing that it refuses, or all of that is allowed. */
  readonly safe: boolean;
  readonly refused: readonly Finding[];
  /** What it would refuse, but for a reason that somebody gave. */
  readonly allowed: readonly AllowedFinding[];
  /** What cannot be told from the plans, and what they leave undone. */
  readonly notes: readonly Finding[];
  readonly machines: readonly JudgedMachine[];
}

/** A rule, with everything in the plans that it is about. */
export interface Finding extends Problem {
  readonly subjects: readonly Subject[];
}

export interface AllowedFinding extends Finding {
  readonly reasons: readonly string[];
}

/** A resource of a plan. */
export interface Subject {
  readonly plan: string;
  readonly address: string;
  /** What would happen to it, in words. */
  readonly what: string;
}

/** A machine of the plans. */
export interface JudgedMachine {
  readonly plan: string;
  readonly address: string;
  readonly role: Machine["role"];
  readonly cluster: string | undefined;
  readonly host: string | undefined;
  readonly fate: string | undefined;
}

/** A refusal that somebody accepts. */
export interface Allowance {
  readonly rule: string;
  /** A Terraform address; `*` stands for any part of it. */
  readonly address: string;
  readonly reason: string;
}

export interface GuardOptions {
  /** Machines that may be out of service at the same time. */
  readonly maxMachines: number;
  readonly allowances: readonly Allowance[];
}

/** As many as a group of three can lose with one left. */
export const defaultMaxMachines = 2;

/** Judges the plans of one site together. */
export function judgePlans(plans: readonly GuardedPlan[], options: GuardOptions): Verdict {
  const machines = machinesOf(plans).sort(byAddress);
  const site: Site = { plans, machines, out: machines.filter(isOut), maxMachines: options.maxMachines };
  const findings = Object.values(rules).flatMap((rule) => rule(site));
  const judged = findings.map((finding) => ({ finding, reasons: reasonsFor(finding, options.allowances) }));
  const refused = judged.filter(({ reasons }) => reasons.length === 0).map(({ finding }) => finding);
  return {
    safe: refused.length === 0,
    refused,
    allowed: judged
      .filter(({ reasons }) => reasons.length > 0)
      .map(({ finding, reasons }) => ({ ...finding, reasons })),
    notes: [...notesOn(site), ...unused(options.allowances, findings)],
    machines: machines.map(({ plan, address, role, cluster, host, disruption }) => ({
      plan,
      address,
      role,
      cluster: cluster?.name,
      host,
      fate: disruption?.fate,
    })),
  };
}

/** The names of the rules, which are the codes of what they find. */
export function guardRules(): string[] {
  return Object.keys(rules);
}

interface Site {
  readonly plans: readonly GuardedPlan[];
  readonly machines: readonly Machine[];
  /** The machines that would be out of service. */
  readonly out: readonly Out[];
  readonly maxMachines: number;
}

type Out = Machine & { readonly disruption: Disruption };

function isOut(machine: Machine): machine is Out {
  return machine.disruption !== undefined;
}

const rules: Readonly<Record<string, (site: Site) => Finding[]>> = {
  "etcd-quorum-lost": (site) =>
    clustersOf(site).flatMap(({ name, members, out, running }) => {
      const together = atOnce(out, site);
      const left = running - together.filter((machine) => machine.running).length;
      const quorum = Math.floor(members / 2) + 1;
      return together.length === 0 || left >= quorum
        ? []
        : [about(together.map(outOfService), (where) => etcdQuorumLost(where, name, members, left, quorum))];
    }),

  "control-planes-together": (site) =>
    clustersOf(site).flatMap(({ name, out }) => {
      const together = atOnce(out, site);
      return together.length < 2
        ? []
        : [about(together.map(outOfService), (where) => controlPlanesTogether(where, name, together.length))];
    }),

  "data-disk-lost": (site) => [
    ...eachVm(site, destroyedDataDisks, (where, disks) => dataDiskLost(where, "destroyed with its VM", disks)),
    ...eachVm(site, detachedDisks, (where, disks) => dataDiskLost(where, "detached from its VM", disks)),
  ],

  "machine-secrets-lost": ({ plans }) =>
    plans
      .flatMap(({ objects }) => objects)
      .filter(({ type }) => type === "talos_machine_secrets")
      .flatMap((object) => {
        const lost = lossOf(object);
        return lost === undefined ? [] : [about([subject(object, lost)], (where) => machineSecretsLost(where, lost))];
      }),

  "too-many-machines": (site) => {
    const together = atOnce(site.out, site);
    return together.length <= site.maxMachines
      ? []
      : [about(together.map(outOfService), (where) => tooManyMachines(where, together.length, site.maxMachines))];
  },

  "whole-host": (site) =>
    groups(
      site.machines.filter(({ host, running }) => host !== undefined && running),
      ({ endpoint, host }) => JSON.stringify([endpoint, host]),
    ).flatMap((there) => {
      const together = atOnce(there.filter(isOut), site);
      return there.length < 2 || together.length < there.length
        ? []
        : [about(together.map(outOfService), (where) => wholeHost(where, there[0]?.host ?? "", there.length))];
    }),

  "disk-shrinks": (site) => eachVm(site, shrunkDisks, diskShrinks),

  "migration-with-device": (site) => eachVm(site, devicesInTheWay, migrationWithDevice),
};

/** What is only in the state is lost when it is forgotten, too. */
function lossOf({ actions }: PlannedObject): string | undefined {
  if (actions.includes("delete")) {
    return isReplacement(actions) ? "replaced" : "destroyed";
  }
  return actions.includes("forget") ? "dropped from the state" : undefined;
}

/** What cannot be told, and what the plans leave to a person. */
function notesOn(site: Site): Finding[] {
  const { machines, out } = site;
  const spared = machines.filter((machine) => !isOut(machine));
  return [
    ...note(
      out.filter(({ role }) => role === undefined),
      outOfService,
      roleUnknown,
    ),
    ...note(
      out.filter(({ role, cluster }) => role === "control plane" && cluster === undefined),
      outOfService,
      clusterUnknown,
    ),
    ...note(
      spared.filter(({ pending }) => pending.length > 0),
      (machine) => subject(machine, `${placeOf(machine)}, changed ${machine.pending.join(", ")}`),
      restartLeftToPerson,
    ),
    ...note(
      spared.filter(({ uncertain }) => uncertain !== undefined),
      (machine) => subject(machine.uncertain ?? machine, placeOf(machine)),
      restartPossible,
    ),
  ];
}

function reasonsFor({ code, subjects }: Finding, allowances: readonly Allowance[]): string[] {
  const reasons = subjects.map(
    ({ address }) => allowances.find((allowance) => allowance.rule === code && covers(allowance, address))?.reason,
  );
  return reasons.every((reason) => reason !== undefined) ? [...new Set(reasons)] : [];
}

function unused(allowances: readonly Allowance[], findings: readonly Finding[]): Finding[] {
  const isUsed = (allowance: Allowance): boolean =>
    findings.some(
      ({ code, subjects }) => code === allowance.rule && subjects.some(({ address }) => covers(allowance, address)),
    );
  return allowances
    .filter((allowance) => !isUsed(allowance))
    .map(({ rule, address }) => ({ ...allowanceUnused(`--allow ${rule}:${address}`), subjects: [] }));
}

function covers(allowance: Allowance, address: string): boolean {
  return matches(allowance.address, address);
}

/** The control planes of a cluster, or all of which no plan tells the cluster. */
interface ControlPlanes {
  readonly name: string | undefined;
  readonly members: number;
  readonly running: number;
  readonly out: readonly Out[];
}

function clustersOf({ machines }: Site): ControlPlanes[] {
  const controlPlanes = machines.filter(({ role }) => role === "control plane");
  return groups(controlPlanes, ({ cluster }) => cluster?.id ?? "").map((group) => {
    const vms = group.filter(({ vm }) => vm !== undefined);
    // A Talos node and a VM that are not known to belong together may be one machine.
    const others = Math.max(0, group.length - vms.length - vms.filter(({ joined }) => !joined).length);
    return {
      name: group[0]?.cluster?.name,
      members: vms.length + others,
      running: vms.filter(({ running }) => running).length + others,
      out: group.filter(isOut),
    };
  });
}

/**
 * The most machines that would be out of service at the same time. An upgrade by `talos_machine` ends when the machine is
 * back, so that upgrades of which one follows the other are kept apart, which those of two plans never are; the restart of
 * a VM does not wait for what runs in it.
 */
function atOnce(out: readonly Out[], { plans }: Site): readonly Out[] {
  const others = out.filter(({ disruption }) => disruption.fate !== "upgraded");
  const upgrades = out.filter(({ disruption }) => disruption.fate === "upgraded");
  const ofPlans = groups(upgrades, ({ disruption }) => disruption.object.plan);
  return [...others, ...ofPlans.flatMap((ofPlan) => upgradedAtOnce(ofPlan, plans))];
}

function upgradedAtOnce(machines: readonly Out[], plans: readonly GuardedPlan[]): readonly Out[] {
  const upgrades = machines.map((machine) => ({ machine, ...orderOf(machine.disruption.object, plans) }));
  const sets = upgrades.map((one) =>
    upgrades.filter((other) => !(one.follows.has(other.address) || other.follows.has(one.address))),
  );
  const largest = sets.reduce((most, set) => (set.length > most.length ? set : most), []);
  return largest.map(({ machine }) => machine);
}

/** Where Terraform works on an object: after which others. All objects of one `for_each` are worked on together. */
function orderOf(object: PlannedObject, plans: readonly GuardedPlan[]) {
  const address = configurationOf(object);
  const plan = plans.find(({ name }) => name === object.plan);
  const follows = new Set([address]);
  for (const later of follows) {
    for (const earlier of plan?.configuration.get(later)?.follows ?? []) {
      follows.add(earlier);
    }
  }
  follows.delete(address);
  return { address, follows };
}

function eachVm(
  { machines }: Site,
  find: (vm: PlannedObject, running: boolean) => string[],
  problem: (where: string, found: readonly string[]) => Problem,
): Finding[] {
  return machines.flatMap(({ vm, running }) => {
    const found = vm === undefined ? [] : find(vm, running);
    return vm === undefined || found.length === 0
      ? []
      : [about([subject(vm, found.join(", "))], (where) => problem(where, found))];
  });
}

function note<T extends Machine>(
  machines: readonly T[],
  toSubject: (machine: T) => Subject,
  problem: (where: string) => Problem,
): Finding[] {
  return machines.length === 0 ? [] : [about(machines.map(toSubject), problem)];
}

function about(subjects: readonly Subject[], problem: (where: string) => Problem): Finding {
  const where = [...new Set(subjects.map(({ plan }) => plan))].join(", ");
  return { ...problem(where), subjects: [...subjects].sort(byAddress) };
}

function subject({ plan, address }: Omit<Subject, "what">, what: string): Subject {
  return { plan, address, what };
}

function outOfService(machine: Out): Subject {
  const { fate, object, because } = machine.disruption;
  return subject(object, `${placeOf(machine)}, ${fate}${because.length === 0 ? "" : ` (${because.join(", ")})`}`);
}

function placeOf({ role, host }: Machine): string {
  return `${role ?? "machine"}${host === undefined ? "" : ` on ${host}`}`;
}

function byAddress(one: Omit<Subject, "what">, other: Omit<Subject, "what">): number {
  return compare(one.plan, other.plan) || compare(one.address, other.address);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function groups<T>(items: readonly T[], keyOf: (item: T) => string): (readonly T[])[] {
  return [...grouped(items, keyOf).values()];
}
