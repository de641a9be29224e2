/** The machines that the tests make configurations for. */
import type { Contract, MachineTarget } from "../../machine-configs";

export const contracts: readonly Contract[] = ["1.11", "1.12", "1.13", "1.14"];

const talos = { "1.11": "1.11.6", "1.12": "1.12.11", "1.13": "1.13.9", "1.14": "1.14.4" } as const;

export function worker(contract: Contract): MachineTarget {
  return { name: "k8s-work-4", role: "worker", contract, talos: talos[contract] };
}

export function controlPlane(contract: Contract): MachineTarget {
  return { name: "k8s-ctrl-1", role: "controlplane", contract, talos: talos[contract] };
}

/** A certificate in shape only. */
export const certificate = "-----BEGIN CERTIFICATE-----\nMIIBdummy\n-----END CERTIFICATE-----\n";
