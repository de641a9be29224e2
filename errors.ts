/**
 * Every message of the product, as a named function that returns a {@link Problem}: what is wrong in the user's
 * words, the value, and what to change. Imports nothing, so that every room may use it.
 */

/** One thing that is wrong with the input. */
export interface Problem {
  /** Stable, kebab-case; tests, linters and exceptions rely on it. */
  readonly code: string;
  /** Where it is: a construct path, a node name or a document path. */
  readonly where: string;
  /** What is wrong, with the value. */
  readonly message: string;
  /** What to change. */
  readonly remedy: string;
}

const PROBLEMS_ERROR = Symbol.for("cdktf-proxmox-talos/ProblemsError");

/** Thrown once per synth, with everything that was found. */
export class ProblemsError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(formatProblems(problems));
    this.name = "ProblemsError";
    this.problems = problems;
    // A stack of ours tells the reader nothing: where to look is in each problem.
    this.stack = `${this.name}: ${this.message}`;
    Object.defineProperty(this, PROBLEMS_ERROR, { value: true });
  }

  /** By symbol rather than `instanceof`, so that two installed copies of the library recognise each other's errors. */
  static is(error: unknown): error is ProblemsError {
    return typeof error === "object" && error !== null && PROBLEMS_ERROR in error;
  }
}

/** All problems as text: code and place, the message, the remedy. */
export function formatProblems(problems: readonly Problem[]): string {
  const head = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return [`${head}, nothing was written.`, ...problems.map(formatProblem)].join("\n\n");
}

/** One problem as three lines. */
export function formatProblem(problem: Problem): string {
  return `${problem.where}: ${problem.code}\n  ${problem.message}\n  Remedy: ${problem.remedy}`;
}

// --- The app ------------------------------------------------------------------------------------------------------

/** `SITE` names no site. */
export function unknownSite(site: string, known: readonly string[]): Problem {
  return {
    code: "unknown-site",
    where: `SITE=${site}`,
    message: `There is no site "${site}".`,
    remedy: `Use one of ${list(known)}, or "all".`,
  };
}

// --- The site: what no two machines may share, and what must exist -----------------------------------------------

/** Kinds of values that belong to one machine of a site only. */
export type Claim = "name" | "address" | "MAC address" | "VM id";

/** Two machines of one site claim the same value. */
export function duplicate(where: string, claim: Claim, value: string, other: string): Problem {
  return {
    code: `duplicate-${claim.toLowerCase().replaceAll(" ", "-")}`,
    where,
    message: `The ${claim} ${value} already belongs to ${other}.`,
    remedy: `Give each machine of the site a ${claim} of its own.`,
  };
}

/** A host that the site does not have. */
export function unknownHost(where: string, host: string, known: readonly string[]): Problem {
  return {
    code: "unknown-host",
    where,
    message: `The site has no Proxmox host "${host}".`,
    remedy: `Use one of ${list(known)}, or add "${host}" to the site's hosts.`,
  };
}

/** A datastore that the site does not have. */
export function unknownDatastore(where: string, datastore: string, known: readonly string[]): Problem {
  return {
    code: "unknown-datastore",
    where,
    message: `The site has no datastore "${datastore}".`,
    remedy: `Use one of ${list(known)}, or add "${datastore}" to the site's datastores.`,
  };
}

/** A datastore that does not hold what is put there. */
export function datastoreContent(where: string, datastore: string, content: string, has: readonly string[]): Problem {
  return {
    code: "datastore-content",
    where,
    message: `The datastore "${datastore}" holds ${list(has)}, but ${content} is stored there.`,
    remedy: `Enable the content type ${content} on it (Datacenter, Storage) and name it in the site, or use another one.`,
  };
}

/** The Proxmox API or the image factory under something that is no URL of the right form. */
export function malformedUrl(where: string, prop: string, value: string, expected: string): Problem {
  return { code: "malformed-url", where, message: `${prop} is "${value}".`, remedy: `Write it as ${expected}.` };
}

// --- Virtual machines ---------------------------------------------------------------------------------------------

/** A MAC address that is not six pairs of hexadecimal digits. */
export function malformedMac(where: string, value: string): Problem {
  return {
    code: "malformed-mac",
    where,
    message: `"${value}" is no MAC address.`,
    remedy: 'Write six pairs of hexadecimal digits with colons, such as "BC:24:11:00:00:01".',
  };
}

