/** What each Talos release and configuration contract supports. Version questions are answered here and nowhere else. */
import {
  contractChanged,
  contractUnknown,
  kubernetesOutsideWindow,
  minorSkipped,
  type Problem,
  talosMinorUnknown,
  talosOlderThanContract,
  upgradeRefused,
  versionMalformed,
} from "../errors";

/** The minor release whose configuration shape a cluster was born with (`talos_version` of the provider). */
export type Contract = "1.11" | "1.12" | "1.13" | "1.14";

export const contracts: readonly Contract[] = ["1.11", "1.12", "1.13", "1.14"];

/** The three versions of a cluster, none of which has a default: each of them decides something else. */
export interface Versions {
  /** The operating system on the machines, such as `1.14.4`: without a leading `v`. */
  readonly talos: string;
  /**
   * The shape of the machine configuration. Stays at the minor release the cluster was born with while Talos itself is
   * upgraded; change it only deliberately, since it rewrites every machine's configuration.
   */
  readonly contract: Contract;
  /** The Kubernetes release, such as `1.37.1`: without a leading `v`. */
  readonly kubernetes: string;
}

/** A minor release of Talos that the library knows. */
export type TalosMinor = "1.11" | "1.12" | "1.13" | "1.14";

/** What one minor release of Talos accepts. */
export interface Release {
  /** Oldest and newest Kubernetes minor release that runs on it. */
  readonly kubernetes: readonly [oldest: string, newest: string];
}

/** The compatibility table of Talos (`pkg/machinery/compatibility`). */
export const releases: Readonly<Record<TalosMinor, Release>> = {
  "1.11": { kubernetes: ["1.29", "1.34"] },
  "1.12": { kubernetes: ["1.30", "1.35"] },
  "1.13": { kubernetes: ["1.31", "1.36"] },
  "1.14": { kubernetes: ["1.32", "1.37"] },
};

/** Links, resolvers, host entries, time and registries are documents of their own; before, they are sections. */
export function usesNetworkDocuments(contract: Contract): boolean {
  return isAtLeast(contract, "1.12");
}

/** Environment variables and KubeSpan are documents of their own. */
export function usesEnvironmentDocuments(contract: Contract): boolean {
  return isAtLeast(contract, "1.13");
}

/** Kubernetes settings are documents of their own (`Kube…Config`); before, they are sections of the v1alpha1 document. */
export function usesKubeDocuments(contract: Contract): boolean {
  return isAtLeast(contract, "1.14");
}

/**
 * Settings of the kernel, of containerd, of devices, of the image cache, of the host DNS and of discovery are documents;
 * files below `/etc` can be.
 */
export function usesMachineDocuments(contract: Contract): boolean {
  return isAtLeast(contract, "1.14");
}

/** The installation is an UnattendedInstallConfig instead of `machine.install`. */
export function usesUnattendedInstall(contract: Contract): boolean {
  return isAtLeast(contract, "1.14");
}

/** The NVIDIA container CLI of these releases needs the BPF compiler hardened; later ones use CDI and do not. */
export function nvidiaNeedsBpfHardening(talos: string): boolean {
  const minor = minorOf(talos);
  return minor !== undefined && !isAtLeast(minor, "1.13");
}

/** Applying a configuration to a running machine can reboot it; later releases never reboot for one. */
export function configurationMayReboot(talos: string): boolean {
  const minor = minorOf(talos);
  return minor !== undefined && !isAtLeast(minor, "1.14");
}

/** The minor release of a full version: `1.14.4` → `1.14`; nothing when the text is not a version. */
export function minorOf(version: string): string | undefined {
  return /^(\d+\.\d+)\.\d+(?:-[0-9A-Za-z.-]+)?$/.exec(version)?.[1];
}

/** Whether one minor release is the same as or newer than another: `1.14` is at least `1.9`. */
export function isAtLeast(minor: string, than: string): boolean {
  return orderOf(minor) >= orderOf(than);
}

/** A number that grows with the releases; made once of each, because nearly every rule asks. */
function orderOf(minor: string): number {
  const known = orders.get(minor);
  if (known !== undefined) return known;
  const [major = 0, number = 0] = minor.split(".").map(Number);
  const order = major * 10_000 + number;
  orders.set(minor, order);
  return order;
}

const orders = new Map<string, number>();

/**
 * Everything that is wrong with a set of versions, by itself and with each other.
 *
 * @param where what the problems are about, such as the cluster's construct path.
 */
export function versionProblems(versions: Versions, where: string): readonly Problem[] {
  const problems: Problem[] = [];
  const talos = minorOf(versions.talos);
  const kubernetes = minorOf(versions.kubernetes);
  const release = talos !== undefined && isKnownMinor(talos) ? releases[talos] : undefined;

  if (talos === undefined) problems.push(versionMalformed(where, "talos", versions.talos));
  else if (release === undefined) problems.push(talosMinorUnknown(where, versions.talos, Object.keys(releases)));

  problems.push(...contractProblems(where, versions.talos, versions.contract));

  if (kubernetes === undefined) problems.push(versionMalformed(where, "kubernetes", versions.kubernetes));
  else if (release !== undefined) {
    const [oldest, newest] = release.kubernetes;
    if (!isAtLeast(kubernetes, oldest) || !isAtLeast(newest, kubernetes)) {
      problems.push(kubernetesOutsideWindow(where, versions.kubernetes, versions.talos, oldest, newest));
    }
  }
  return problems;
}

/** A contract that is none, or that a release of Talos is too old for. */
export function contractProblems(where: string, talos: string, contract: Contract): readonly Problem[] {
  if (!contracts.includes(contract)) return [contractUnknown(where, contract, contracts)];
  const minor = minorOf(talos);
  return minor === undefined || isAtLeast(minor, contract) ? [] : [talosOlderThanContract(where, talos, contract)];
}

/**
 * What is wrong with the way from the versions that a cluster runs to others (IMG-6): minor releases come one after the
 * other, and the contract stays. Of Talos, one may be skipped, which nobody tests.
 *
 * @param where what the problems are about, such as the cluster's construct path.
 */
export function upgradeProblems(from: Partial<Versions>, to: Versions, where: string): readonly Problem[] {
  const steps = (version = "", next: string) => minorsBetween(version, next) ?? 0;
  const talos = steps(from.talos, to.talos);
  const kubernetes = steps(from.kubernetes, to.kubernetes);
  return [
    ...(talos > 2 || talos < -1 ? [upgradeRefused(where, "Talos", from.talos ?? "", to.talos)] : []),
    ...(talos === 2 ? [minorSkipped(where, from.talos ?? "", to.talos)] : []),
    ...(kubernetes > 1 || kubernetes < 0
      ? [upgradeRefused(where, "Kubernetes", from.kubernetes ?? "", to.kubernetes)]
      : []),
    ...(from.contract === undefined || from.contract === to.contract
      ? []
      : [contractChanged(where, from.contract, to.contract)]),
  ];
}

/** How many minor releases one version is after another; nothing when one is malformed, or of another major release. */
function minorsBetween(version: string, next: string): number | undefined {
  const [before, after] = [minorOf(version), minorOf(next)].map((minor) => minor?.split("."));
  return before === undefined || after === undefined || before[0] !== after[0]
    ? undefined
    : Number(after[1]) - Number(before[1]);
}

/** Whether the library knows a minor release. */
export function isKnownMinor(minor: string): minor is TalosMinor {
  return Object.hasOwn(releases, minor);
}
