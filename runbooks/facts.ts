/** What runbooks say about a site. What only Terraform knows is left out. */
export interface SiteFacts {
  readonly name: string;
  /** URL of the Proxmox API, which is that of its web interface as well. */
  readonly endpoint: string;
  /** The Proxmox hosts. */
  readonly hosts: readonly string[];
  readonly machines: readonly MachineFacts[];
}

export type MachineFacts = UbuntuFacts | TalosFacts | OtherFacts;

interface VmFacts {
  readonly name: string;
  /** Proxmox host that the code puts it on. */
  readonly host: string;
  /** Left out where Proxmox chooses it. */
  readonly vmId?: number;
  /** Static address of the first network card, without prefix length. Left out where it has none. */
  readonly address?: string;
}

export interface UbuntuFacts extends VmFacts {
  readonly os: "ubuntu";
  /** Whether the QEMU guest agent runs. */
  readonly agent: boolean;
  readonly ssh: "keep" | "mask";
  /** Who may log in by SSH: users that have a key. */
  readonly sshUsers: readonly string[];
  /** Whether it is a worker of a kubeadm cluster. */
  readonly isWorker: boolean;
}

export interface TalosFacts extends VmFacts {
  readonly os: "talos";
  readonly address: string;
  readonly role: "controlplane" | "worker";
  readonly cluster: TalosClusterFacts;
  /** Terraform address of its VM. */
  readonly resource: string;
}

export interface TalosClusterFacts {
  readonly name: string;
  /** The stack that it is in. */
  readonly stack: string;
  /** Output of the stack with the talosconfig. */
  readonly talosconfig: string;
  /** Addresses of the control planes. */
  readonly controlPlanes: readonly string[];
}

/** A VM with something else on it. */
export interface OtherFacts extends VmFacts {
  readonly os: "other";
}

export function isUbuntu(machine: MachineFacts): machine is UbuntuFacts {
  return machine.os === "ubuntu";
}

/** What it is reached by: its address, or else its name. */
export function placeOf({ address, name }: MachineFacts): string {
  return address ?? name;
}

/** What it is, in words. */
export function kindOf(machine: MachineFacts): string {
  if (machine.os === "talos") {
    return `Talos, ${machine.role === "controlplane" ? "control plane" : "worker"} of ${machine.cluster.name}`;
  }
  return machine.os === "ubuntu" ? `Ubuntu${machine.isWorker ? ", kubeadm worker" : ""}` : "another system";
}