/** A MAC address whose group bit is set: no network card may have one. */
export function multicastMac(where: string, value: string): Problem {
  return {
    code: "multicast-mac",
    where,
    message: `"${value}" is a multicast address: its first byte is odd.`,
    remedy: 'Use an even first byte; Proxmox\' own prefix is "BC:24:11".',
  };
}

/** A name that Proxmox and Kubernetes do not take. */
export function malformedName(where: string, name: string): Problem {
  return {
    code: "malformed-name",
    where,
    message: `"${name}" is no machine name.`,
    remedy: "Use lower-case letters, digits and hyphens, at most 63, beginning and ending with a letter or digit.",
  };
}

/** A VM id outside of what Proxmox takes. */
export function vmIdRange(where: string, value: number): Problem {
  return {
    code: "vm-id-range",
    where,
    message: `The VM id ${value} is not usable.`,
    remedy: "Use a whole number from 100 to 999999999.",
  };
}

/** A number that has to be a whole one of at least some size. */
export function tooSmall(where: string, prop: string, value: number, least: number): Problem {
  return {
    code: "value-too-small",
    where,
    message: `${prop} is ${value}.`,
    remedy: `Use a whole number of at least ${least}.`,
  };
}

/** A VLAN id that no bridge takes. */
export function vlanRange(where: string, value: number): Problem {
  return {
    code: "vlan-range",
    where,
    message: `${value} is no VLAN id.`,
    remedy: "Use a whole number from 1 to 4094, or leave it out for the untagged network.",
  };
}

/** A `hostpci` entry with a raw PCI address: only root with a password may set it, and it names no other host's device. */
export function rawPciId(where: string, device: string, id: string): Problem {
  return {
    code: "raw-hostpci-id",
    where,
    message: `${device} passes the raw PCI id "${id}" through; Proxmox takes that from root@pam with a password only.`,
    remedy: "Make a PciMapping for the device and pass it as `gpu` or in `pciDevices`.",
  };
}

/** PCI passthrough on a machine type or firmware that cannot carry it. */
export function passthroughPlatform(where: string, machine: string, bios: string): Problem {
  return {
    code: "passthrough-platform",
    where,
    message: `A PCI device is passed through to a VM with machine "${machine}" and bios "${bios}".`,
    remedy: 'Use machine "q35" and bios "ovmf", which are the defaults.',
  };
}

/** A mapping that has no device on the host of the VM. */
export function mappingWithoutHost(where: string, mapping: string, host: string, has: readonly string[]): Problem {
  return {
    code: "mapping-without-host",
    where,
    message: `The PCI mapping "${mapping}" has devices on ${list(has)}, but the VM is on "${host}".`,
    remedy: `Add the device of "${host}" to the mapping, or move the VM.`,
  };
}

/** Fewer devices behind a mapping on a host than VMs that ask for one. */
export function mappingExhausted(
  where: string,
  mapping: string,
  host: string,
  devices: number,
  vms: readonly string[],
): Problem {
  return {
    code: "mapping-exhausted",
    where,
    message: `The PCI mapping "${mapping}" has ${devices} on "${host}", but ${vms.length} VMs want one: ${list(vms)}.`,
    remedy: "Add a device to the mapping, or move a VM to another host.",
  };
}

/** A mapping that the stack does not have. */
export function unknownPciMapping(where: string, mapping: string, known: readonly string[]): Problem {
  return {
    code: "unknown-pci-mapping",
    where,
    message: `The stack has no PCI mapping "${mapping}".`,
    remedy: `Use one of ${list(known)}, or add "${mapping}" to its pciMappings.`,
  };
}

/** The guest agent is on, but nothing in the image answers it: every create and refresh would wait for it. */
export function agentWithoutExtension(where: string): Problem {
  return {
    code: "agent-without-extension",
    where,
    message: "The guest agent is enabled, but the image's schematic has no siderolabs/qemu-guest-agent.",
    remedy: "Add the extension to the TalosImage; the agent then is enabled by itself.",
  };
}

/** A GPU on a machine whose image carries no driver for it. */
export function gpuWithoutDriver(where: string, missing: readonly string[]): Problem {
  return {
    code: "gpu-without-driver",
    where,
    message: `The machine has an NVIDIA GPU, but the schematic of its image lacks ${list(missing)}.`,
    remedy: "Leave `image` out, so that it is derived from the cluster's, or add the extensions to it.",
  };
}

// --- Clusters -----------------------------------------------------------------------------------------------------

