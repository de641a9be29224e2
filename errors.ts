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
  /** Whether it refuses anything, or is only shown. @default "error" */
  readonly severity?: "error" | "warning";
}

const PROBLEMS_ERROR = Symbol.for("cdktf-proxmox-talos/ProblemsError");

/** Thrown once per synth, with everything that was found. */
export class ProblemsError extends Error {
  override readonly name = "ProblemsError";
  declare readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(formatProblems(problems));
    // A stack of ours would tell nothing: where to look is in each problem.
    this.stack = `${this.name}: ${this.message}`;
    // Not enumerable, or Node would print the problems a second time when nobody catches the error.
    Object.defineProperty(this, "problems", { value: problems });
    Object.defineProperty(this, PROBLEMS_ERROR, { value: true });
  }

  /** By symbol rather than `instanceof`, so that two installed copies of the library recognise each other's errors. */
  static is(error: unknown): error is ProblemsError {
    return typeof error === "object" && error !== null && PROBLEMS_ERROR in error;
  }

  /** What Node prints when nobody catches it. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.message;
  }
}

/** All problems as text: code and place, the message, the remedy. */
export function formatProblems(problems: readonly Problem[]): string {
  const head = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return [`${head}, nothing was written.`, ...problems.map(formatProblem)].join("\n\n");
}