/** Something that should be an IPv4 or IPv6 address. */
export function malformedAddress(where: string, prop: string, value: string): Problem {
  return {
    code: "malformed-address",
    where,
    message: `${prop} "${value}" is no IP address.`,
    remedy: 'Write a plain address such as "10.20.66.21"; the prefix length comes from the subnet.',
  };
}

/** Something that should be a network in CIDR notation. */
export function malformedSubnet(where: string, value: string): Problem {
  return {
    code: "malformed-subnet",
    where,
    message: `The subnet "${value}" is no network in CIDR notation.`,
    remedy: 'Write the network address and the prefix length, such as "10.20.66.0/23".',
  };
}

/** An address or gateway that the subnet does not contain, or that is the network's own. */
export function outsideSubnet(where: string, prop: string, value: string, subnet: string): Problem {
  return {
    code: "outside-subnet",
    where,
    message: `${prop} ${value} is no host address of the subnet ${subnet}.`,
    remedy: "Correct the address or the subnet.",
  };
}

/** A virtual IP that is also the address of a node, and so would be that node's Talos endpoint. */
export function virtualIpAsNode(where: string, value: string): Problem {
  return {
    code: "virtual-ip-as-talos-endpoint",
    where,
    message: `${value} is the cluster's virtual IP; as a node address it would become a Talos API endpoint.`,
    remedy:
      "Give the node an address of its own: the virtual IP depends on etcd, and is gone when Talos is needed most.",
  };
}

/** A cluster endpoint that kubelets cannot use. */
export function clusterEndpoint(where: string, value: string): Problem {
  return {
    code: "cluster-endpoint",
    where,
    message: `The endpoint "${value}" is no https URL of a host and port.`,
    remedy: 'Write it as "https://10.20.66.20:6443".',
  };
}

/** A cluster endpoint that leads to a machine which is no control plane. */
export function endpointIsWorker(where: string, endpoint: string, worker: string): Problem {
  return {
    code: "endpoint-is-worker",
    where,
    message: `The endpoint ${endpoint} leads to the worker ${worker}.`,
    remedy: "Use the virtual IP, a control plane or a load balancer.",
  };
}

/** No control plane at all. */
export function noControlPlane(where: string): Problem {
  return {
    code: "no-control-plane",
    where,
    message: "The cluster has no control plane.",
    remedy: "Add one or three with addControlPlane.",
  };
}

/** An even number of etcd members tolerates no more failures than one member less. */
export function evenControlPlanes(where: string, count: number): Problem {
  return {
    code: "even-control-planes",
    where,
    message: `The cluster has ${count} control planes; etcd needs an odd number for its quorum.`,
    remedy: `Use ${count - 1} or ${count + 1}.`,
  };
}

/** Two control planes that one host takes down together, although there are hosts enough. */
export function controlPlanesShareHost(where: string, host: string, nodes: readonly string[]): Problem {
  return {
    code: "control-planes-share-host",
    where,
    message: `The control planes ${list(nodes)} are all on the host "${host}", although the site has a host for each.`,
    remedy: "Put each control plane on a host of its own.",
  };
}

/** The VLANs of a machine's network cards are not those of its role. */
export function nicContract(
  where: string,
  role: string,
  expected: readonly string[],
  found: readonly string[],
): Problem {
  return {
    code: "nic-contract",
    where,
    message: `A ${role} of this cluster has the networks ${list(expected)}, in this order, but this one has ${list(found)}.`,
    remedy: "Correct the machine's network devices, or the `extraNics` of the role.",
  };
}

/** One image construct asked for two Talos versions. */
export function imageVersionConflict(where: string, versions: readonly string[]): Problem {
  return {
    code: "image-version-conflict",
    where,
    message: `The image is used for the Talos versions ${list(versions)}.`,
    remedy: "Make one TalosImage per Talos version.",
  };
}

// --- Secrets ------------------------------------------------------------------------------------------------------

/** A secret that stands in the synthesized configuration in clear. The value is not repeated here. */
export function literalSecret(where: string, path: string, kind: string): Problem {
  return {
    code: "literal-secret",
    where,
    message: `${path} holds ${kind} as a literal; it would be readable in cdktf.out, in plans and in version control.`,
    remedy: "Take it from a sensitive TerraformVariable, or from the provider's environment (PROXMOX_VE_API_TOKEN).",
  };
}

function list(values: readonly string[]): string {
  return values.length === 0 ? "none" : values.map((value) => `"${value}"`).join(", ");
}