/** All warnings as text, in the form of problems. */
export function formatWarnings(warnings: readonly Problem[]): string {
  const head = warnings.length === 1 ? "1 warning." : `${warnings.length} warnings.`;
  return [head, ...warnings.map(formatProblem)].join("\n\n");
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

/** A construct that is in nothing that was written. */
export function addedAfterSynth(where: string): Problem {
  return {
    code: "added-after-synth",
    where,
    message: "It was added after `app.synth()` had written the stacks, so it would be in none of them.",
    remedy: "Call `app.synth()` last, after everything is added.",
  };
}

// --- The site: what no two machines may share, and what must exist -----------------------------------------------

/** Kinds of values that belong to one machine, or to one thing around the machines, of a site only. */
export type Claim =
  | "name"
  | "address"
  | "MAC address"
  | "VM id"
  | "image file"
  | "cluster name"
  | "device"
  | "PCI mapping"
  | "USB mapping"
  | "directory mapping"
  | "pool"
  | "datastore"
  | "interface"
  | "port"
  | "backup job"
  | "HA rule"
  | "role"
  | "user"
  | "metrics server";

/** Two things of one Proxmox, in whatever stacks and sites, claim the same value. */
export function duplicate(where: string, claim: Claim, value: string, other: string): Problem {
  return {
    code: `duplicate-${claim.toLowerCase().replaceAll(" ", "-")}`,
    where,
    message: `The ${claim} ${value} already belongs to ${other}.`,
    remedy: duplicateRemedies[claim] ?? `Make the ${claim} in one place and refer to it, or give it another name.`,
  };
}

const duplicateRemedies: { readonly [Kind in Claim]?: string } = {
  name: "Give each machine of the site a name of its own.",
  address: "Give each machine of the site an address of its own.",
  "MAC address": "Give each machine of the site a MAC address of its own.",
  "VM id": "Give each machine of the site a VM id of its own.",
  "image file": "Use one image construct for both.",
  "cluster name": "Give each cluster of the site a cluster name of its own.",
  device: "Name each device of a host in one mapping only.",
  port: "Give each interface of a host to one bridge only.",
};

/** Two sites with a host of one name that is no usual one, and with different endpoints. */
export function hostInTwoSites(where: string, host: string, endpoint: string, other: string, theirs: string): Problem {
  return {
    code: "host-in-two-sites",
    severity: "warning",
    where,
    message: `The site has the host "${host}" at ${endpoint}, and so has the site ${other} at ${theirs}.`,
    remedy: "If it is one Proxmox, give both sites the same endpoint: only then are their machines compared.",
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

/** A host that the site names twice. */
export function duplicateHost(where: string, host: string): Problem {
  return {
    code: "duplicate-host",
    where,
    message: `The site has the host "${host}" more than once.`,
    remedy: "Name each Proxmox host once.",
  };
}

/** A host under a name that no Proxmox host has. */
export function malformedHostName(where: string, host: string): Problem {
  return {
    code: "malformed-host-name",
    where,
    message: `"${host}" is no name of a Proxmox host.`,
    remedy: "Copy the name from `pvesh get /nodes`: letters, digits and hyphens, at most 63.",
  };
}

/** A site name that cannot be part of a stack's name and folder. */
export function malformedSiteName(where: string, name: string): Problem {
  return {
    code: "malformed-site-name",
    where,
    message: `"${name}" is no site name.`,
    remedy: "Use lower-case letters, digits and hyphens, at most 40, beginning and ending with a letter or digit.",
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

/** A datastore that the code makes, but not for all hosts on which the VM runs or may be started. */
export function datastoreNotOnHost(
  where: string,
  datastore: string,
  has: readonly string[],
  without: readonly string[],
): Problem {
  return {
    code: "datastore-not-on-host",
    where,
    message: `The datastore "${datastore}" is made for ${list(has)}, but not for ${list(without)}, where the VM runs or may be started.`,
    remedy: `Add ${list(without)} to the hosts of the datastore, or use another one.`,
  };
}

/** Running machines with more memory than their host has for them. */
export function hostOverMemory(where: string, host: string, needed: number, has: number, machines: number): Problem {
  return {
    code: "host-over-memory",
    where,
    message: `The ${machines} running machines on the host "${host}" have ${needed} MiB of memory together, and it has ${has} MiB for them.`,
    remedy: "Move a machine to another host, give machines less memory, or correct the host's memoryMiB in the site.",
  };
}

/** Machines with many more cores than their host. */
export function cpuOvercommitted(where: string, host: string, needed: number, has: number, factor: number): Problem {
  return {
    code: "cpu-overcommitted",
    severity: "warning",
    where,
    message: `The running machines on the host "${host}" have ${needed} cores together: more than ${factor} times its ${has}.`,
    remedy: "Move a machine to another host, give machines fewer cores, or raise the site's cpuOvercommit.",
  };
}

/** Hosts whose machines would not fit on the others. */
export function hostLossExceedsMemory(where: string, hosts: readonly string[], needed: number): Problem {
  return {
    code: "host-loss-exceeds-memory",
    severity: "warning",
    where,
    message: `If one of the hosts ${list(hosts)} dies, the others have less than the ${needed} MiB that all running machines have.`,
    remedy: "Keep as much memory free as the largest host has, or accept that not every machine can be moved.",
  };
}

/** Disks that are larger together than the datastore. */
export function datastoreOverCapacity(
  where: string,
  datastore: string,
  host: string | undefined,
  needed: number,
  has: number,
): Problem {
  return {
    code: "datastore-over-capacity",
    where,
    message: `The disks on the datastore "${datastore}"${host === undefined ? "" : ` of the host "${host}"`} have ${needed} GiB together, and it has ${has} GiB.`,
    remedy: "Make disks smaller, put some on another datastore, or correct the datastore's sizeGiB in the site.",
  };
}

/** The Proxmox API or the image factory under something that is no URL of the right form. */
export function malformedUrl(where: string, prop: string, value: string, expected: string): Problem {
  return { code: "malformed-url", where, message: `${prop} is "${value}".`, remedy: `Write it as ${expected}.` };
}

// --- Around the machines: what is on the hosts and who may do what -------------------------------------------------

/** A user without its realm, or with characters that Proxmox does not take. */
export function malformedUserId(where: string, user: string): Problem {
  return {
    code: "malformed-user-id",
    where,
    message: `"${user}" is not a user of Proxmox with its realm.`,
    remedy: 'Name both: "kubernetes-csi@pve".',
  };
}

/** A mapping, rule, role or the like under a name that Proxmox does not take. */
export function malformedConfigId(where: string, what: string, name: string): Problem {
  return {
    code: "malformed-config-id",
    where,
    message: `"${name}" cannot be the name of a ${what}.`,
    remedy: "Use two or more letters, digits, - and _, beginning with a letter and ending with a letter or digit.",
  };
}

/** A privilege that the site's Proxmox VE does not have: a role with it fails only when it is applied. */
export function privilegeOfOtherMajor(where: string, privilege: string, has: 8 | 9): Problem {
  return {
    code: "privilege-of-other-major",
    where,
    message: `Proxmox VE ${has} has no privilege ${privilege}.`,
    remedy: "Use VM.Monitor on Proxmox VE 8, and VM.GuestAgent.Audit and the like from 9 on.",
  };
}

/** A path that the access tree cannot have. */
export function malformedAccessPath(where: string, path: string): Problem {
  return {
    code: "malformed-access-path",
    where,
    message: `"${path}" is not a path of Proxmox' access tree.`,
    remedy: 'Use "/", "/vms", "/vms/<id>", "/storage/<datastore>", "/pool/<pool>" and the like.',
  };
}

/** A resource pool with a name that Proxmox does not take. */
export function malformedPool(where: string, pool: string): Problem {
  return {
    code: "malformed-pool",
    where,
    message: `"${pool}" cannot be the name of a resource pool.`,
    remedy: "Use at most 40 letters, digits and . _ -, beginning with a letter or digit.",
  };
}

/** A bridge or interface of a host with a name that it cannot have. */
export function malformedHostInterface(
  where: string,
  what: "bridge" | "interface",
  name: string,
  example: string,
): Problem {
  return {
    code: "malformed-host-interface",
    where,
    message: `"${name}" cannot be the name of a ${what} on a host.`,
    remedy: `Use at most 10 letters, digits and _, beginning with a letter, such as "${example}".`,
  };
}

/** A datastore of which the site says otherwise than its type. */
export function sharedStorageDiffers(
  where: string,
  datastore: string,
  type: string,
  is: "shared" | "not shared",
): Problem {
  return {
    code: "shared-storage-differs",
    where,
    message: `A datastore of type ${type} is ${is} between the hosts, but the site says otherwise of "${datastore}".`,
    remedy: `Say \`shared: ${is === "shared"}\` for the datastore in the site.`,
  };
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

/** A MAC address of some manufacturer: a card somewhere in the network may have it as well. */
export function foreignMac(where: string, value: string): Problem {
  return {
    code: "foreign-mac",
    where,
    message: `"${value}" is neither locally administered nor of Proxmox' own range, so a real card may have it too.`,
    remedy: 'Use the prefix "BC:24:11", or a first byte that ends with 2, 6, A or E, if nothing depends on this one.',
    severity: "warning",
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

/** A bridge that no Proxmox host has. */
export function malformedBridge(where: string, bridge: string): Problem {
  return {
    code: "malformed-bridge",
    where,
    message: `"${bridge}" is no bridge name.`,
    remedy: 'Use the name of a bridge of the host, at most 15 characters, such as "vmbr0".',
  };
}

/** A bridge that the code makes, but not on all hosts on which the VM runs or may be started. */
export function bridgeNotOnHost(
  where: string,
  bridge: string,
  has: readonly string[],
  without: readonly string[],
): Problem {
  return {
    code: "bridge-not-on-host",
    where,
    message: `The bridge "${bridge}" is made on ${list(has)}, but not on ${list(without)}, where the VM runs or may be started.`,
    remedy: `Add ${list(without)} to the hosts of the bridge, unless it has been made there by hand.`,
    severity: "warning",
  };
}

/** Tags of VLANs on a bridge that does not know them. */
export function bridgeNotVlanAware(where: string, bridge: string, tags: string): Problem {
  return {
    code: "bridge-not-vlan-aware",
    where,
    message: `A network card has ${tags}, but its bridge "${bridge}" is not VLAN-aware.`,
    remedy: "Give the HostBridge vlanAware: true, or leave the tags out.",
  };
}

/** A tag that Proxmox would write differently, and every plan would change. */
export function malformedTag(where: string, tag: string): Problem {
  return {
    code: "malformed-tag",
    where,
    message: `"${tag}" is no tag that Proxmox keeps as it is.`,
    remedy: "Use lower-case letters, digits, and . _ + - inside.",
  };
}

/** A VM to take over, without the id that it has. */
export function existingWithoutId(where: string): Problem {
  return {
    code: "existing-without-id",
    where,
    message: "The VM is said to exist, but not which one it is.",
    remedy: "Give the vmId that it has, or leave out existing.",
  };
}

/** A new VM with an empty system disk. */
export function diskWithoutImage(where: string): Problem {
  return {
    code: "disk-without-image",
    where,
    message: "The system disk of the new VM would be empty.",
    remedy: "Give disk.importFrom, or existing and the vmId if there is a VM to take over.",
  };
}

/** A disk image that is no path of a datastore's `import` content. */
export function malformedImport(where: string, value: string): Problem {
  return {
    code: "malformed-import",
    where,
    message: `"${value}" is no disk image to import.`,
    remedy: 'Write it as "<datastore>:import/<file>", such as "local:import/debian-13.qcow2".',
  };
}

/** User data that is no path of a datastore's `snippets` content. */
export function malformedSnippet(where: string, value: string): Problem {
  return {
    code: "malformed-snippet",
    where,
    message: `"${value}" is no snippet.`,
    remedy: 'Write it as "<datastore>:snippets/<file>", such as "local:snippets/build-1-user-data.yaml".',
  };
}

/** A release, serial or checksum that names no Ubuntu cloud image. */
export function malformedUbuntuImage(where: string, prop: string, value: string, expected: string): Problem {
  return {
    code: "malformed-ubuntu-image",
    where,
    message: `The ${prop} "${value}" belongs to no released cloud image.`,
    remedy: `Give ${expected}, from https://cloud-images.ubuntu.com/releases.`,
  };
}

/** A slot that no disk beside the system disk can be in. */
export function unusableDiskSlot(where: string, slot: string): Problem {
  return {
    code: "unusable-disk-slot",
    where,
    message: `There is no slot "${slot}" for a data disk.`,
    remedy: "Use scsi1 to scsi30, virtio0 to virtio15 or sata0 to sata5; the system disk is scsi0.",
  };
}

/** A serial number that QEMU does not take. */
export function malformedSerial(where: string, slot: string, serial: string): Problem {
  return {
    code: "malformed-serial",
    where,
    message: `The serial number "${serial}" of ${slot} is not usable.`,
    remedy: "Use at most 20 letters, digits and . _ -.",
  };
}

/** A kept disk that the host of the VM does not have. */
export function diskOnOtherHost(where: string, slot: string, disk: string, has: string, host: string): Problem {
  return {
    code: "disk-on-other-host",
    where,
    message: `The disk "${disk}" at ${slot} is on the host "${has}", but the VM is on "${host}".`,
    remedy: `Put the VM on "${has}", or the disk on a shared datastore.`,
  };
}

/** A kept disk that two VMs use: both would write to it. */
export function diskAttachedTwice(where: string, vms: readonly string[]): Problem {
  return {
    code: "disk-attached-twice",
    where,
    message: `${vms.length} VMs use the disk: ${list(vms)}. What both write destroys the file system.`,
    remedy: "Give each VM a disk of its own.",
  };
}

/** A thread of its own for a disk of a SCSI controller that has one thread for all. */
export function iothreadWithoutSingle(where: string, slot: string, controller: string): Problem {
  return {
    code: "iothread-without-single",
    where,
    message: `${slot} asks for a thread of its own, but the controller is ${controller}, so it gets none.`,
    remedy: "Leave iothread out, or use a virtio slot.",
    severity: "warning",
  };
}

/** A PCI device whose id or path Proxmox does not read. */
export function malformedPciDevice(where: string, prop: string, value: string, example: string): Problem {
  return {
    code: "malformed-pci-device",
    where,
    message: `The ${prop} "${value}" is not written as Proxmox writes it.`,
    remedy: `Copy it from \`pvesh get /nodes/<host>/hardware/pci\`; it looks like "${example}".`,
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

/** A VM id that the site has not reserved for itself. */
export function vmIdOutsideSite(where: string, value: number, first: number, last: number): Problem {
  return {
    code: "vm-id-outside-site",
    where,
    message: `The VM id ${value} is none of the site's, which are ${first} to ${last}.`,
    remedy: "Use one of these, or extend vmIds of the site.",
  };
}

/** VM ids that two sites of one Proxmox have reserved for themselves. */
export function vmIdsOverlap(where: string, first: number, last: number, other: string): Problem {
  return {
    code: "vm-ids-overlap",
    where,
    message: `The VM ids ${first} to ${last} of the site are those of the site ${other} as well.`,
    remedy: "Give each site of a Proxmox a range of its own as vmIds.",
  };
}

/** A VM id that another VM of the Proxmox cluster has: the provider would take that VM for its own. */
export function vmIdTaken(where: string, value: number, other: string): Problem {
  return {
    code: "vm-id-taken",
    where,
    message: `The VM id ${value} belongs to ${other} in the site's inventory.`,
    remedy: "Use another id. If it is the same VM, give it the name that it has there, and import it.",
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

/** A number outside of what Proxmox or the provider takes. */
export function outOfRange(where: string, prop: string, value: number, least: number, most: number): Problem {
  return {
    code: "value-out-of-range",
    where,
    message: `${prop} is ${value}.`,
    remedy: `Use a whole number from ${least} to ${most}.`,
  };
}

/** A number that has to be above zero. */
export function notAboveZero(where: string, prop: string, value: number): Problem {
  return { code: "value-not-positive", where, message: `${prop} is ${value}.`, remedy: "Use a number above 0." };
}

/** A text that is not of the form which its reader takes. */
export function malformedText(where: string, prop: string, value: string, expected: string): Problem {
  return { code: "malformed-text", where, message: `${prop} is "${value}".`, remedy: `Write ${expected}.` };
}

/** Host cores that are no list of numbers and ranges. */
export function malformedAffinity(where: string, value: string): Problem {
  return {
    code: "malformed-affinity",
    where,
    message: `"${value}" is no list of host cores.`,
    remedy: 'Write numbers and ranges with commas, such as "0-3,8".',
  };
}

/** Ballooning that could only add memory. */
export function balloonAboveMemory(where: string, balloon: number, memory: number): Problem {
  return {
    code: "balloon-above-memory",
    where,
    message: `balloonMiB is ${balloon}, but the VM has ${memory} MiB of memory.`,
    remedy: "Give as balloonMiB what the VM may shrink to, or leave it out for no ballooning.",
  };
}

/** Ballooning on a VM with a PCI device, which pins all of its memory: the host gets nothing back. */
export function balloonWithPassthrough(where: string, balloon: number): Problem {
  return {
    code: "balloon-with-passthrough",
    where,
    message: `The VM may balloon down to ${balloon} MiB, but its PCI device pins all of its memory.`,
    remedy: "Leave balloonMiB out.",
  };
}

/** Ballooning on a Talos machine: the kubelet reports memory that the host may take back. */
export function balloonWithTalos(where: string, balloon: number): Problem {
  return {
    code: "balloon-with-talos",
    where,
    message: `The VM may balloon down to ${balloon} MiB, but Kubernetes places pods by the memory that was there at boot.`,
    remedy: "Set `floating` of the VM's memory to 0.",
  };
}

/** The SCSI controller with which Talos has hung at its first start. */
export function virtioScsiSingle(where: string): Problem {
  return {
    code: "virtio-scsi-single",
    where,
    message: "The SCSI controller is virtio-scsi-single, with which Talos has been seen to hang while it installs.",
    remedy: 'Use "virtio-scsi-pci", the default, unless you know that your Talos release starts with it.',
    severity: "warning",
  };
}

/** A setting that Proxmox takes from root@pam with a password only, while Terraform logs in with an API token. */
export function rootOnlySetting(where: string, setting: string): Problem {
  return {
    code: "root-only-setting",
    where,
    message: `${setting} is set, which Proxmox takes from root@pam with a password only, and not from an API token.`,
    remedy: 'Leave it out, or give the site login: "root" and run Terraform with PROXMOX_VE_USERNAME and _PASSWORD.',
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

/** Two addresses of one family for the first card. */
export function addressGivenTwice(where: string, address: string, family: string): Problem {
  return {
    code: "address-given-twice",
    where,
    message: `The first network card gets ${address} from the VM's address, and has an ${family} of its own.`,
    remedy: `Give one of the two: \`address\` of the VM, or \`${family}\` of the card.`,
  };
}

/** An IPv6 address where an IPv4 address belongs, or the other way round. */
export function wrongAddressFamily(where: string, family: string, address: string): Problem {
  return {
    code: "wrong-address-family",
    where,
    message: `The ${family} of a network card is "${address}".`,
    remedy: "Give IPv4 addresses as ipv4 and IPv6 addresses as ipv6.",
  };
}

/** A firewall that no network card of the VM goes through. */
export function firewallWithoutCard(where: string): Problem {
  return {
    code: "firewall-without-card",
    where,
    message: "The VM has a firewall, but no network card that it works on.",
    remedy: "Leave `firewall` of the cards out, or take the firewall of the VM away.",
  };
}

/** A firewall rule with ports that are none, or for a card that the VM does not have. */
export function malformedFirewallRule(where: string, index: number, value: string): Problem {
  return {
    code: "malformed-firewall-rule",
    where,
    message: `Firewall rule ${index + 1} has "${value}".`,
    remedy: 'Write ports as "80,443" or "8000:8100", and cards as "net0" for the first one.',
  };
}

/** A backup job under a name that Proxmox does not take. */
export function malformedJobId(where: string, id: string): Problem {
  return {
    code: "malformed-job-id",
    where,
    message: `"${id}" is no name of a backup job.`,
    remedy: "Use letters, digits, - and _, beginning with a letter.",
  };
}

/** A backup job of no VM: Proxmox refuses it at apply. */
export function backupOfNothing(where: string): Problem {
  return {
    code: "backup-of-nothing",
    where,
    message: "The backup job has no VMs.",
    remedy: "Give it VMs, a pool, or all: true.",
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

/** High availability, which Proxmox VE 9 does in another way than 8, in a site that does not say what it is. */
export function unknownPveMajor(where: string): Problem {
  return {
    code: "unknown-pve-major",
    where,
    message: "The VM is highly available, but the site does not say whether it is Proxmox VE 8 or 9.",
    remedy: "Give the site pveMajor: 9 or pveMajor: 8.",
  };
}

/** Storage that the other hosts do not have, under a VM that shall start there. */
export function haWithoutSharedStorage(where: string, datastores: readonly string[]): Problem {
  return {
    code: "ha-without-shared-storage",
    where,
    message: `The VM is highly available, but it needs ${list(datastores)}, which other hosts do not see.`,
    remedy:
      "Put its disks and its user data on shared datastores, or name its own host alone in highAvailability, with strict: true.",
  };
}

/** A device on a VM that Proxmox would move back to its host while it runs, which the device does not allow. */
export function haFailbackWithDevice(where: string, mappings: readonly string[], host: string): Problem {
  return {
    code: "ha-failback-with-device",
    where,
    message: `With ${list(mappings)} the VM does not migrate while it runs, but Proxmox would move it back to "${host}".`,
    remedy: "Set failback to false in highAvailability, or give all of its hosts the same priority, with strict: true.",
  };
}

/** A device that the other hosts do not have, on a VM that shall start there. */
export function haWithoutMapping(where: string, mapping: string, without: readonly string[]): Problem {
  return {
    code: "ha-without-mapping",
    where,
    message: `The VM is highly available, but its mapping "${mapping}" has nothing on ${list(without)}.`,
    remedy: "Add entries for these hosts, or name only hosts that have one in highAvailability, with strict: true.",
  };
}

/** Preferences for hosts of VMs that are kept apart, which Proxmox VE 9 takes for no feasible rules. */
export function haPriorityOfSeparated(where: string, vms: readonly string[]): Problem {
  return {
    code: "ha-priority-of-separated",
    where,
    message: `A rule keeps ${list(vms)} off each other's hosts, so Proxmox refuses hosts of different priority for them.`,
    remedy: "Give all hosts in their highAvailability the same priority, or leave hosts out.",
  };
}

/** A host that Proxmox would move the VM away from as soon as it is there. */
export function haHostPreference(where: string, host: string, best: readonly string[]): Problem {
  return {
    code: "ha-prefers-other-host",
    where,
    message: `The VM is on "${host}", but its highest priority is that of ${list(best)}.`,
    remedy: `Put the VM on ${list(best)}, or give "${host}" the highest priority.`,
  };
}

/** An HA resource that starts what the VM says is stopped, or the other way round: every apply undoes the last. */
export function haContradictsStarted(where: string, started: boolean, state: string): Problem {
  return {
    code: "ha-contradicts-started",
    where,
    message: `The VM is to be ${started ? "started" : "stopped"}, but its HA resource is to be ${state}.`,
    remedy: "Say it once, by `started` of the VM.",
  };
}

/** VMs that stand in for each other on one host. */
export function vmsShareHost(where: string, host: string, vms: readonly string[]): Problem {
  return {
    code: "anti-affinity-broken",
    where,
    message: `${list(vms)} never share a host, but all are on "${host}".`,
    remedy: "Put each of them on a host of its own.",
  };
}

/** Highly available VMs that Proxmox VE 8 may bring together, because it has no rule against it. */
export function antiAffinityNotEnforced(where: string, vms: readonly string[]): Problem {
  return {
    code: "anti-affinity-not-enforced",
    where,
    message: `Proxmox VE 8 has no rule that keeps ${list(vms)} apart when a host fails.`,
    remedy: "Name different hosts in their highAvailability, with strict: true, or upgrade to Proxmox VE 9.",
    severity: "warning",
  };
}

/** A mapping with nothing behind it: Proxmox takes none. */
export function mappingWithoutDevice(where: string, kind: string, mapping: string): Problem {
  return {
    code: "mapping-without-device",
    where,
    message: `The ${kind} mapping "${mapping}" has nothing on any host.`,
    remedy: "Add an entry for a host, or leave the mapping out.",
  };
}

/** A mapping that has nothing on the host of the VM. */
export function mappingWithoutHost(
  where: string,
  kind: string,
  mapping: string,
  host: string,
  has: readonly string[],
): Problem {
  return {
    code: "mapping-without-host",
    where,
    message: `The ${kind} mapping "${mapping}" is for ${list(has)}, but the VM is on "${host}".`,
    remedy: `Add an entry for "${host}" to the mapping, or move the VM.`,
  };
}

/** Fewer devices behind a mapping on a host than VMs that ask for one. */
export function mappingExhausted(
  where: string,
  kind: string,
  mapping: string,
  host: string,
  devices: number,
  vms: readonly string[],
): Problem {
  return {
    code: "mapping-exhausted",
    where,
    message: `The ${kind} mapping "${mapping}" has ${devices} on "${host}", but ${vms.length} VMs want one: ${list(vms)}.`,
    remedy: "Add a device to the mapping, or move a VM to another host.",
  };
}

/** Highly available VMs that lose their host and find no free device on another one: they would not start. */
export function noDeviceInReserve(
  where: string,
  kind: string,
  mapping: string,
  host: string,
  free: number,
  vms: readonly string[],
): Problem {
  return {
    code: "no-device-in-reserve",
    where,
    message: `Without "${host}" the ${kind} mapping "${mapping}" has ${free} that no VM uses, but ${vms.length} highly available VMs want one: ${list(vms)}.`,
    remedy: "Add a device to the mapping on a host where none of its VMs is, or take highAvailability off the VMs.",
    severity: "warning",
  };
}

/** A kind of mediated device from a mapping without such, or none from a mapping that has only such. */
export function mediatedMismatch(where: string, mapping: string, isMediated: boolean): Problem {
  return {
    code: "mediated-device-mismatch",
    where,
    message: isMediated
      ? `The devices of the PCI mapping "${mapping}" are cut into mediated ones, but the VM asks for a whole one.`
      : `The VM asks for a mediated device, but the PCI mapping "${mapping}" has whole ones.`,
    remedy: "Give mediatedDevices: true to the mapping and mediatedType to the VM's device, or neither.",
  };
}

/** A USB device whose id or path Proxmox does not read. */
export function malformedUsbDevice(where: string, prop: string, value: string, example: string): Problem {
  return {
    code: "malformed-usb-device",
    where,
    message: `The ${prop} "${value}" is not written as Proxmox writes it.`,
    remedy: `Copy it from \`pvesh get /nodes/<host>/hardware/usb\`; it looks like "${example}".`,
  };
}

/** A directory that is no absolute path. */
export function malformedDirectory(where: string, host: string, value: string): Problem {
  return {
    code: "malformed-directory",
    where,
    message: `The directory "${value}" of "${host}" is no absolute path.`,
    remedy: 'Write it as "/srv/media".',
  };
}

/** More devices of a kind than a VM has places for. */
export function tooManyDevices(where: string, kind: string, count: number, most: number): Problem {
  return {
    code: "too-many-devices",
    where,
    message: `The VM has ${count} ${kind}.`,
    remedy: `Give it at most ${most}.`,
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

/** A signed image on a machine whose firmware does not take its keys, or has no place to bind keys to. */
export function secureBootFirmware(where: string, wrong: readonly string[]): Problem {
  return {
    code: "secure-boot-firmware",
    where,
    message: `The image is for secure boot, but the VM is not: ${wrong.join(", ")}.`,
    remedy: "Leave bios, EFI disk and TPM of the VM as the node sets them, or take an image without secureBoot.",
  };
}

/** Firmware that starts only what Microsoft signed, and an image of Talos that nobody signed. */
export function unsignedImage(where: string): Problem {
  return {
    code: "unsigned-image",
    where,
    message: "The EFI disk has Microsoft's keys, so it does not start the image, which is not signed.",
    remedy: "Leave the EFI disk without keys; for secure boot give the TalosImage secureBoot: true.",
  };
}

/** A disk image or installer of another schematic, release or kind than the node's image. */
export function otherImage(where: string, subject: string, value: string, expected: string): Problem {
  return {
    code: "image-of-other-schematic",
    where,
    message: `${subject} is "${value}", but the node's image is "${expected}".`,
    remedy: "Give the node the TalosImage that both shall come from as `image`.",
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

/** An earlier synth that is to be compared with, and is not there. */
export function noPreviousSynth(where: string, folder: string): Problem {
  return {
    code: "no-previous-synth",
    where,
    message: `The site's previous synth "${folder}" has no manifest.json that can be read.`,
    remedy: "Give the folder that cdktf.out was copied to, or leave `previous` out.",
  };
}

/** A disk that is smaller than in an earlier synth: the plan shows a change, and the apply fails half-way. */
export function diskShrunk(where: string, slot: string, before: number, after: number): Problem {
  return {
    code: "disk-shrunk",
    where,
    message: `The disk at ${slot} was ${before} GiB in the previous synth and is ${after} GiB; Proxmox cannot shrink it.`,
    remedy: `Give it ${before} GiB again, or add a disk in another slot and move the data.`,
  };
}

/** A disk that is in another slot than in an earlier synth: there it is another disk, and empty. */
export function diskSlotChanged(where: string, gone: readonly string[], added: readonly string[]): Problem {
  return {
    code: "disk-slot-changed",
    where,
    message: `Disks of the previous synth at ${list(gone)} are gone, and there are new ones at ${list(added)}.`,
    remedy: "Leave a disk in its slot: a new slot is a new and empty disk. Add first, move the data, and remove later.",
  };
}

/** A disk that is not there any more: its data stays on the datastore, in no configuration. */
export function diskDetached(where: string, gone: readonly string[]): Problem {
  return {
    code: "disk-detached",
    where,
    message: `Disks of the previous synth at ${list(gone)} are gone; they stay on the datastore as unused disks of the VM.`,
    remedy: "If this is meant, delete them there afterwards (VM, Hardware, Unused Disk).",
    severity: "warning",
  };
}

/** Another host for a VM that has a device of its host: it does not migrate while it runs. */
export function deviceInTheWay(where: string, devices: readonly string[], from: string, to: string): Problem {
  return {
    code: "device-in-the-way",
    where,
    message: `The VM leaves "${from}" for "${to}", but with ${list(devices)} it does not migrate while it runs.`,
    remedy: "Apply it with started: false first, then move it, then start it again.",
  };
}

/** Settings of cloud-init that are gone from the code, but not from the VM. */
export function removedSettingStays(where: string, attributes: readonly string[]): Problem {
  return {
    code: "removed-setting-stays",
    where,
    message: `${list(attributes)} of the previous synth are gone, but Proxmox keeps what it was told.`,
    remedy: 'Give another value instead, such as "dhcp", or delete the setting by hand (VM, Cloud-Init).',
    severity: "warning",
  };
}

/** A change that is in force only after a restart which is left to a person, and which no later plan shows. */
export function changeStaysPending(where: string, attributes: readonly string[]): Problem {
  return {
    code: "change-stays-pending",
    where,
    message: `${list(attributes)} changed since the previous synth, but the VM is not restarted for changes.`,
    remedy: "Restart it by hand after the apply: until then the change is pending, and no plan shows it.",
    severity: "warning",
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

/** Something that should be the address of a host with its prefix length. */
export function malformedCidr(where: string, value: string): Problem {
  return {
    code: "malformed-cidr",
    where,
    message: `The address "${value}" is no IP address with a prefix length.`,
    remedy: 'Write it as "10.20.66.21/23".',
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

/** A machine or virtual IP at the gateway's address. */
export function addressIsGateway(where: string, prop: string, value: string): Problem {
  return {
    code: "address-is-gateway",
    where,
    message: `${prop} ${value} is the gateway's.`,
    remedy: "Use another address, or correct the gateway.",
  };
}

/** A cluster name that cannot be part of an output's name. */
export function malformedClusterName(where: string, name: string): Problem {
  return {
    code: "malformed-cluster-name",
    where,
    message: `"${name}" is no cluster name.`,
    remedy: "Use lower-case letters, digits and hyphens, at most 63, beginning and ending with a letter or digit.",
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

/** A cluster in which no pod of a user finds a node. */
export function nothingSchedulable(where: string): Problem {
  return {
    code: "nothing-schedulable",
    where,
    message: "The cluster has no worker, and its control planes take no ordinary pods: they would wait for ever.",
    remedy: "Add a worker, or the intent `schedulableControlPlanes()`.",
    severity: "warning",
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

/** Two networks, or ranges of addresses, that have addresses in common. */
export function subnetsOverlap(where: string, what: string, range: string, other: string, otherRange: string): Problem {
  return {
    code: "subnets-overlap",
    where,
    message: `${range}, ${what}, overlaps with ${otherRange}, ${other}.`,
    remedy: "Choose networks without an address in common.",
  };
}

/** One subnet on two bridges or VLANs, which are two networks. */
export function subnetOnTwoNetworks(
  where: string,
  subnet: string,
  network: string,
  owner: string,
  other: string,
): Problem {
  return {
    code: "subnet-on-two-networks",
    where,
    message: `The subnet ${subnet} is on ${network} here, and on ${other} for ${owner}.`,
    remedy: "Use the same bridge and VLAN for one subnet.",
  };
}

/** A range of addresses that is none. */
export function malformedRange(where: string, what: string, range: string): Problem {
  return {
    code: "malformed-range",
    where,
    message: `"${range}" as ${what} is neither a network nor a first and a last address.`,
    remedy: 'Write "10.0.0.192/27" or "10.0.0.200-10.0.0.250".',
  };
}

/** A machine with an address that somebody else gives out. */
export function addressReserved(where: string, address: string, what: string, range: string): Problem {
  return {
    code: "address-reserved",
    where,
    message: `The address ${address} is in ${range}, ${what}.`,
    remedy: "Give another address, or make the reserved range smaller.",
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
    remedy: "Give every machine of the role the same VLANs in the same order: in its `extraNics`, or in the role's.",
  };
}

/** A value that Terraform knows only later, where a machine configuration has no text. */
export function terraformValueInConfiguration(where: string): Problem {
  return {
    code: "terraform-value-in-configuration",
    where,
    message:
      "The machine configuration holds a number, a list, a map or a key that only Terraform knows; only texts can be.",
    remedy: "Give a plain value, or for a text the variable's or the attribute's `stringValue`.",
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

/** Control planes of which one host has so many that the others have no quorum without it. */
export function hostBreaksQuorum(where: string, host: string, nodes: readonly string[], all: number): Problem {
  return {
    code: "host-breaks-quorum",
    where,
    message: `Without the host "${host}" ${all - nodes.length} of ${all} control planes are left, which is no quorum: ${list(nodes)} are on it.`,
    remedy: "Put the control planes on as many hosts as there are of them, or live with it.",
    severity: "warning",
  };
}

/** More highly available control planes than hosts to keep them apart: some would stay down. */
export function moreControlPlanesThanHosts(where: string, controlPlanes: number, hosts: number): Problem {
  return {
    code: "more-control-planes-than-hosts",
    where,
    message: `${controlPlanes} control planes are highly available and never share a host, but the site has ${hosts}.`,
    remedy: "Take highAvailability off the control planes, or use fewer of them.",
  };
}

// --- In the Kubernetes cluster -------------------------------------------------------------------------------------

/** An object with a name that Kubernetes does not take. */
export function malformedObjectName(where: string, kind: string, name: string): Problem {
  return {
    code: "malformed-object-name",
    where,
    message: `"${name}" is no name of a ${kind}.`,
    remedy:
      "Use lower-case letters, digits, hyphens and dots, at most 253, beginning and ending with a letter or digit.",
  };
}

/** A namespace with a name that Kubernetes does not take. */
export function malformedNamespace(where: string, name: string): Problem {
  return {
    code: "malformed-namespace",
    where,
    message: `"${name}" is no name of a namespace.`,
    remedy: "Use lower-case letters, digits and hyphens, at most 63, beginning and ending with a letter or digit.",
  };
}

/** A release with a name that Helm does not take. */
export function malformedReleaseName(where: string, name: string): Problem {
  return {
    code: "malformed-release-name",
    where,
    message: `"${name}" is no name of a Helm release.`,
    remedy: "Use lower-case letters, digits and hyphens, at most 53, beginning and ending with a letter or digit.",
  };
}

/** A chart in no exact version: a later plan would install another one. */
export function unpinnedChart(where: string, chart: string, version: string): Problem {
  return {
    code: "unpinned-chart",
    where,
    message: `The version "${version}" of the chart ${chart} is no exact one.`,
    remedy: 'Give all three numbers, such as "1.19.2".',
  };
}

/** A schedule that whoever runs by it does not read. */
export function malformedSchedule(where: string, schedule: string, fields: "five" | "six"): Problem {
  return {
    code: "malformed-schedule",
    where,
    message: `"${schedule}" is no schedule of ${fields} fields.`,
    remedy: `Write it like "${fields === "five" ? "30 2 * * *" : "0 30 2 * * *"}", which is half past two at night.`,
  };
}

/** An image whose content can change under its name. */
export function unpinnedImage(where: string, image: string): Problem {
  return {
    code: "unpinned-image",
    where,
    message: `The image "${image}" has no digest.`,
    remedy: "Append the digest of the tag: <name>:<tag>@sha256:<64 hexadecimal digits>.",
  };
}

/** An object that is there twice: the second one would take the place of the first. */
export function duplicateObject(where: string, object: string): Problem {
  return {
    code: "duplicate-object",
    where,
    message: `${object} is there twice.`,
    remedy: "Give each object of a kind a name of its own in its namespace.",
  };
}

/** An object in a form that is served no more. */
export function outdatedApi(where: string, object: string, apiVersion: string, goneFrom: string, now: string): Problem {
  return {
    code: "outdated-api",
    where,
    message: `${object} is written as ${apiVersion}, which is not served from ${goneFrom} on.`,
    remedy: `Write it as ${now}, whose fields may have other names.`,
  };
}

/** A Secret among objects, which are in the state and in plans as they are. */
export function secretAmongObjects(where: string, object: string): Problem {
  return {
    code: "secret-among-objects",
    where,
    message: `${object} would be readable in the state and in plans.`,
    remedy: "Make it with KubernetesSecret, which keeps the values out of both.",
  };
}

/** A character that Helm writes in such a way that Kubernetes reads another one, or nothing at all. */
export function unwritableCharacter(where: string, object: string, character: string): Problem {
  return {
    code: "unwritable-character",
    where,
    message: `${object} has the character ${character}, which Helm does not hand on.`,
    remedy: "Leave it out, or put the text into the object in Base64.",
  };
}

// --- Backups -------------------------------------------------------------------------------------------------------

/** Backups in a bucket that deletes them by itself. */
export function backupsExpire(where: string, bucket: string, days: number): Problem {
  return {
    code: "backups-expire",
    where,
    message: `The bucket ${bucket} deletes everything after ${days} days, also the last good backup when no new one comes.`,
    remedy: "Leave out expireAfterDays of the bucket: what makes the backups deletes old ones, and keeps the newest.",
  };
}

/** Something that holds data, and of which nobody says how it comes back. */
export function dataWithoutBackup(where: string, data: string, policy: string): Problem {
  return {
    code: "data-without-backup",
    where,
    message: `Nothing says how ${data} comes back when it is lost.`,
    remedy: `Name its backup in ${policy} by protect, or say by leaveOut why it needs none.`,
  };
}

/** Data of which two things are said. */
export function protectedTwice(where: string, data: string): Problem {
  return {
    code: "protected-twice",
    where,
    message: `The backup of ${data} is said twice.`,
    remedy: "Say it once, by protect or by leaveOut.",
  };
}

/** A backup that does not have what it is named for. */
export function backupOfOtherData(where: string, data: string, backup: string): Problem {
  return {
    code: "backup-of-other-data",
    where,
    message: `${data} is not in the backups that ${backup} makes.`,
    remedy: "Name what backs it up, let that have it, or say by leaveOut why it needs no backup.",
  };
}

/** A backup of which a part is empty. */
export function protectionIncomplete(where: string, data: string, part: string): Problem {
  return {
    code: "protection-incomplete",
    where,
    message: `The ${part} for ${data} is empty.`,
    remedy: "Say it in a few words, which whoever restores it can use.",
  };
}

// --- Object stores ------------------------------------------------------------------------------------------------

/** A bucket with a name that S3, or a certificate for all buckets, does not take. */
export function bucketNameMalformed(where: string, name: string): Problem {
  return {
    code: "bucket-name-malformed",
    where,
    message: `"${name}" is no name of a bucket.`,
    remedy: "Use 3 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit.",
  };
}

/** A bucket that the store does not have. */
export function unknownBucket(where: string, bucket: string, known: readonly string[]): Problem {
  return {
    code: "unknown-bucket",
    where,
    message: `The store has no bucket "${bucket}".`,
    remedy: `Use one of ${list(known)}, or add "${bucket}" to the store's buckets.`,
  };
}

/** An identity that the store does not have. */
export function unknownIdentity(where: string, identity: string, known: readonly string[]): Problem {
  return {
    code: "unknown-identity",
    where,
    message: `The store has no identity "${identity}".`,
    remedy: `Use one of ${list(known)}, or add "${identity}" to the store's identities.`,
  };
}

/** An identity with a name that is no access key, or that means somebody else. */
export function identityNameMalformed(where: string, name: string): Problem {
  return {
    code: "identity-name-malformed",
    where,
    message: `"${name}" is no name of an identity.`,
    remedy:
      "Use lower-case letters, digits and hyphens, at most 63; admin is who makes the buckets, and anonymous is everybody.",
  };
}

/** An identity that may do nothing. */
export function identityWithoutAccess(where: string): Problem {
  return {
    code: "identity-without-access",
    where,
    message: "The identity may use no bucket.",
    remedy: 'Say what it may do where, such as { "cnpg-backup": "write" }, or take it out.',
  };
}

/** An identity that nobody could prove to be. */
export function identityWithoutKey(where: string): Problem {
  return {
    code: "identity-without-key",
    where,
    message: "The identity has no secret key.",
    remedy: "Give one, from a sensitive TerraformVariable.",
  };
}

/** A certificate that cannot be read. */
export function certificateUnreadable(where: string): Problem {
  return {
    code: "certificate-unreadable",
    where,
    message: "It is no certificate as PEM.",
    remedy: "Give the file that the server has, which begins with -----BEGIN CERTIFICATE-----.",
  };
}

/** A certificate for other names than the one that clients call: all of them would refuse the server. */
export function nameNotInCertificate(where: string, host: string, names: string): Problem {
  return {
    code: "name-not-in-certificate",
    where,
    message: `The certificate is for ${names}, and clients call ${host}.`,
    remedy: "Call the store by a name of the certificate, or have one made for this name, by an authority of your own.",
  };
}

/** A name within a cluster, for which no authority that everybody trusts signs certificates. */
export function authorityMissing(where: string, host: string): Problem {
  return {
    code: "authority-missing",
    where,
    message: `No client trusts a certificate for ${host}, since nothing says who signed it.`,
    remedy: "Give the certificate of the authority as `ca`, or a public name as `host`.",
  };
}

/** A stack whose state is in a store that cannot be made without it. */
export function stateInOwnStore(where: string, stack: string, endpoint: string): Problem {
  return {
    code: "state-in-own-store",
    where,
    message: `The stack ${stack} keeps its state at ${endpoint}, and without the stack there is no such store.`,
    remedy:
      'Keep that stack\'s state in a file (`state: "local"`), or say in `stateRestore` how it comes back after a loss.',
  };
}

/** A SeaweedFS that lacks what is relied on. */
export function seaweedFsTooOld(where: string, version: string, least: string): Problem {
  return {
    code: "seaweed-fs-too-old",
    where,
    message: `SeaweedFS ${version} lacks options that are given to it; before 4.18 two writers could take one lock.`,
    remedy: `Use ${least} or later.`,
  };
}

// --- PostgreSQL, its backups and their drills ---------------------------------------------------------------------

/** A PostgreSQL cluster with a name that the operator does not take. */
export function malformedPostgresName(where: string, name: string): Problem {
  return {
    code: "malformed-postgres-name",
    where,
    message: `"${name}" is no name of a PostgreSQL cluster.`,
    remedy: "Use lower-case letters, digits and hyphens, at most 50, beginning with a letter.",
  };
}

/** An image of PostgreSQL whose tag does not say which PostgreSQL it is: the operator refuses it. */
export function imageWithoutVersion(where: string, image: string): Problem {
  return {
    code: "image-without-version",
    where,
    message: `The tag of the image "${image}" does not begin with the version of PostgreSQL.`,
    remedy: "Name the image with both: <name>:18.6-standard-trixie@sha256:<64 hexadecimal digits>.",
  };
}

/** An image without the programs that a backup by the operator itself runs. */
export function imageWithoutBarman(where: string, image: string): Problem {
  return {
    code: "image-without-barman",
    where,
    message: `The image "${image}" has no barman-cloud, which the operator runs in it for its own backups.`,
    remedy: 'Use an image of the flavour "system", or let the plugin make the backups.',
  };
}

/** An operator that does not make backups in the way that is asked for. */
export function operatorLacksBackups(where: string, version: string, backups: string, supported: string): Problem {
  return {
    code: "operator-lacks-backups",
    where,
    message: `CloudNativePG ${version} has no backups of the form "${backups}"; it needs ${supported}.`,
    remedy: 'Use backups: "plugin" with 1.26 or later.',
  };
}

/** Backups in the form that a later operator does not have. */
export function backupsDeprecated(where: string, version: string): Problem {
  return {
    code: "backups-deprecated",
    severity: "warning",
    where,
    message: `CloudNativePG ${version} makes backups of the form "in-tree" for the last releases; 1.31 does not.`,
    remedy: 'Change to backups: "plugin" before the operator is upgraded; the archive stays as it is.',
  };
}

/** A version of an operator in which not all three numbers are given. */
export function malformedOperatorVersion(where: string, version: string): Problem {
  return {
    code: "malformed-operator-version",
    where,
    message: `"${version}" is no version of CloudNativePG.`,
    remedy: 'Give all three numbers, such as "1.30.0".',
  };
}

/** A database without a backup, and without a reason for that. */
export function reasonMissing(where: string, what: string): Problem {
  return {
    code: "reason-missing",
    where,
    message: `There is no reason for this: ${what}.`,
    remedy: "Say in a sentence why this is right here; whoever reads the code later needs it.",
  };
}

/** A retention that neither the operator nor the plugin reads. */
export function malformedRetention(where: string, retention: string): Problem {
  return {
    code: "malformed-retention",
    where,
    message: `"${retention}" is no retention.`,
    remedy: 'Write a number and d, w or m for days, weeks or months, such as "30d".',
  };
}

/** An address of an object store that is none. */
export function malformedEndpoint(where: string, endpoint: string): Problem {
  return {
    code: "malformed-endpoint",
    where,
    message: `"${endpoint}" is no address of an S3 server.`,
    remedy: 'Write scheme, host and port only, such as "https://s3.example.com:8333".',
  };
}

/** Backups that travel in clear, their keys' signatures with them. */
export function endpointWithoutTls(where: string, endpoint: string): Problem {
  return {
    code: "endpoint-without-tls",
    severity: "warning",
    where,
    message: `Backups go to ${endpoint} in clear: whoever is on the way reads the whole database.`,
    remedy: "Use https://, with the name of the Secret of a private CA in caSecret where there is one.",
  };
}

/** A folder in a bucket with a name that would be read as another one. */
export function malformedPrefix(where: string, prefix: string): Problem {
  return {
    code: "malformed-prefix",
    where,
    message: `"${prefix}" is no folder in a bucket.`,
    remedy: "Use letters, digits, hyphens, dots and underscores; slashes stand between folders, and not at the ends.",
  };
}

/** An object store in the cluster whose databases it is to bring back. */
export function objectStoreInCluster(where: string, endpoint: string): Problem {
  return {
    code: "object-store-in-cluster",
    where,
    message: `The backups go to ${endpoint}, in the cluster that they are there for: both are lost together.`,
    remedy: "Use a store outside of the cluster, or say in insideCluster how it is reached without the cluster.",
  };
}

/** Two PostgreSQL clusters that write into one archive. */
export function sharedArchive(where: string, archive: string, other: string): Problem {
  return {
    code: "shared-archive",
    where,
    message: `${other} writes its WAL to ${archive}, too: each overwrites what the other needs to be restored.`,
    remedy: "Give each cluster a bucket, a prefix or a serverName of its own.",
  };
}

/** A recovered cluster that writes into the archive which it is recovered from. */
export function recoveryIntoSource(where: string, archive: string): Problem {
  return {
    code: "recovery-into-source",
    where,
    message: `The cluster is recovered from ${archive}, and would write its own WAL into it.`,
    remedy: "Give backup.serverName another name, such as that of the cluster with a date.",
  };
}

/** A moment of a recovery that could be meant in several time zones. */
export function malformedTargetTime(where: string, time: string): Problem {
  return {
    code: "malformed-target-time",
    where,
    message: `"${time}" is no moment with its offset from UTC.`,
    remedy: 'Write it like "2026-11-20T08:30:00+01:00"; a time without an offset would be taken for UTC.',
  };
}

/** A position in the WAL that is none. */
export function malformedLsn(where: string, lsn: string): Problem {
  return {
    code: "malformed-lsn",
    where,
    message: `"${lsn}" is no position in the WAL.`,
    remedy: 'Write it as PostgreSQL shows it, such as "0/3000060".',
  };
}

/** A restore point with a name that PostgreSQL does not take. */
export function malformedRestorePoint(where: string, name: string): Problem {
  return {
    code: "malformed-restore-point",
    where,
    message: `"${name}" is no name of a restore point.`,
    remedy: "Use the name that was given to pg_create_restore_point, of 1 to 63 characters.",
  };
}

/** A field of a resource that a prop sets already. */
export function fieldOfProp(where: string, field: string): Problem {
  return {
    code: "field-of-prop",
    where,
    message: `The field ${field} of the Cluster is set by a prop.`,
    remedy: "Use the prop; spec is for fields that have none.",
  };
}

/** A drill of a cluster that has no backups. */
export function drillWithoutBackup(where: string, cluster: string): Problem {
  return {
    code: "drill-without-backup",
    where,
    message: `${cluster} has no backup that could be restored.`,
    remedy: "Give the cluster a backup, or leave the drill out.",
  };
}

/** A drill that restores something else than the backup beside which it is named. */
export function drillOfOtherBackup(where: string, data: string, drill: string, of: string, backup: string): Problem {
  return {
    code: "drill-of-other-backup",
    where,
    message: `The drill ${drill} of ${data} restores ${of}, and the backup that is named is ${backup}.`,
    remedy: "Name the drill of that backup, or the backup that the drill restores.",
  };
}

/** A drill of snapshots that are in no bucket. */
export function drillWithoutBucket(where: string, snapshots: string): Problem {
  return {
    code: "drill-without-bucket",
    where,
    message: `A drill fetches snapshots from a bucket, and ${snapshots} keeps none in one.`,
    remedy: "Give the snapshots a bucket beside the share, or leave the drill out.",
  };
}

/** A drill with a key that may write where what it restores is. */
export function drillMayWrite(where: string, identity: string): Problem {
  return {
    code: "drill-may-write",
    where,
    message: `The drill would have the key of ${identity}, who may write the snapshots, beside a copy of production.`,
    remedy: "Give it an identity that may read the bucket and nothing else.",
  };
}

/** A drill that comes less often than its result counts. */
export function drillTooRare(where: string, schedule: string, maxAgeDays: number): Problem {
  return {
    code: "drill-too-rare",
    where,
    message: `Between two drills by "${schedule}" is more time than the ${maxAgeDays} days for which a restore counts.`,
    remedy: "Hold drills more often, or raise maxAgeDays.",
  };
}

/** A drill that could reach what it must not touch. */
export function drillNotIsolated(where: string, range: string): Problem {
  return {
    code: "drill-not-isolated",
    where,
    message: `A restored copy may only reach what is named, and "${range}" is no range of addresses, or too wide.`,
    remedy: 'Name the addresses themselves, such as "10.0.20.10/32", or ranges of /16, by IPv6 of /48, or narrower.',
  };
}

/** A Pushgateway that the network policy of a drill cannot name. */
export function pushgatewayUnreachable(where: string, url: string): Problem {
  return {
    code: "pushgateway-unreachable",
    where,
    message: `The network policy cannot let the drill reach "${url}": it is neither a Service nor an address.`,
    remedy: 'Use "http://<service>.<namespace>.svc:9091", or an address with a port.',
  };
}

// --- Snapshots ----------------------------------------------------------------------------------------------------

/** Snapshots with days between them on which none is taken. */
export function snapshotsTooRare(where: string, schedule: string): Problem {
  return {
    code: "snapshots-too-rare",
    where,
    message: `By "${schedule}" there are days without a snapshot, and what happened on them would be lost.`,
    remedy: 'Let it run on each day, such as by "0 2 * * *".',
  };
}

/** Two kinds of snapshots that cannot be told from each other where they are kept. */
export function sharedSnapshots(where: string, place: string, name: string, other: string): Problem {
  return {
    code: "shared-snapshots",
    where,
    message: `${other} keeps snapshots called "${name}" in ${place}, too: each deletes those of the other as its own.`,
    remedy: "Give one of them another id, or another folder.",
  };
}

/** Two kinds of snapshots whose metrics overwrite each other. */
export function sharedSnapshotMetrics(where: string, pushgateway: string, name: string, other: string): Problem {
  return {
    code: "shared-snapshot-metrics",
    where,
    message: `${other} pushes metrics of "${name}" to ${pushgateway}, too: while one succeeds, no alert says that the other fails.`,
    remedy: "Give one of them another id.",
  };
}

/** Snapshots that would be lost with what they bring back. */
export function snapshotInsideCluster(where: string, context: string): Problem {
  return {
    code: "snapshot-inside-cluster",
    where,
    message: `The only place of the snapshots is a store in the cluster ${context}, which they are taken in.`,
    remedy: "Give a store outside of the cluster, or an NFS share as well.",
  };
}

/** A cluster that does not let pods of a namespace take snapshots of its etcd. */
export function talosAccessMissing(where: string, cluster: string, role: string, namespace: string): Problem {
  return {
    code: "talos-access-missing",
    where,
    message: `The control planes of ${cluster} do not give the role ${role} to pods of the namespace ${namespace}.`,
    remedy: `Add talosApiAccess({ allowedRoles: ["${role}"], allowedKubernetesNamespaces: ["${namespace}"] }) to the intents of the cluster.`,
  };
}

/** An image of talosctl for another release than that of the cluster. */
export function talosctlOfOtherRelease(where: string, image: string, talos: string): Problem {
  return {
    code: "talosctl-of-other-release",
    where,
    message: `"${image}" is not of the release of the cluster, which is ${talos}.`,
    remedy: `Use ghcr.io/siderolabs/talosctl:v${talos}@sha256:…, with the digest of the index.`,
  };
}

// --- Whether nodes are as they were --------------------------------------------------------------------------------

/** A watch over nothing. */
export function nothingWatched(where: string): Problem {
  return {
    code: "nothing-watched",
    where,
    message: "No directory is watched.",
    remedy: "Name directories, or leave the prop out for those of an Ubuntu node.",
  };
}

/** A path that AIDE, the kernel and a reader would not take for the same. */
export function malformedWatchedPath(where: string, path: string): Problem {
  return {
    code: "malformed-watched-path",
    where,
    message: `"${path}" is no path that can be watched.`,
    remedy: "Use an absolute path of letters, digits and the signs . _ - + @ : without a slash at its end.",
  };
}

/** A directory that is watched twice. */
export function duplicateWatchedDirectory(where: string, directory: string): Problem {
  return {
    code: "duplicate-watched-directory",
    where,
    message: `${directory} is watched twice.`,
    remedy: "Name each directory once, with all of its files.",
  };
}

/** A directory in which something changes all the time. */
export function churningDirectory(where: string, directory: string, churning: string): Problem {
  return {
    code: "churning-directory",
    where,
    message: `${directory} would never be as it was: programs write ${churning} all the time.`,
    remedy: "Name the directories that are meant, or with `files` the files of this one.",
  };
}

/** A directory that the watch itself changes. */
export function watchesItself(where: string, directory: string, own: string): Problem {
  return {
    code: "watches-itself",
    where,
    message: `${directory} would change with each check: the watch writes ${own}.`,
    remedy: "Watch other directories, or have the metrics written elsewhere.",
  };
}

/** An exclusion that nobody can judge. */
export function exclusionWithoutReason(where: string, path: string): Problem {
  return {
    code: "exclusion-without-reason",
    where,
    message: `Nothing says why ${path} is not watched.`,
    remedy: "Give the reason.",
  };
}

/** An exclusion of what is not watched anyway. */
export function exclusionOutsideWatch(where: string, path: string): Problem {
  return {
    code: "exclusion-outside-watch",
    where,
    message: `${path} is in no directory that is watched with all that is below it.`,
    remedy: "Correct the path, or take the exclusion out.",
  };
}

/** An exclusion of what has to be there. */
export function watchExcluded(where: string, exclusion: string, path: string): Problem {
  return {
    code: "watch-excluded",
    where,
    message: `The exclusion ${exclusion} takes ${path} out, which is to be watched.`,
    remedy: "Exclude less, or watch other paths.",
  };
}

/** A number of entries below which a database could be empty. */
export function tooFewEntries(where: string, entries: number): Problem {
  return {
    code: "too-few-entries",
    where,
    message: `With at least ${entries} entries, a database that has seen nothing would pass for a good one.`,
    remedy: "Use a whole number from 1 on, somewhat below what a node has.",
  };
}

/** A time of the day that is none. */
export function malformedTime(where: string, time: string): Problem {
  return {
    code: "malformed-time",
    where,
    message: `"${time}" is no time of the day.`,
    remedy: 'Write it with four digits, such as "03:30", in UTC.',
  };
}

/** Checks without a time. */
export function noCheckTime(where: string): Problem {
  return {
    code: "no-check-time",
    where,
    message: "No check would ever begin.",
    remedy: "Give at least one time of the day.",
  };
}

/** A patch window in which too much could happen. */
export function patchWindowTooLong(where: string, minutes: number): Problem {
  return {
    code: "patch-window-too-long",
    where,
    message: `Checks would be held off for ${minutes / 60} hours at a time.`,
    remedy: "Hold them off for 12 hours at most. Windows that touch each other count as one.",
  };
}

/** A selector that takes any node. */
export function nodesNotChosen(where: string, selector: readonly string[]): Problem {
  return {
    code: "nodes-not-chosen",
    where,
    message: `${selector.length === 0 ? "No label" : `The selector by ${selector.join(", ")}`} tells Ubuntu nodes from those of Talos.`,
    remedy: "Give the Ubuntu nodes a label of their own, and select by it.",
  };
}

/** A place for metrics that is no directory of the node or no URL. */
export function malformedMetricsTarget(where: string, target: string): Problem {
  return {
    code: "malformed-metrics-target",
    where,
    message: `No metrics can be written to "${target}".`,
    remedy: "Name a directory by its absolute path, or a Pushgateway by its http or https URL.",
  };
}

/** A node whose watcher has said nothing. */
export function nodeNotWatched(node: string, known: readonly string[]): Problem {
  return {
    code: "node-not-watched",
    where: node,
    message: `The logs have no check of "${node}".`,
    remedy:
      known.length === 0 ? "Look whether the watchers run, and in which namespace." : `Use one of ${list(known)}.`,
  };
}

/** A node that offers nothing to approve. */
export function baselineNotOffered(node: string, reason: string): Problem {
  return {
    code: "baseline-not-offered",
    where: node,
    message: `The last check did not see all of the node: ${reason}.`,
    remedy: "Make the node readable, and wait for the next check.",
  };
}

/** Too little of a fingerprint to say which one is meant. */
export function shortFingerprint(node: string, fingerprint: string): Problem {
  return {
    code: "short-fingerprint",
    where: node,
    message: `"${fingerprint}" does not say which baseline is meant.`,
    remedy: "Give at least the first 12 digits that are shown.",
  };
}

/** Approval of what is no longer there. */
export function otherBaselineOffered(node: string, approved: string, offered: string): Problem {
  return {
    code: "other-baseline-offered",
    where: node,
    message: `What is there now is ${offered.slice(0, 12)}, and not ${approved}.`,
    remedy: "Read the findings again: the node has changed since.",
  };
}

/** A machine that was asked for and is not there. */
export function unknownMachine(where: string, machine: string, known: readonly string[]): Problem {
  return {
    code: "unknown-machine",
    where,
    message: `There is no Talos machine "${machine}".`,
    remedy: `Use one of ${list(known)}.`,
  };
}

/** A machine that joined its cluster after the watch over all of them was made. */
export function machinesAddedLater(where: string, cluster: string, machines: readonly string[]): Problem {
  return {
    code: "machines-added-later",
    where,
    message: `${list(machines)} of ${cluster} were added after it was made, so nobody would look at them.`,
    remedy: "Add all machines to the cluster before.",
  };
}

/** A list of machines that does not say what they have to be. */
export function malformedMachines(where: string, reason: string): Problem {
  return {
    code: "malformed-machines",
    where,
    message: `What the machines have to be cannot be read: ${reason}`,
    remedy: "Give the file machines.json that TalosDrift puts into its ConfigMap.",
  };
}

/** Stacks without a Talos machine. */
export function noTalosMachine(outdir: string): Problem {
  return {
    code: "no-talos-machine",
    where: outdir,
    message: "The synthesized stacks have no Talos machine.",
    remedy: "Name the folder, or the stacks, that have some.",
  };
}

/** A `kubectl` that does not do what it is asked for. */
export function kubectlFailed(where: string, reason: string): Problem {
  return {
    code: "kubectl-failed",
    where,
    message: `kubectl did not do it: ${reason}`,
    remedy: "Look whether kubectl is installed, reaches the cluster, and may do that.",
  };
}

// --- Secrets ------------------------------------------------------------------------------------------------------

/** A secret that stands in the synthesized configuration in clear. The value is not repeated here. */
export function literalSecret(where: string, path: string, kind: string): Problem {
  return {
    code: "literal-secret",
    where,
    message: `${path} holds ${kind} as a literal; it would be readable in cdktf.out, in plans and in version control.`,
    remedy: "Take it from a sensitive TerraformVariable, or leave it to the environment of the provider.",
  };
}

// --- Machine configurations ---------------------------------------------------------------------------------------

/** A version that is not written in full, or with a leading `v`. */
export function versionMalformed(where: string, which: "talos" | "kubernetes", version: string): Problem {
  const example = which === "talos" ? "1.14.4" : "1.37.1";
  const withoutV = /^v\d+\.\d+\.\d+/.test(version) ? version.slice(1) : example;
  return {
    code: "version-malformed",
    where,
    message: `The ${which} version "${version}" is not of the form "${example}".`,
    remedy: `Write "${withoutV}": all three numbers, without a leading "v".`,
  };
}

/** A Talos release of which the library knows nothing. */
export function talosMinorUnknown(where: string, talos: string, known: readonly string[]): Problem {
  return {
    code: "talos-minor-unknown",
    where,
    message: `Talos ${talos} is of a minor release that this library does not know.`,
    remedy: `Use one of ${known.join(", ")}, or a version of this library that knows it.`,
  };
}

/** A contract that is none. */
export function contractUnknown(where: string, contract: string, known: readonly string[]): Problem {
  return {
    code: "contract-unknown",
    where,
    message: `"${contract}" is not a configuration contract.`,
    remedy: `Use the minor release the cluster was born with, one of ${known.join(", ")}.`,
  };
}

/** Talos refuses configuration of a later release. */
export function talosOlderThanContract(where: string, talos: string, contract: string): Problem {
  return {
    code: "talos-older-than-contract",
    where,
    message: `Talos ${talos} cannot read the configuration of contract ${contract}.`,
    remedy: `Use Talos ${contract} or later, or the contract of the release the cluster was born with.`,
  };
}

/** A way from one release to another that Talos or Kubernetes does not go. */
export function upgradeRefused(where: string, what: "Talos" | "Kubernetes", from: string, to: string): Problem {
  return {
    code: "upgrade-refused",
    where,
    message: `${what} was ${from} in the previous synth, and does not get from there to ${to}.`,
    remedy: "Go through every minor release, and apply each; an earlier state comes back from a backup only.",
  };
}

/** An upgrade of Talos over a minor release. */
export function minorSkipped(where: string, from: string, to: string): Problem {
  return {
    code: "minor-skipped",
    where,
    message: `Talos was ${from} in the previous synth and is ${to}: the minor release between them is skipped, which nobody tests.`,
    remedy: "Upgrade to the latest patch of the release between them first, apply that, and then go on.",
    severity: "warning",
  };
}

/** Another shape of the machine configurations than the cluster was born with. */
export function contractChanged(where: string, from: string, to: string): Problem {
  return {
    code: "contract-changed",
    where,
    message: `The contract was ${from} in the previous synth and is ${to}, so what is generated for each machine changes.`,
    remedy: "Leave the contract as it was; it need not follow the release of Talos.",
    severity: "warning",
  };
}

/** Kubernetes outside what Talos accepts. */
export function kubernetesOutsideWindow(
  where: string,
  kubernetes: string,
  talos: string,
  oldest: string,
  newest: string,
): Problem {
  return {
    code: "kubernetes-outside-window",
    where,
    message: `Kubernetes ${kubernetes} does not run on Talos ${talos}, which accepts ${oldest} to ${newest}.`,
    remedy: `Use Kubernetes ${oldest} to ${newest}, or upgrade Talos first.`,
  };
}

/** A document of a kind that Talos does not have. */
export function kindUnknown(where: string, kind: string, known: readonly string[]): Problem {
  return {
    code: "kind-unknown",
    where,
    message: `Talos has no document of kind "${kind}".`,
    remedy: nearestRemedy(kind, known),
  };
}

/** A document that came with a later Talos than the machine's. */
export function kindTooNew(where: string, kind: string, since: string, talos: string): Problem {
  return {
    code: "kind-too-new",
    where,
    message: `${kind} exists since Talos ${since}; the machine runs ${talos}.`,
    remedy: `Upgrade Talos to ${since} first, or leave the document out.`,
  };
}

/** A field that came with a later Talos than the machine's. */
export function fieldTooNew(where: string, since: string, talos: string): Problem {
  return {
    code: "field-too-new",
    where,
    message: `The field exists since Talos ${since}; the machine runs ${talos}.`,
    remedy: `Upgrade Talos to ${since} first, or leave the field out.`,
  };
}

/** A document for what the generated configuration says in the v1alpha1 document. */
export function kindOfNewerContract(where: string, kind: string, since: string, contract: string): Problem {
  return {
    code: "kind-of-newer-contract",
    where,
    message: `${kind} belongs to contract ${since}; under contract ${contract} the v1alpha1 document says the same.`,
    remedy: "Use the intent instead of the document: it takes the form of the contract.",
  };
}

/** A need that the machine's contract has no form for. */
export function intentNeedsContract(
  where: string,
  need: string,
  needed: string,
  contract: string,
  remedy: string,
): Problem {
  return {
    code: "intent-needs-contract",
    where,
    message: `${need} can be configured under contract ${needed}, and not under ${contract}.`,
    remedy,
  };
}

/** A section of the v1alpha1 document for which there is a document. */
export function sectionReplaced(where: string, kind: string, contract: string): Problem {
  return {
    code: "section-replaced",
    where,
    message: `The section excludes ${kind}, which the machine has under contract ${contract}.`,
    remedy: `Put the setting into ${kind}, or use the intent: it takes the form of the contract.`,
  };
}

/** A document that workers refuse. */
export function controlPlaneOnly(where: string, kind: string): Problem {
  return {
    code: "control-plane-only",
    where,
    message: `${kind} is refused by workers.`,
    remedy: "Give it to control planes only.",
  };
}

/** The same document twice, of which Talos takes one or refuses both, depending on the release. */
export function documentTwice(where: string, identity: string): Problem {
  return {
    code: "document-twice",
    where,
    message: `The document ${identity} is there twice.`,
    remedy: "Merge both into one document.",
  };
}

/** Two intents that say different things about one field. */
export function intentsDisagree(where: string, first: string, value: unknown, second: string, other: unknown): Problem {
  const who = first === second ? `Two intents "${first}" give` : `The intents "${first}" and "${second}" give`;
  return {
    code: "intents-disagree",
    where,
    message: `${who} the field different values: ${shown(value)} and ${shown(other)}.`,
    remedy: "Say it once.",
  };
}

/** A document that one intent takes away and another one changes. */
export function documentDeleted(where: string, deleter: string, writer: string): Problem {
  return {
    code: "document-deleted",
    where,
    message: `The intent "${deleter}" takes the document away, which "${writer}" changes.`,
    remedy: "Leave one of the two intents out.",
  };
}

/** A key that the document does not have. */
export function fieldUnknown(where: string, key: string, known: readonly string[]): Problem {
  return {
    code: "field-unknown",
    where,
    message: `There is no field "${key}" here; Talos refuses unknown ones.`,
    remedy: nearestRemedy(key, known),
  };
}

/** A field without which the document is refused. */
export function fieldMissing(where: string, expected: string): Problem {
  return {
    code: "field-missing",
    where,
    message: "The field is missing.",
    remedy: `Give ${expected}.`,
  };
}

/** A value of the wrong type or form. */
export function wrongValue(where: string, value: unknown, expected: string): Problem {
  const quotable = expected === "a string" && (typeof value === "number" || typeof value === "boolean");
  return {
    code: "wrong-value",
    where,
    message: `${shown(value)} is not ${expected}.`,
    remedy: quotable ? `Write it as a string: "${value}".` : `Give ${expected}.`,
  };
}

/** A value that came with a later Talos than the machine's. */
export function valueTooNew(where: string, value: unknown, since: string, talos: string): Problem {
  return {
    code: "value-too-new",
    where,
    message: `${shown(value)} is accepted since Talos ${since}; the machine runs ${talos}.`,
    remedy: `Upgrade Talos to ${since} first, or use another value.`,
  };
}

/** Two fields of which only one may be given. */
export function fieldsExclude(where: string, first: string, second: string): Problem {
  return {
    code: "fields-exclude",
    where,
    message: `${first} and ${second} exclude each other.`,
    remedy: "Give one of them.",
  };
}

/** A field that has no meaning here, for which Talos refuses it. */
export function fieldNotAllowed(where: string, place: string): Problem {
  return {
    code: "field-not-allowed",
    where,
    message: `Talos refuses the field ${place}.`,
    remedy: "Leave it out.",
  };
}

/** Something in a list that is there already. */
export function duplicateEntry(where: string, what: string, value: unknown): Problem {
  return {
    code: "duplicate-entry",
    where,
    message: `The ${what} ${shown(value)} is there twice.`,
    remedy: `Give every ${what} once.`,
  };
}

/** A smallest size above the largest. */
export function sizesReversed(where: string, smallest: string, largest: string): Problem {
  return {
    code: "sizes-reversed",
    where,
    message: `The largest size ${largest} is below the smallest, ${smallest}.`,
    remedy: "Make maxSize at least as large as minSize, or leave one of them out.",
  };
}

/** An image of a Kubernetes component from which Talos cannot read the version. */
export function kubernetesImageUnversioned(where: string, image: string): Problem {
  return {
    code: "kubernetes-image-unversioned",
    where,
    message: `The tag of "${image}" is no version, which Talos reads to see whether it can run it.`,
    remedy: "Use a tag such as v1.37.1, also beside a digest.",
  };
}

/** An image of a Kubernetes release that Talos refuses. */
export function kubernetesImageUnsupported(
  where: string,
  image: string,
  kubernetes: string,
  talos: string,
  oldest: string,
  newest: string,
): Problem {
  return {
    code: "kubernetes-image-unsupported",
    where,
    message: `"${image}" is of Kubernetes ${kubernetes}, which Talos ${talos} refuses: it takes ${oldest} to ${newest}.`,
    remedy: `Use an image of Kubernetes ${oldest} to ${newest}.`,
  };
}

/** Names that the host's resolver should answer while it is off. */
export function hostDnsDisabled(where: string, field: string): Problem {
  return {
    code: "host-dns-disabled",
    where,
    message: `${field} is on, but hostDNS, which it needs, is off.`,
    remedy: `Turn ${field} off as well, or set hostDNS.enabled to true.`,
  };
}

/** Ports that a rule names twice. */
export function portsOverlap(where: string, ports: string | number, other: string | number): Problem {
  return {
    code: "ports-overlap",
    where,
    message: `The ports ${ports} are among ${other} already.`,
    remedy: "Name every port once.",
  };
}

/** Pods and services with a different number of networks. */
export function subnetsDiffer(where: string): Problem {
  return {
    code: "subnets-differ",
    where,
    message: "There are not as many service subnets as pod subnets.",
    remedy: "Give one of each, or for IPv4 and IPv6 two of each.",
  };
}

/** A private key that is none, which is not repeated here. */
export function notAKey(where: string): Problem {
  return {
    code: "not-a-key",
    where,
    message: "The text is not a private key in PEM.",
    remedy: 'Give the text that begins with "-----BEGIN" and names a private key.',
  };
}

/** An expression that Talos cannot compile. */
export function expressionWrong(where: string, expression: string, reason: string): Problem {
  return {
    code: "expression-wrong",
    where,
    message: `The expression ${shown(expression)} is refused: ${reason}.`,
    remedy: 'Write an expression such as disk.transport == "nvme" or disk.size > 100u * GiB; whole sizes end with u.',
  };
}

/** A document with a hostname that keeps the generated one as well. */
export function hostnameNeedsAutoOff(where: string, hostname: string): Problem {
  return {
    code: "hostname-needs-auto-off",
    where,
    message: `The hostname "${hostname}" excludes the generated one, which stays on unless the document turns it off.`,
    remedy: 'Add auto: "off".',
  };
}

/** A hostname that is not the name of a Kubernetes node. */
export function hostnameMalformed(where: string, hostname: string): Problem {
  return {
    code: "hostname-malformed",
    where,
    message: `"${hostname}" cannot be the name of a Kubernetes node.`,
    remedy: "Use lower-case letters, digits and hyphens, at most 63 between dots.",
  };
}

/** A hostname that Talos refuses for its length. */
export function hostnameTooLong(where: string, hostname: string): Problem {
  return {
    code: "hostname-too-long",
    where,
    message: `The hostname "${hostname}" has an empty or too long part.`,
    remedy: "Use 1 to 63 characters before the first dot and at most 253 in total.",
  };
}

/** A default route with a destination, which Talos refuses. */
export function defaultRouteDestination(where: string, destination: string): Problem {
  return {
    code: "default-route-destination",
    where,
    message: `The destination "${destination}" is everything, for which Talos has no destination.`,
    remedy: "Leave the destination out: a route without one is the default route.",
  };
}

/** A gateway that the link cannot reach. */
export function gatewayOutsideSubnet(where: string, gateway: string, address: string): Problem {
  return {
    code: "gateway-outside-subnet",
    where,
    message: `The gateway ${gateway} is not in the network of ${address}.`,
    remedy: "Use the router's address in that network, or correct the prefix length.",
  };
}

/** A gateway that is the machine. */
export function gatewayIsOwnAddress(where: string, gateway: string): Problem {
  return {
    code: "gateway-is-own-address",
    where,
    message: `The gateway ${gateway} is the link's own address.`,
    remedy: "Use the router's address.",
  };
}

/** A gateway on a link that has no network. */
export function gatewayWithoutAddress(where: string, gateway: string): Problem {
  return {
    code: "gateway-without-address",
    where,
    message: `The gateway ${gateway} is out of reach: its link has no address.`,
    remedy: "Give the link an address in the gateway's network, or leave the gateway out.",
  };
}

/** An address that no host may have. */
export function addressNotForHost(where: string, address: string): Problem {
  return {
    code: "address-not-for-host",
    where,
    message: `${address} is the address of the network itself or its broadcast address.`,
    remedy: "Give the machine's own address with the network's prefix length.",
  };
}

/** One address twice on a machine. */
export function addressTwice(where: string, address: string): Problem {
  return {
    code: "address-twice",
    where,
    message: `The address ${address} is on a link of the machine already.`,
    remedy: "Give every link an address of its own.",
  };
}

/** One link described twice. */
export function linkTwice(where: string, link: string): Problem {
  return {
    code: "link-twice",
    where,
    message: `The link "${link}" is listed twice.`,
    remedy: "List every link once.",
  };
}

/** A name that no link may have. */
export function linkNameMalformed(where: string, name: string): Problem {
  return {
    code: "link-name-malformed",
    where,
    message: `"${name}" cannot be the name of a link.`,
    remedy: "Use a letter and at most 14 letters, digits, dots, hyphens and underscores after it.",
  };
}

/** A name of one's own that a link may have already. */
export function linkNameOfKernel(where: string, name: string): Problem {
  return {
    code: "link-name-of-kernel",
    where,
    message: `"${name}" is a name that the kernel gives, maybe to another link than the one with the MAC address.`,
    remedy: "Choose a name of your own, such as lan0.",
  };
}

/** One link with two names. */
export function linkAliasedTwice(where: string, first: string, second: string): Problem {
  return {
    code: "link-aliased-twice",
    where,
    message: `"${first}" and "${second}" are names for the same link, which takes only one.`,
    remedy: "Use one name for the link everywhere.",
  };
}

/** A firewall through which nobody could correct it. */
export function talosApiBlocked(where: string, port: number): Problem {
  return {
    code: "talos-api-blocked",
    where,
    message: `The firewall blocks the Talos API, TCP port ${port}: the machine could not be configured any more.`,
    remedy: "Open the port with a rule, as clusterFirewall does.",
  };
}

/** Two default routes of one family, of which none is preferred. */
export function defaultRouteTwice(where: string, family: string, first: string, second: string): Problem {
  const links = first === second ? `The link "${first}" has two` : `The links "${first}" and "${second}" both have an`;
  return {
    code: "default-route-twice",
    where,
    message: `${links} ${family} gateway${first === second ? "s" : ""}; only one can be the default route.`,
    remedy: "Leave the gateway out on all links but one, or give it as a route with another metric.",
  };
}

/** A link that belongs to a bond or bridge and has an address. */
export function memberWithAddress(where: string, link: string, owner: string): Problem {
  return {
    code: "member-with-address",
    where,
    message: `The link "${link}" belongs to ${owner}, so nothing reaches an address of its own.`,
    remedy: "Give the address to the bond or bridge, or take the link out of it.",
  };
}

/** A VLAN on a link that is down. */
export function parentDown(where: string, link: string): Problem {
  return {
    code: "parent-down",
    where,
    message: `The link "${link}", which carries the VLAN, is configured nowhere, so that Talos leaves it down.`,
    remedy: "List it in staticNetwork, or make it with bond or bridge.",
  };
}

/** A link that belongs to two bonds or bridges. */
export function memberTwice(where: string, link: string, owner: string): Problem {
  return {
    code: "member-twice",
    where,
    message: `The link "${link}" belongs to ${owner} already.`,
    remedy: "List it in one of them.",
  };
}

/** A registry mirrored to nowhere. */
export function mirrorWithoutEndpoint(where: string, registry: string): Problem {
  return {
    code: "mirror-without-endpoint",
    where,
    message: `The mirror of ${registry} has no endpoint.`,
    remedy: "Give at least one URL, or leave the registry out.",
  };
}

/** Two registries behind one cache. */
export function mirrorEndpointShared(where: string, endpoint: string, first: string, second: string): Problem {
  const [message, remedy] =
    first === second
      ? [`The endpoint ${endpoint} of ${first} is listed twice.`, "List it once."]
      : [
          `The endpoint ${endpoint} serves ${first} as well as ${second}; a cache would answer for the wrong one.`,
          "Give every registry a port of its own.",
        ];
  return { code: "mirror-endpoint-shared", where, message, remedy };
}

/** A kubelet field that Talos sets. */
export function kubeletFieldProtected(where: string, field: string): Problem {
  return {
    code: "kubelet-field-protected",
    where,
    message: `Talos sets the kubelet's "${field}" itself and refuses another value.`,
    remedy: "Leave it out.",
  };
}

/** A kubelet argument that Talos sets. */
export function kubeletArgumentDenied(where: string, argument: string): Problem {
  return {
    code: "kubelet-argument-denied",
    where,
    message: `Talos sets the kubelet's argument "${argument}" itself; the kubelet would not start.`,
    remedy: "Leave it out.",
  };
}

/** Parallel pulls while pulls are one at a time. */
export function parallelPullsSerialized(where: string, parallel: number): Problem {
  return {
    code: "parallel-pulls-serialized",
    where,
    message: `maxParallelImagePulls ${parallel} contradicts serializeImagePulls: true; the kubelet would not start.`,
    remedy: "Leave serializeImagePulls out: Talos sets it to false.",
  };
}

/** A label that a worker may not give itself. */
export function labelNotAllowed(where: string, key: string): Problem {
  return {
    code: "label-not-allowed",
    where,
    message: `Kubernetes does not let a worker give itself the label "${key}".`,
    remedy: "Use a key outside kubernetes.io and k8s.io, or set the label with kubectl or Terraform.",
  };
}

/** An argument for which there is a document. */
export function apiServerArgumentDenied(where: string, argument: string, kind: string): Problem {
  return {
    code: "api-server-argument-denied",
    where,
    message: `Talos refuses kube-apiserver's argument "${argument}".`,
    remedy: `Use the document ${kind}.`,
  };
}

/** An argument that an intent of its own gives. */
export function argumentOfIntent(where: string, argument: string, component: string, intent: string): Problem {
  return {
    code: "argument-of-intent",
    where,
    message: `The argument "${argument}" of ${component} belongs to the intent ${intent}, which has a form for every contract.`,
    remedy: `Use ${intent}().`,
  };
}

/** An audit rule about two kinds of requests at once. */
export function auditRuleMixed(where: string): Problem {
  return {
    code: "audit-rule-mixed",
    where,
    message: "The rule names resources or namespaces as well as nonResourceURLs; kube-apiserver would not start.",
    remedy: "Make two rules of it.",
  };
}

/** An audit policy of the wrong shape, which Talos passes on as it is: the problem of its field. */
export function auditPolicyWrong(problem: Problem): Problem {
  return { ...problem, code: "audit-policy-wrong" };
}

/** An audit policy that records nothing. */
export function auditRulesMissing(where: string): Problem {
  return {
    code: "audit-rules-missing",
    where,
    message: "The audit policy has no rules; kube-apiserver would not start.",
    remedy: 'Give at least one rule, such as { level: "Metadata" }.',
  };
}

/** An install document whose selector would be emptied by the merge. */
export function installSelectorMissing(where: string): Problem {
  return {
    code: "install-selector-missing",
    where,
    message: "Merging empties a disk selector that the document does not repeat, and Talos refuses the empty one.",
    remedy: `Give the whole document, with a match such as disk.dev_path == "/dev/sda".`,
  };
}

/** A disk that is not a device. */
export function installDiskMalformed(where: string, disk: string): Problem {
  return {
    code: "install-disk-malformed",
    where,
    message: `"${disk}" is not the path of a disk.`,
    remedy: "Use a path such as /dev/sda (SCSI) or /dev/vda (virtio-blk).",
  };
}

/** A disk to install on that the VM does not have: its name depends on the bus. */
export function installDiskOnOtherBus(where: string, disk: string, bus: string, expected: string): Problem {
  return {
    code: "install-disk-on-other-bus",
    where,
    message: `Talos is told that it is installed on ${disk}, but the VM boots from ${bus}, which is ${expected} in the guest.`,
    remedy: "Keep the boot disk of a Talos machine on the SCSI bus (scsi0).",
  };
}

/** An installer image without a tag. */
export function installerMalformed(where: string, image: string): Problem {
  return {
    code: "installer-malformed",
    where,
    message: `"${image}" is not the reference of an installer image.`,
    remedy: "Use installerImage(): <factory>/nocloud-installer/<schematic id>:v<talos>.",
  };
}

/** An installer of another release than the machine's. */
export function installerOfOtherTalos(where: string, tag: string, talos: string): Problem {
  return {
    code: "installer-of-other-talos",
    where,
    message: `The installer's tag "${tag}" is not the machine's Talos version ${talos}.`,
    remedy: `Use the tag "v${talos}".`,
  };
}

/** An issuer that kube-apiserver refuses. */
export function issuerNotHttps(where: string, issuer: string): Problem {
  return {
    code: "issuer-not-https",
    where,
    message: `The issuer "${issuer}" is not an https:// URL without query and fragment, which kube-apiserver demands.`,
    remedy: "Use the issuer exactly as it stands in the provider's /.well-known/openid-configuration.",
  };
}

/** A client that is not named. */
export function clientIdMissing(where: string): Problem {
  return {
    code: "client-id-missing",
    where,
    message: "The client id is empty; no token could be accepted.",
    remedy: "Use the client id from the identity provider.",
  };
}

/** The flag's way to say no prefix. */
export function usernamePrefixDash(where: string): Problem {
  return {
    code: "username-prefix-dash",
    where,
    message: 'The prefix "-" means none as a flag of kube-apiserver, and a hyphen in its configuration file.',
    remedy: 'Use "" for no prefix.',
  };
}

/** A text that is no Kubernetes objects. */
export function manifestMalformed(where: string, reason: string): Problem {
  return {
    code: "manifest-malformed",
    where,
    message: `The text is no Kubernetes manifest: ${reason}.`,
    remedy: "Give YAML of which every document has an apiVersion and a kind.",
  };
}

/** A certificate that is none, which is not repeated here. */
export function notACertificate(where: string): Problem {
  return {
    code: "not-a-certificate",
    where,
    message: "The text is not a certificate in PEM.",
    remedy: 'Give the text that begins with "-----BEGIN CERTIFICATE-----".',
  };
}

/** An extension that the factory does not have. */
export function extensionMalformed(where: string, extension: string): Problem {
  return {
    code: "extension-malformed",
    where,
    message: `"${extension}" is not the name of a system extension.`,
    remedy: "Use a name such as siderolabs/qemu-guest-agent, without a version: the factory takes the one for Talos.",
  };
}

/** A kernel argument that cannot be part of a schematic. */
export function kernelArgumentMalformed(where: string, argument: string): Problem {
  return {
    code: "kernel-argument-malformed",
    where,
    message: `"${argument}" is not a kernel argument that a schematic can hold.`,
    remedy: "Use name, name=value or -name, one argument each, without spaces.",
  };
}

/** A schematic id that is none. */
export function schematicIdMalformed(where: string, id: string): Problem {
  return {
    code: "schematic-id-malformed",
    where,
    message: `"${id}" is not a schematic id.`,
    remedy: "Use the 64 hexadecimal digits that the factory answers, in lower case.",
  };
}

// --- Machines with cloud-init -------------------------------------------------------------------------------------

/** Two pieces of one machine say different things about one file, user, package or setting. */
export function piecesDisagree(where: string, first: string, second: string): Problem {
  const who = first === second ? `Two pieces "${first}"` : `The pieces "${first}" and "${second}"`;
  return { code: "pieces-disagree", where, message: `${who} say different things about it.`, remedy: "Say it once." };
}

/** A character for which cloud-init would throw all of the user data away. */
export function textUnreadable(where: string, character: string): Problem {
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  return {
    code: "text-unreadable",
    where,
    message: `cloud-init cannot read user data with the character U+${code} in it.`,
    remedy: "Take it out, or write the file from a command.",
  };
}

/** A file at a place that is no absolute path. */
export function filePathMalformed(where: string, path: string): Problem {
  return {
    code: "file-path-malformed",
    where,
    message: `${shown(path)} is no path of a file.`,
    remedy: 'Write it from the root, without ".." and "//", such as "/etc/motd".',
  };
}

/** A file that would not be there when it is needed. */
export function filePathLost(where: string, path: string): Problem {
  return {
    code: "file-path-lost",
    where,
    message: `${path} is lost: /tmp is emptied while cloud-init works, and /dev, /proc and /sys hold no files.`,
    remedy: "Use a directory below /run for what one boot needs, and another one for what stays.",
  };
}

/** Permissions of a file that are not three octal digits after a zero. */
export function permissionsUnknown(where: string, permissions: string): Problem {
  return {
    code: "permissions-unknown",
    where,
    message: `${shown(permissions)} are no permissions.`,
    remedy: 'Write a zero and three octal digits, such as "0644".',
  };
}

/** The owner of a file that is neither a user nor a user and a group. */
export function fileOwnerMalformed(where: string, owner: string): Problem {
  return {
    code: "file-owner-malformed",
    where,
    message: `${shown(owner)} is no owner.`,
    remedy: 'Write "user" or "user:group".',
  };
}

/** A user name that Ubuntu does not take. */
export function userNameMalformed(where: string, name: string): Problem {
  return {
    code: "user-name-malformed",
    where,
    message: `${shown(name)} is no user name.`,
    remedy: "Use lower-case letters, digits, - and _, at most 32, beginning with a letter.",
  };
}

/** Something that is not a public key of SSH; it is not shown, since it may be the private one. */
export function sshKeyMalformed(where: string): Problem {
  return {
    code: "ssh-key-malformed",
    where,
    message: "This is no public key of SSH.",
    remedy: 'Give one line of a .pub file, such as "ssh-ed25519 AAAA… me@example.com".',
  };
}

/** No user of a machine that keeps SSH can log in. */
export function everybodyLockedOut(where: string): Problem {
  return {
    code: "everybody-locked-out",
    where,
    message: "SSH is kept, passwords and root are not let in, and no other user has an SSH key: nobody could log in.",
    remedy: 'Give a user sshKeys, or set sshPolicy to "mask".',
  };
}

/** A password in clear, which would be on the datastore and on the machine. */
export function plainPassword(where: string): Problem {
  return {
    code: "plain-password",
    where,
    message: "It sets a password in clear.",
    remedy: "Give the user sshKeys, or a passwordHash from a sensitive TerraformVariable.",
  };
}

/** A module of cloud-init by its own name, where a piece has a checked field for it. */
export function moduleHasField(where: string, module: string, field: string): Problem {
  return {
    code: "module-has-field",
    where,
    message: `${module} is what a piece says with "${field}".`,
    remedy: `Move it to "${field}".`,
  };
}

/** A container image that may be another one tomorrow. */
export function imageWithoutDigest(where: string, image: string): Problem {
  return {
    code: "image-without-digest",
    where,
    message: `${shown(image)} has no digest, so it is not the same image at every pull.`,
    remedy: 'Write it as "docker.io/library/registry@sha256:…", with the digest of the index.',
  };
}

/** A value that only Terraform knows in a compose project, where its letters would mean something. */
export function terraformValueInCompose(where: string): Problem {
  return {
    code: "terraform-value-in-compose",
    where,
    message: "A value that only Terraform knows stands in a compose project: a $ in it would be replaced by compose.",
    remedy: "Give it as a file of another piece, and mount that or name it under the project's secrets.",
  };
}

/** A Kubernetes version whose kubeadm does not read the configuration that is written here. */
export function kubeadmTooOld(where: string, kubernetes: string): Problem {
  return {
    code: "kubeadm-too-old",
    where,
    message: `kubeadm ${kubernetes} does not know kubeadm.k8s.io/v1beta4.`,
    remedy: "Use Kubernetes 1.31 or later.",
  };
}

// --- The command line ---------------------------------------------------------------------------------------------

/** A folder without the stacks that cdktf writes. */
export function noSynthOutput(outdir: string, reason: string): Problem {
  return {
    code: "no-synth-output",
    where: outdir,
    message: `There are no synthesized stacks here: ${reason}.`,
    remedy: "Run the app that writes them (`npm run synth`), or name the folder that they are in.",
  };
}

/** A manifest that cdktf did not write like this. */
export function malformedManifest(file: string, reason: string): Problem {
  return {
    code: "malformed-manifest",
    where: file,
    message: `The manifest cannot be used. ${reason}`,
    remedy: "Write it again with `npm run synth`.",
  };
}

/** A synthesized stack that cdktf did not write like this. */
export function malformedStack(file: string, reason: string): Problem {
  return {
    code: "malformed-stack",
    where: file,
    message: `The stack cannot be read: ${reason}.`,
    remedy: "Write it again with `npm run synth`.",
  };
}

/** A stack that was asked for and is not there. */
export function unknownStack(where: string, stack: string, known: readonly string[]): Problem {
  return {
    code: "unknown-stack",
    where,
    message: `There is no stack "${stack}".`,
    remedy: `Use one of ${list(known)}.`,
  };
}

/** Nothing to plan with. */
export function terraformNotFound(where: string, candidates: readonly string[]): Problem {
  return {
    code: "terraform-not-found",
    where,
    message: `No Terraform can be run: tried ${list(candidates)}.`,
    remedy: "Install Terraform or OpenTofu, or name the binary in TERRAFORM_BINARY_NAME.",
  };
}

/** A stack that reads outputs which its dependencies do not have yet. */
export function stackNotApplied(where: string, needs: readonly string[]): Problem {
  return {
    code: "stack-not-applied",
    where,
    message: `The stack reads outputs of ${list(needs)} that are not in the state yet.`,
    remedy: `Apply ${list(needs)} first, with terraform in its folder or with cdktf deploy.`,
  };
}

/** A plan in a format that is not known. The plan is not repeated here: it may hold secrets. */
export function unknownPlanFormat(where: string, reason: string): Problem {
  return {
    code: "unknown-plan-format",
    where,
    message: `The plan as JSON is not of the known format: ${reason}.`,
    remedy: "Update cdktf-proxmox-talos; this version reads the plans of Terraform 1 and OpenTofu 1.",
  };
}

// --- Inventories --------------------------------------------------------------------------------------------------

/** An answer of Proxmox in a form that is not known. Its values are not repeated here: they may be secrets. */
export function malformedInventory(where: string, reason: string): Problem {
  return {
    code: "malformed-inventory",
    where,
    message: `This is no answer of Proxmox that can be read: ${reason}.`,
    remedy: "Save it again with `pvesh get … --output-format json`, as docs/existing-machines.md shows.",
  };
}

/** A folder without the list of what there is. */
export function incompleteInventory(where: string, missing: string): Problem {
  return {
    code: "incomplete-inventory",
    where,
    message: `The inventory has no ${missing}.`,
    remedy: "Save it as docs/existing-machines.md shows, or name the folder that it is in.",
  };
}

/** A file of the folder that was not read. */
export function unreadAnswer(where: string): Problem {
  return {
    code: "unread-answer",
    where,
    message: "This is an answer that nothing is written from.",
    remedy: "Nothing to do, unless it was to be one of those that docs/existing-machines.md names.",
  };
}

/** A machine that the code does not have. */
export function machineLeftOut(where: string, reason: string, remedy: string): Problem {
  return { code: "machine-left-out", where, message: `It is not in the code: ${reason}.`, remedy };
}

/** A container or a template: nothing that a machine here could be. */
export function notAMachine(where: string, kind: "container" | "template"): Problem {
  return {
    code: "not-a-machine",
    where,
    message: `It is not in the code: it is a ${kind}.`,
    remedy: "Nothing to do: it stays, and its id and name are taken.",
  };
}

/** Settings of a machine that are not in the code, and that Terraform leaves as they are. */
export function settingsLeftAlone(where: string, settings: readonly string[], reason: string, remedy: string): Problem {
  return {
    code: "settings-left-alone",
    where,
    message: `Terraform leaves alone: ${settings.join(", ")} (${reason}).`,
    remedy,
  };
}

/** A size that the site would be refused with. */
export function sizeLeftOut(where: string, prop: string, needed: number, has: number): Problem {
  return {
    code: "size-left-out",
    where,
    message: `The site does not say its ${prop}: its machines have ${needed} together, and it has ${has}.`,
    remedy: "Give it when the machines fit.",
  };
}

// --- Plans --------------------------------------------------------------------------------------------------------

/** Something else than a plan, or a plan that cannot be judged. */
export function notAPlan(where: string, reason: string): Problem {
  return {
    code: "not-a-plan",
    where,
    message: `There is no plan to judge here: ${reason}.`,
    remedy: "Plan with -out=<file>, and give what `terraform show -json <file>` prints.",
  };
}

/** Fewer control planes than etcd needs would be left at work. */
export function etcdQuorumLost(
  where: string,
  cluster: string | undefined,
  members: number,
  left: number,
  quorum: number,
): Problem {
  return {
    code: "etcd-quorum-lost",
    where,
    message: `${left} of ${members} control planes${ofCluster(cluster)} would be left at work, and etcd needs ${quorum}.`,
    remedy: "Change one at a time, etcd being whole before each. Let a member leave etcd before its VM goes.",
  };
}

/** More than one control plane would be out of service at the same time. */
export function controlPlanesTogether(where: string, cluster: string | undefined, count: number): Problem {
  return {
    code: "control-planes-together",
    where,
    message: `${count} control planes${ofCluster(cluster)} would be out of service at the same time.`,
    remedy: "Change one at a time, and wait until `talosctl health` is content before the next.",
  };
}

/** A data disk would be destroyed or detached, and it belongs to no other VM that keeps it. */
export function dataDiskLost(where: string, how: string, disks: readonly string[]): Problem {
  return {
    code: "data-disk-lost",
    where,
    message: `${disks.length === 1 ? "The disk" : "The disks"} ${list(disks)} would be ${how}.`,
    remedy: "Save what is on it, or let the disk belong to a VM of its own that stays.",
  };
}

/** The secrets that a cluster is made of would leave the state, and with them the way into it. */
export function machineSecretsLost(where: string, how: string): Problem {
  return {
    code: "machine-secrets-lost",
    where,
    message: `The machine secrets would be ${how}: with other CAs and keys the cluster cannot be reached or extended.`,
    remedy: "Keep the resource, its address and its talos_version, or move it with a moved block.",
  };
}

/** More machines would be out of service at the same time than are accepted. */
export function tooManyMachines(where: string, count: number, accepted: number): Problem {
  return {
    code: "too-many-machines",
    where,
    message: `${count} machines would be out of service at the same time, and ${accepted} ${accepted === 1 ? "is" : "are"} accepted.`,
    remedy: "Change fewer of them in one apply, or accept more with --max-machines.",
  };
}

/** All machines of a Proxmox host would be out of service at the same time. */
export function wholeHost(where: string, host: string, count: number): Problem {
  return {
    code: "whole-host",
    where,
    message: `All machines on ${host}, ${count} in number, would be out of service at the same time.`,
    remedy: "Change some of them in another apply, once the others are back.",
  };
}

/** A disk would become smaller, which Proxmox cannot do: the apply fails after it has changed other things. */
export function diskShrinks(where: string, disks: readonly string[]): Problem {
  return {
    code: "disk-shrinks",
    where,
    message: `${disks.length === 1 ? "The disk" : "The disks"} ${list(disks)} would become smaller, and the apply would fail half-way.`,
    remedy: "Leave the size, or move the data to a new disk that is smaller.",
  };
}

/** A running VM with a device of its host would be migrated, which Proxmox refuses. */
export function migrationWithDevice(where: string, devices: readonly string[]): Problem {
  return {
    code: "migration-with-device",
    where,
    message: `The VM runs with ${list(devices)} of its host, so that it cannot move to another one.`,
    remedy: "Stop the VM by hand, apply, and start it again.",
  };
}

/** A machine would be out of service, and no plan tells whether it is a control plane. */
export function roleUnknown(where: string): Problem {
  return {
    code: "role-unknown",
    where,
    message: "No plan tells whether these are control planes, so they are judged as machines only.",
    remedy: "Tag the VMs with their role, or give the plan with their talos resources as well.",
  };
}

/** A control plane would be out of service, and no plan tells which cluster it belongs to. */
export function clusterUnknown(where: string): Problem {
  return {
    code: "cluster-unknown",
    where,
    message: "No plan tells to which cluster these control planes belong, so they are judged as one of their own.",
    remedy: "Give the plan with their talos resources as well, or judge the clusters one at a time.",
  };
}

/** A change would wait in Proxmox until a person restarts the VM; later plans do not show it. */
export function restartLeftToPerson(where: string): Problem {
  return {
    code: "restart-left-to-person",
    where,
    message: "These changes take effect only when the VMs are restarted by hand, and later plans do not show them.",
    remedy: "After the apply, shut the VMs down and start them, control planes one at a time.",
  };
}

/** A configuration would be applied such that Talos before 1.14 may restart the machine for it. */
export function restartPossible(where: string): Problem {
  return {
    code: "restart-possible",
    where,
    message: "A Talos before 1.14 restarts these machines if the new configuration needs it, which no plan tells.",
    remedy: "Where an older one runs, apply to one machine at a time, with -target.",
  };
}

/** Something is allowed that nothing refuses. */
export function allowanceUnused(where: string): Problem {
  return {
    code: "allowance-unused",
    where,
    message: "Nothing is refused that this allows.",
    remedy: "Take it out: it would allow the next plan as well.",
  };
}

function ofCluster(cluster: string | undefined): string {
  return cluster === undefined ? "" : ` of ${cluster}`;
}

function list(values: readonly string[]): string {
  return values.length === 0 ? "none" : values.map((value) => `"${value}"`).join(", ");
}

/** A value in a message, without the login of a URL. */
function shown(value: unknown): string {
  const text = (JSON.stringify(value) ?? "nothing").replaceAll(/:\/\/[^\s/"]*@/g, "://(hidden)@");
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

/** Names the known word that needs the fewest letters changed, or all when none is close. */
function nearestRemedy(word: string, known: readonly string[]): string {
  const most = Math.max(2, word.length / 3);
  const [nearest] = known
    .filter((candidate) => Math.abs(candidate.length - word.length) <= most)
    .map((candidate) => [changes(word.toLowerCase(), candidate.toLowerCase()), candidate] as const)
    .sort(([a], [b]) => a - b);
  if (nearest !== undefined && nearest[0] <= most) return `Did you mean "${nearest[1]}"?`;
  return known.length > 20 ? "See the names in Talos' reference." : `The names here are ${known.join(", ")}.`;
}

/** The number of letters to add, drop or change to make one word of the other. */
function changes(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...to].entries()) {
      const same = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(same, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

// --- Runbooks and gates ----------------------------------------------------------------------------------------------

/** Runbooks of a site that has no machine in this app. */
export function nothingToWriteAbout(where: string, site: string): Problem {
  return {
    code: "nothing-to-write-about",
    where,
    message: `The app has no machine of the site "${site}" to write runbooks about.`,
    remedy: "Give the same site object as to the machines, or take the Runbooks out.",
  };
}

/** A file of evidence that is no JSON, or cannot be read. */
export function evidenceUnreadable(where: string, reason: string): Problem {
  return {
    code: "evidence-unreadable",
    where,
    message: `There is no evidence here: ${reason}.`,
    remedy: "Begin with the evidence.json of the site's runbooks, or with what `gate schema` describes.",
  };
}

/** A table of backups that cannot be read. */
export function backupsUnreadable(where: string, reason: string): Problem {
  return {
    code: "backups-unreadable",
    where,
    message: `There is no table of backups here: ${reason}.`,
    remedy: "Give backups/<site>/backups.json of what synth wrote.",
  };
}

/** A table of backups that says nothing about the site that is judged. */
export function backupsOfOtherSite(where: string, site: string, judged: string): Problem {
  return {
    code: "backups-of-other-site",
    where,
    message: `These are the backups of ${site}, and the evidence is about ${judged}.`,
    remedy: `Give backups/${judged}/backups.json of what synth wrote.`,
  };
}

/** A value in the evidence that is missing, not of its form, or contradicts another one. */
export function malformedEvidence(where: string, value: unknown, reason: string): Problem {
  return {
    code: "malformed-evidence",
    where,
    message: value === undefined ? "It is missing." : `${shown(value)} does not fit: ${reason}.`,
    remedy: "Correct it, or write null for what is not known; `gate schema` says what belongs there.",
  };
}

/** A name in the evidence that no gate knows. */
export function unknownFigure(where: string): Problem {
  return {
    code: "unknown-figure",
    where,
    message: "No gate asks for this.",
    remedy: "Correct the name, or take it out; `gate schema` has all names.",
  };
}

/** Stage C is asked for while a gate before it is not passed. */
export function gateNotPassed(gate: string, open: readonly string[]): Problem {
  return {
    code: "gate-not-passed",
    where: gate,
    message: `Not met: ${list(open)}.`,
    remedy: `See \`gate check ${gate}\` for what there is, and for what is asked.`,
  };
}

/** A figure is not known that the decision needs. */
export function figureNotKnown(where: string): Problem {
  return {
    code: "figure-not-known",
    where,
    message: "The decision needs this, and it is not known.",
    remedy: "Read it where `gate schema` says that it comes from.",
  };
}

/** Fewer days of evidence than the decision needs. */
export function soakTooShort(from: string, days: number, needed: number): Problem {
  return {
    code: "soak-too-short",
    where: "stageC.reviews",
    message: `There are ${days} days of reviewed evidence since ${from}, and the decision needs ${needed}.`,
    remedy: "Go on watching, and review every week.",
  };
}

/** Days that no review is about. */
export function reviewMissing(from: string, until: string): Problem {
  return {
    code: "review-missing",
    where: "stageC.reviews",
    message: `No review is about the days from ${from} to ${until}.`,
    remedy: "Review them from logs and reports as far as these go back, or begin the soak after them.",
  };
}

/** Days of a review on which nothing was measured, and nobody says why that is accepted. */
export function daysNotMeasured(from: string, until: string, days: number): Problem {
  return {
    code: "days-not-measured",
    where: `stageC.reviews, ${from} to ${until}`,
    message: `On ${days} days file integrity or drift detection did not measure everything.`,
    remedy: "Say in unmeasuredBecause why that is accepted, or begin the soak after these days.",
  };
}

// --- Drift --------------------------------------------------------------------------------------------------------

/** Nothing in a folder that Terraform, OpenTofu, cdktf or Terragrunt would run in. */
export function noStacksFound(where: string): Problem {
  return {
    code: "no-stacks-found",
    where,
    message: "There is no stack here.",
    remedy:
      "Give a folder with cdktf's manifest.json, or one below which stacks have a terragrunt.hcl, a lock file or a backend.",
  };
}

/** Rules for drift that cannot be read. */
export function malformedDriftRules(where: string, reason: string): Problem {
  return {
    code: "malformed-drift-rules",
    where,
    message: `The rules cannot be read: ${reason}`,
    remedy: "Write them as docs/drift.md shows. Each one needs a reason, and one that ignores something also an end.",
  };
}

/** A file that is not what `drift run` writes. */
export function malformedDriftResult(where: string, reason: string): Problem {
  return {
    code: "malformed-drift-result",
    where,
    message: `This is no result of a drift run: ${reason}`,
    remedy: "Give a file that `drift run --result` wrote with this version, or leave --previous out once.",
  };
}

/** A command that was to bring the newest commit, and failed. */
export function driftUpdateFailed(where: string, reason: string): Problem {
  return {
    code: "drift-update-failed",
    severity: "warning",
    where,
    message: `The command of --update failed (${reason}), so suspects are planned again on the commit that is there.`,
    remedy: "Run it by hand in the folder to see what it says.",
  };
}

/** More plans than there is time for. */
export function driftCannotFit(where: string, seconds: number, within: number, shards: number): Problem {
  return {
    code: "drift-cannot-fit",
    where,
    message: `The stacks take ${seconds} s in ${shards} shards, planning suspects again included, but there are ${within} s for them.`,
    remedy: "Allow more shards, more plans at the same time or more time.",
  };
}

/** Runs that are still there when the next one is to begin, which then does not take place. */
export function driftRunsOverlap(where: string, schedule: string, pause: number, deadline: number): Problem {
  return {
    code: "drift-runs-overlap",
    where,
    message: `By "${schedule}" a run begins ${pause} s after the one before, which may take ${deadline} s.`,
    remedy: "Run it less often, or give scale.within so that more shards share the work.",
  };
}

// --- Migrating configurations -------------------------------------------------------------------------------------

/** A section for which the contract has no document. */
export function sectionWithoutDocument(where: string, remedy: string): Problem {
  return { code: "section-without-document", where, message: `There is no document for ${where}.`, remedy };
}

/** A section that somebody who knows the cluster has to move. */
export function sectionUndecided(where: string, remedy: string): Problem {
  return {
    code: "section-undecided",
    where,
    message: `What ${where} becomes does not follow from the file.`,
    remedy,
  };
}

/** A section that would become a document that Talos refuses. */
export function documentRefused(where: string, identity: string, problem: Problem): Problem {
  return {
    code: "document-refused",
    where,
    message: `As ${identity} it would be refused: ${problem.message}`,
    remedy: problem.remedy,
  };
}

/** A section for which the file has a document already. */
export function documentInTheWay(where: string, identity: string): Problem {
  return {
    code: "document-in-the-way",
    where,
    message: `${identity} says something else already.`,
    remedy: "Put both into one document.",
  };
}

/** A section that stays because a part of it does, beside which Talos does not take the document. */
export function sectionInseparable(where: string, other: string, kind: string): Problem {
  return {
    code: "section-inseparable",
    where,
    message: `${where} stays because ${other} does: Talos takes either the section or ${kind}.`,
    remedy: `Decide about ${other}, and run the migration again.`,
  };
}

/** A deletion of which no document says the same. */
export function deletionUndecided(where: string): Problem {
  return {
    code: "deletion-undecided",
    where,
    message: `No deletion of a document says the same as the one of ${where}.`,
    remedy: "Delete or change the documents that are meant.",
  };
}

/** The first document about a link, with which Talos' own DHCP ends on all others. */
export function defaultDhcpEnds(where: string): Problem {
  return {
    code: "default-dhcp-ends",
    where,
    message: "Beside documents of links, Talos asks DHCP only where a document says so.",
    remedy: "Give a DHCPv4Config to each link of the machine that the file does not name and that is to have DHCP.",
  };
}

/** A selector that may find several links, of which only a single one can get another name. */
export function aliasOfOneLink(where: string): Problem {
  return {
    code: "alias-of-one-link",
    where,
    message: "The section was for every link that the selector finds; an alias is given only if it finds one.",
    remedy: "Select each link by its permanent address where there are several.",
  };
}

/** An installation whose disk the file does not name. */
export function installDiskAssumed(where: string): Problem {
  return {
    code: "install-disk-assumed",
    where,
    message: "Merging empties an expression that is not repeated, so /dev/sda is repeated, as it is generated.",
    remedy: "Correct the disk if the configuration or another patch has a different one.",
  };
}

// --- Reading and patching configurations --------------------------------------------------------------------------

/** A text that is no YAML. */
export function yamlMalformed(reason: string): Problem {
  return {
    code: "yaml-malformed",
    where: "text",
    message: `This is no YAML: ${reason}.`,
    remedy: "Correct the text; a value with a colon, an @ or a template in it needs quotes.",
  };
}

/** Something of YAML that Talos does not read. */
export function yamlUnread(reason: string): Problem {
  return {
    code: "yaml-unread",
    where: "text",
    message: `Talos does not read this: ${reason}.`,
    remedy: "Write the text without it.",
  };
}

/** A document that is neither a map nor nothing. */
export function notAMap(): Problem {
  return {
    code: "not-a-document",
    where: "text",
    message: "This is not a document: a document is a map of fields.",
    remedy: 'Write fields, such as "machine:", or begin with "apiVersion:" and "kind:".',
  };
}

/** A text without any document. */
export function noDocument(): Problem {
  return {
    code: "no-document",
    where: "text",
    message: "There is no document in the text.",
    remedy: "Leave the patch out, or write what it should change.",
  };
}

/** A patch of one word, which Talos takes for the name of a file. */
export function patchIsFileName(text: string): Problem {
  return {
    code: "patch-is-file-name",
    where: "text",
    message: `Talos takes a patch without a space or line break for the name of a file: ${shown(text)}.`,
    remedy: "Put the content of the file here.",
  };
}

/** A list of operations instead of a document. */
export function patchIsJson6902(): Problem {
  return {
    code: "patch-is-json6902",
    where: "text",
    message:
      "A list is a JSON6902 patch, which Talos cannot apply to a configuration of several documents, as all are from contract 1.12 on.",
    remedy: "Write it as a strategic merge patch: the fields to change, in the form of the configuration.",
  };
}

/** A date without quotes where a text belongs. */
export function dateAsText(where: string, value: string): Problem {
  return {
    code: "date-as-text",
    where,
    message: `${value} is a date in YAML, which Talos refuses from 1.14 on where a text belongs.`,
    remedy: `Write it in quotes: "${value}".`,
  };
}

/** A deletion of a document that is not there. */
export function documentAbsent(where: string, identity: string): Problem {
  return {
    code: "document-absent",
    where,
    message: `The patch deletes ${identity}, which the configuration does not have; Talos fails on that up to 1.13.`,
    remedy: "Correct the kind or the name, or leave the patch out.",
  };
}

/** A deletion of a key or item that is not there. */
export function nothingToDelete(where: string): Problem {
  return {
    code: "nothing-to-delete",
    where,
    message: "The patch deletes something that the configuration does not have.",
    remedy: "Correct the path, or leave the deletion out.",
  };
}

/** A deletion of the v1alpha1 document. */
export function deleteRoot(where: string): Problem {
  return {
    code: "delete-root",
    where,
    message: "The v1alpha1 document cannot be deleted.",
    remedy: "Delete the sections in it.",
  };
}

/** A deletion that Talos cannot express. */
export function deleteInsideList(where: string): Problem {
  return {
    code: "delete-inside-list",
    where,
    message: "A patch can delete an item of a list by its first field, but nothing inside of an item.",
    remedy: "Delete the whole item and add it anew in a patch after this one.",
  };
}

/** Two values of different types for one key whose type is free. */
export function mergeMismatch(where: string, left: unknown, right: unknown): Problem {
  return {
    code: "merge-mismatch",
    where,
    message: `${shown(right)} is of another type than ${shown(left)}, into which it is merged.`,
    remedy: "Use the type that is there.",
  };
}

/** Something that is there already and of which Talos can merge no change. */
export function mergeImpossible(where: string): Problem {
  return {
    code: "merge-impossible",
    where,
    message: "It is there already, and Talos cannot merge a change into it.",
    remedy: "Write it in one place: in the configuration or in one patch.",
  };
}

/** A configuration of a machine that cannot be compared. Its text is not repeated here: it holds secrets. */
export function unreadableConfiguration(where: string): Problem {
  return {
    code: "unreadable-configuration",
    where,
    message: "What was read is no machine configuration of this Talos release.",
    remedy: "Read it again: `talosctl get machineconfig v1alpha1 -o yaml`, with the role os:admin.",
  };
}

// --- Whole configurations -----------------------------------------------------------------------------------------

/** A section of the v1alpha1 document beside the document that says the same. */
export function sectionConflicts(where: string, section: string, kind: string): Problem {
  return {
    code: "section-conflicts",
    where,
    message: `${section} and ${kind} exclude each other, and the configuration has both.`,
    remedy: `Put the setting into ${kind}, or delete that document with "$patch: delete".`,
  };
}

/** Two documents of different kinds that are about one thing. */
export function documentsConflict(where: string, other: string): Problem {
  return {
    code: "documents-conflict",
    where,
    message: `The document excludes ${other}, which has the same name.`,
    remedy: "Give it another name, or leave one of the two out.",
  };
}

/** A link that two documents make. */
export function linkConflict(where: string, link: string, other: string): Problem {
  return {
    code: "link-conflict",
    where,
    message: `The link "${link}" belongs to ${other} already.`,
    remedy: "Give the link another name.",
  };
}

/** A configuration without the part that every one has. */
export function partMissing(where: string, part: "machine" | "cluster"): Problem {
  return {
    code: "part-missing",
    where,
    message: `The configuration has no "${part}" section, without which Talos refuses it.`,
    remedy: "Begin with a configuration that Talos generated, and do not delete the section.",
  };
}

/** A control plane that would write secrets to etcd in clear. */
export function etcdEncryptionMissing(where: string): Problem {
  return {
    code: "etcd-encryption-missing",
    where,
    message: "A control plane needs a key with which the API server encrypts secrets in etcd.",
    remedy: "Keep the generated KubeEtcdEncryptionConfig or cluster.secretboxEncryptionSecret.",
  };
}

/** KubeSpan without what its members find each other by. */
export function identityMissing(where: string, field: "clusterID" | "clusterSecret"): Problem {
  return {
    code: "identity-missing",
    where,
    message: `KubeSpan needs the cluster's identity, and ${field} is not set.`,
    remedy: "Keep the generated DiscoveryIdentityConfig, or turn KubeSpan off.",
  };
}

/** KubeSpan without the discovery by which its members find each other. */
export function discoveryNeeded(where: string): Problem {
  return {
    code: "discovery-needed",
    where,
    message: "KubeSpan is on, and discovery, by which its members find each other, is off.",
    remedy: "Leave discovery on, or turn KubeSpan off.",
  };
}

/** Encrypted DNS without the resolver that speaks it. */
export function hostDnsNeeded(where: string): Problem {
  return {
    code: "host-dns-needed",
    where,
    message: "Nameservers with DoT or DoH need the host DNS, which is off.",
    remedy: "Set hostDNS.enabled to true in ResolverConfig, or use plain DNS.",
  };
}

// --- What Talos' validator lets pass ------------------------------------------------------------------------------

/** A file that the machine cannot create. */
export function fileOutsideVar(where: string, path: string): Problem {
  return {
    code: "file-outside-var",
    where,
    message: `${path} cannot be created: Talos creates files below /var only, and the boot stops at others.`,
    remedy: "Use a path below /var, or EtcFileConfig (Talos 1.14) for a file below /etc.",
  };
}

/** A file that is no use where it is. */
export function fileNeverRead(where: string, path: string): Problem {
  return {
    code: "file-never-read",
    where,
    message: `Nothing reads ${path}.`,
    remedy: "Use /etc/cri/conf.d/20-customization.part, or CRICustomizationConfig (Talos 1.14).",
  };
}

/** A change to a file that has to be in the image. */
export function fileMustExist(where: string, path: string): Problem {
  return {
    code: "file-must-exist",
    where,
    message: `${path} is outside of /var: it must be there already, and becomes a read-only copy.`,
    remedy: "Make sure that the image has the file.",
  };
}

/** A part of containerd's configuration for a plugin that containerd 2 does not have any more. */
export function containerdPluginObsolete(where: string): Problem {
  return {
    code: "containerd-plugin-obsolete",
    where,
    message: 'The plugin "io.containerd.grpc.v1.cri" is of containerd 1; containerd 2 ignores what it is told.',
    remedy: 'Write "io.containerd.cri.v1.runtime" for runtimes and CDI, and "io.containerd.cri.v1.images" for images.',
  };
}

/** Something to do with a file that Talos does not know. */
export function fileOperationUnknown(where: string, operation: string): Problem {
  return {
    code: "file-operation-unknown",
    where,
    message: `${shown(operation)} is nothing that Talos does with a file; the boot stops at it.`,
    remedy: 'Use "create", "append" or "overwrite".',
  };
}

/** Permissions that look like octal ones and are not. */
export function permissionsDecimal(where: string, permissions: number): Problem {
  return {
    code: "permissions-decimal",
    where,
    message: `${permissions} is a decimal number here, which means the permissions 0o${permissions.toString(8)}.`,
    remedy: `Write 0o${permissions}.`,
  };
}

/** A volume for which the system disk has no room. */
export function volumeWithoutRoom(where: string, volume: string, least: string, left: string): Problem {
  return {
    code: "volume-without-room",
    where,
    message: `${volume} is never made: it needs ${least} of the system disk, which has ${left}.`,
    remedy: "Limit the volumes before it by a maxSize, make the disk larger, or use another disk.",
  };
}

/** A passphrase that whoever has the disk can read. */
export function passphraseInClear(where: string): Problem {
  return {
    code: "passphrase-in-clear",
    where,
    message:
      "The passphrase lies on the disk in clear: STATE, with the configuration, has no keys by another method alone.",
    remedy: "Encrypt STATE by nodeID, kms or tpm, and not by a passphrase.",
  };
}

/** An argument of a Kubernetes component that Talos sets. */
export function argumentDenied(where: string, argument: string, component: string): Problem {
  return {
    code: "argument-denied",
    where,
    message: `Talos sets the argument "${argument}" of ${component} itself; with another value the component never starts.`,
    remedy: "Leave it out.",
  };
}

/** A value of an argument that is put beside those of Talos. */
export function argumentAdded(where: string, argument: string, value: unknown, component: string): Problem {
  return {
    code: "argument-added",
    where,
    message: `Talos adds ${shown(value)} to its own values of the argument "${argument}" of ${component}, which all stay.`,
    remedy: "Give only what comes on top, and take the rest from the field that Talos has for it.",
  };
}

/** An argument with the dashes of a command line. */
export function argumentWithDashes(where: string, argument: string): Problem {
  return {
    code: "argument-with-dashes",
    where,
    message: `Talos puts two dashes before "${argument}", which has some already.`,
    remedy: `Write "${argument.replace(/^-+/, "")}".`,
  };
}

/** A value that Talos takes and nothing can use. */
export function uselessValue(where: string, value: unknown, expected: string): Problem {
  return {
    code: "useless-value",
    where,
    message: `Talos takes ${shown(value)}, but it is not ${expected}.`,
    remedy: `Give ${expected}.`,
  };
}

/** A field that Talos does not ask for, without which the document does nothing. */
export function uselessWithout(where: string, field: string): Problem {
  return {
    code: "useless-without",
    where,
    message: `Talos takes the document without "${field}", but it has no effect then.`,
    remedy: `Give "${field}".`,
  };
}

/** A part of the configuration that a machine cannot do without, although the validator can. */
export function partNeeded(where: string, part: string, consequence: string): Problem {
  return {
    code: "part-needed",
    where,
    message: `The configuration has no ${part}: ${consequence}.`,
    remedy: "Keep what the generator wrote.",
  };
}

/** A Kubernetes image that the Talos release does not run. */
export function imageOutsideWindow(
  where: string,
  image: string,
  talos: string,
  oldest: string,
  newest: string,
): Problem {
  return {
    code: "image-outside-window",
    where,
    message: `${image} does not run on Talos ${talos}, which accepts Kubernetes ${oldest} to ${newest}.`,
    remedy: `Use a version from ${oldest} to ${newest}.`,
  };
}

/** A patch that sets a field to nothing. */
export function changeWithoutEffect(where: string, value: unknown, present: unknown): Problem {
  return {
    code: "change-without-effect",
    where,
    message: `${shown(value)} changes nothing: merging takes it for a field left out, and ${shown(present)} stays.`,
    remedy: 'Delete the field with "$patch: delete", or leave it out of the patch.',
  };
}

/** An expression or size that a patch takes away by not repeating it. */
export function lostInMerge(where: string, value: unknown): Problem {
  return {
    code: "lost-in-merge",
    where,
    message: `Merging loses ${shown(value)}: a patch of this document empties each expression and size that it does not repeat.`,
    remedy: "Repeat it in the patch, or put everything about the document into one patch.",
  };
}

/** A URL of which a patch gives a part only. */
export function urlMergedByParts(where: string, value: unknown, result: unknown): Problem {
  return {
    code: "url-merged-by-parts",
    where,
    message: `${shown(value)} is merged into the URL that is there, and makes it ${shown(result)}.`,
    remedy: "Write the whole URL, with its scheme and port.",
  };
}

/** A configuration for another role than the one that was asked for. */
export function roleDiffers(where: string, type: string, role: string): Problem {
  return {
    code: "role-differs",
    where,
    message: `The configuration is that of a ${type}, not of a ${role}.`,
    remedy: "Correct the role that is asked for, or machine.type.",
  };
}
