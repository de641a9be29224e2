/**
 * Which privileges on which paths the API token of a site needs: derived from the resources that its stacks have, as
 * Terraform would read them.
 */
import { createHash } from "node:crypto";
import * as z from "zod";

/** A privilege of Proxmox VE. */
export type Privilege =
  | "Datastore.Allocate"
  | "Datastore.AllocateSpace"
  | "Datastore.AllocateTemplate"
  | "Datastore.Audit"
  | "Mapping.Audit"
  | "Mapping.Modify"
  | "Mapping.Use"
  | "Permissions.Modify"
  | "Pool.Allocate"
  | "Pool.Audit"
  | "Realm.AllocateUser"
  | "SDN.Use"
  | "Sys.Audit"
  | "Sys.Console"
  | "Sys.Modify"
  | "User.Modify"
  | "VM.Allocate"
  | "VM.Audit"
  | "VM.Backup"
  | "VM.Clone"
  | "VM.Config.CDROM"
  | "VM.Config.CPU"
  | "VM.Config.Cloudinit"
  | "VM.Config.Disk"
  | "VM.Config.HWType"
  | "VM.Config.Memory"
  | "VM.Config.Network"
  | "VM.Config.Options"
  | "VM.GuestAgent.Audit"
  | "VM.Migrate"
  | "VM.Monitor"
  | "VM.PowerMgmt";

/** Privileges on one path of the access tree, which everything below inherits that has no grant of its own. */
export interface Grant {
  readonly path: string;
  readonly privileges: readonly Privilege[];
}

/** What the token of some stacks needs. */
export interface NeededPrivileges {
  /** By path, each once. */
  readonly grants: readonly Grant[];
  /** Addresses of resources of the Proxmox provider of which the privileges are not known. */
  readonly unknown: readonly string[];
}

/** The attributes of one resource, as they stand in Terraform's JSON. */
type Attributes = Readonly<Record<string, unknown>>;

interface Need {
  readonly path: string;
  readonly privileges: readonly Privilege[];
}

/** The privileges that the resources of some synthesized stacks need, on a Proxmox VE of a major release. */
export function neededPrivileges(stacks: readonly unknown[], pveMajor: 8 | 9): NeededPrivileges {
  const needs: Need[] = [];
  const unknown: string[] = [];
  for (const { type, name, attributes } of stacks.flatMap(resourcesOf)) {
    const needsOf = NEEDS[type];
    if (needsOf !== undefined) needs.push(...needsOf(attributes, pveMajor));
    else if (type.startsWith("proxmox_")) unknown.push(`${type}.${name}`);
  }
  if (needs.length > 0) needs.push({ path: "/", privileges: ["Sys.Audit"] });
  return { grants: merged(needs), unknown: unknown.sort() };
}

/** Commands for a shell on one of the hosts: a user, its token, and roles for both that allow just this. */
export function privilegeCommands({ grants }: NeededPrivileges, user: string, name: string): readonly string[] {
  const roleOf = ({ path, privileges }: Grant) => `${name}-${path.split("/")[1] || "root"}-${digest(privileges)}`;
  const roles = new Map(grants.map((grant) => [roleOf(grant), grant.privileges.join(",")]));
  return [
    ...[...roles].map(([role, privileges]) => `pveum role add ${role} --privs ${privileges}`),
    `pveum user add ${user}`,
    ...grants.map((grant) => `pveum acl modify ${grant.path} --users ${user} --roles ${roleOf(grant)}`),
    `pveum user token add ${user} ${name} --privsep 0`,
  ];
}

/** A role is called after what it allows, so that it is the same one whatever other roles there are later. */
function digest(privileges: readonly Privilege[]): string {
  return createHash("sha256").update(privileges.join()).digest("hex").slice(0, 6);
}

const NEEDS: Readonly<Record<string, (attributes: Attributes, pveMajor: 8 | 9) => readonly Need[]>> = {
  proxmox_virtual_environment_vm: vmNeeds,
  proxmox_download_file: (file) => [
    {
      path: under("/storage", file["datastore_id"]),
      // The first one to delete it, which the next release of an image does to this one.
      privileges: ["Datastore.Allocate", "Datastore.AllocateTemplate", "Datastore.Audit"],
    },
    // To ask a URL for its size, and to fetch it.
    { path: "/", privileges: ["Sys.Audit", "Sys.Modify"] },
  ],
  proxmox_virtual_environment_file: (file) => [
    {
      path: under("/storage", file["datastore_id"]),
      // The first one to delete it, and to see a snippet: Proxmox lists them to nobody else.
      privileges: ["Datastore.Allocate", "Datastore.AllocateSpace", "Datastore.AllocateTemplate", "Datastore.Audit"],
    },
  ],
  proxmox_hardware_mapping_dir: (mapping) => mappingNeeds("dir", mapping),
  proxmox_hardware_mapping_pci: (mapping) => mappingNeeds("pci", mapping),
  proxmox_hardware_mapping_usb: (mapping) => mappingNeeds("usb", mapping),
  proxmox_virtual_environment_pool: (pool) => [
    { path: under("/pool", pool["pool_id"]), privileges: ["Pool.Allocate", "Pool.Audit"] },
  ],
  proxmox_pool_membership: (member) => [
    { path: under("/pool", member["pool_id"]), privileges: ["Pool.Allocate", "Pool.Audit"] },
  ],
  proxmox_virtual_environment_role: () => [{ path: "/access", privileges: ["Sys.Modify"] }],
  proxmox_virtual_environment_user: (user) => [
    { path: under("/access/realm", realmOf(user["user_id"])), privileges: ["Realm.AllocateUser"] },
    { path: "/access/groups", privileges: ["User.Modify"] },
  ],
  proxmox_user_token: () => [{ path: "/access/groups", privileges: ["User.Modify"] }],
  proxmox_acl: (acl) => [{ path: under("", acl["path"]) || "/", privileges: ["Permissions.Modify"] }],
  proxmox_network_linux_bridge: hostNetworkNeeds,
  proxmox_network_linux_bond: hostNetworkNeeds,
  proxmox_network_linux_vlan: hostNetworkNeeds,
  proxmox_storage_cifs: storageNeeds,
  proxmox_storage_directory: storageNeeds,
  proxmox_storage_lvmthin: storageNeeds,
  proxmox_storage_nfs: storageNeeds,
  proxmox_storage_pbs: storageNeeds,
  proxmox_storage_zfspool: storageNeeds,
  proxmox_metrics_server: () => [{ path: "/", privileges: ["Sys.Audit", "Sys.Modify"] }],
  proxmox_hagroup: haNeeds,
  proxmox_haresource: haNeeds,
  proxmox_harule: haNeeds,
  proxmox_backup_job: (job) => [
    { path: "/", privileges: ["Sys.Audit", "Sys.Modify"] },
    { path: "/vms", privileges: ["VM.Backup"] },
    // A job deletes old backups, so that only who manages a datastore may send one there.
    { path: under("/storage", job["storage"]), privileges: ["Datastore.Allocate", "Datastore.Audit"] },
  ],
  proxmox_virtual_environment_firewall_options: firewallNeeds,
  proxmox_virtual_environment_firewall_rules: firewallNeeds,
  proxmox_virtual_environment_firewall_alias: firewallNeeds,
  proxmox_virtual_environment_firewall_ipset: firewallNeeds,
  proxmox_virtual_environment_cluster_firewall: () => [{ path: "/", privileges: ["Sys.Audit", "Sys.Modify"] }],
  proxmox_virtual_environment_cluster_firewall_security_group: () => [
    { path: "/", privileges: ["Sys.Audit", "Sys.Modify"] },
  ],
};

const LOCAL_NETWORK = "/sdn/zones/localnetwork";

function vmNeeds(vm: Attributes, pveMajor: 8 | 9): readonly Need[] {
  const initialization = blocks(vm["initialization"]);
  const devices = Object.entries({ pci: "hostpci", usb: "usb", dir: "virtiofs" }).flatMap(([kind, block]) =>
    blocks(vm[block]).map(({ mapping }) => ({ kind, mapping })),
  );
  const agent = blocks(vm["agent"]).some(({ enabled }) => enabled === true);
  const privileges: Privilege[] = [
    "VM.Allocate",
    "VM.Audit",
    "VM.Config.CPU",
    "VM.Config.Disk",
    "VM.Config.HWType",
    "VM.Config.Memory",
    "VM.Config.Network",
    "VM.Config.Options",
    "VM.PowerMgmt",
  ];
  const optical = blocks(vm["cdrom"]);
  if (initialization.length + optical.length > 0) privileges.push("VM.Config.CDROM");
  if (initialization.length > 0) privileges.push("VM.Config.Cloudinit");
  if (vm["migrate"] === true) privileges.push("VM.Migrate");
  if (agent) privileges.push(pveMajor >= 9 ? "VM.GuestAgent.Audit" : "VM.Monitor");
  const disks = ["disk", "efi_disk", "tpm_state", "initialization"].flatMap((block) => blocks(vm[block]));
  return [
    { path: under("/vms", vm["vm_id"]), privileges },
    ...disks.flatMap(({ datastore_id, import_from }) => [
      { path: under("/storage", datastore_id), privileges: ["Datastore.AllocateSpace", "Datastore.Audit"] as const },
      ...(typeof import_from === "string" && import_from.includes(":import/")
        ? [{ path: under("/storage", import_from.split(":")[0]), privileges: ["Datastore.Audit"] as const }]
        : []),
    ]),
    ...optical.flatMap(({ file_id }) =>
      typeof file_id === "string" && file_id.includes(":")
        ? [{ path: under("/storage", file_id.split(":")[0]), privileges: ["Datastore.Audit"] as const }]
        : [],
    ),
    ...blocks(vm["network_device"]).flatMap(({ bridge, vlan_id, trunks }) =>
      [vlan_id, ...(typeof trunks === "string" ? trunks.split(";") : [])].map((vlan) => ({
        path: isOneVlan(vlan) ? under(under(LOCAL_NETWORK, bridge), vlan) : under(LOCAL_NETWORK, bridge),
        privileges: ["SDN.Use"] as const,
      })),
    ),
    ...devices
      .filter(({ mapping }) => mapping !== undefined)
      .map(({ kind, mapping }) => ({ path: under(`/mapping/${kind}`, mapping), privileges: ["Mapping.Use"] as const })),
    ...(vm["pool_id"] === undefined
      ? []
      : [{ path: under("/pool", vm["pool_id"]), privileges: ["Pool.Allocate", "Pool.Audit"] as const }]),
    ...(vm["startup"] === undefined ? [] : [{ path: "/", privileges: ["Sys.Modify"] as const }]),
  ];
}

/** The access tree has no ranges of VLANs; what is above all of them is the bridge. */
function isOneVlan(vlan: unknown): boolean {
  return vlan !== undefined && vlan !== null && /^\d+$/.test(String(vlan));
}

/** A mapping is made on the path of all of its kind. */
function mappingNeeds(kind: string, mapping: Attributes): readonly Need[] {
  return [
    { path: `/mapping/${kind}`, privileges: ["Mapping.Modify"] },
    { path: under(`/mapping/${kind}`, mapping["name"]), privileges: ["Mapping.Audit", "Mapping.Modify"] },
  ];
}

function hostNetworkNeeds(network: Attributes): readonly Need[] {
  return [{ path: under("/nodes", network["node_name"]), privileges: ["Sys.Audit", "Sys.Modify"] }];
}

function storageNeeds(made: Attributes): readonly Need[] {
  return [
    { path: "/storage", privileges: ["Datastore.Allocate"] },
    // To read it back takes as much as to make it.
    { path: under("/storage", made["id"]), privileges: ["Datastore.Allocate", "Datastore.Audit"] },
  ];
}

function haNeeds(): readonly Need[] {
  return [{ path: "/", privileges: ["Sys.Audit", "Sys.Console"] }];
}

function firewallNeeds(firewall: Attributes): readonly Need[] {
  const { vm_id: vm, node_name: node } = firewall;
  if (vm !== undefined) {
    return [{ path: under("/vms", vm), privileges: ["VM.Audit", "VM.Config.Network"] }];
  }
  return [{ path: node === undefined ? "/" : under("/nodes", node), privileges: ["Sys.Audit", "Sys.Modify"] }];
}

/**
 * One grant per path. A grant takes the place of what would be inherited from above, so each has all that its path
 * needs; one that would be inherited as it is is left out.
 */
function merged(needs: readonly Need[]): readonly Grant[] {
  const byPath = new Map<string, Set<Privilege>>();
  for (const { path, privileges } of needs) {
    byPath.set(path, new Set([...(byPath.get(path) ?? []), ...privileges]));
  }
  const inherited = (path: string) => {
    const [nearest] = [...byPath.keys()].filter((above) => isBelow(path, above)).sort((a, b) => b.length - a.length);
    return nearest === undefined ? undefined : byPath.get(nearest);
  };
  return [...byPath]
    .filter(([path, own]) => ![...own].every((privilege) => inherited(path)?.has(privilege)))
    .map(([path, own]) => ({ path, privileges: [...own].sort() }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function isBelow(path: string, above: string): boolean {
  return path !== above && (above === "/" || path.startsWith(`${above}/`));
}

/** A path below another one; the other one where only Terraform knows what follows. */
function under(path: string, name: unknown): string {
  const isKnown = typeof name === "number" || (typeof name === "string" && !name.includes("${"));
  return isKnown ? `${path}/${String(name).replace(/^\//, "")}` : path;
}

function realmOf(user: unknown): string | undefined {
  return typeof user === "string" ? user.split("@").at(-1) : undefined;
}

/** A block, of which there are one or several. */
function blocks(value: unknown): readonly Attributes[] {
  const several = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  return several.flatMap((one) => (isAttributes(one) ? [one] : []));
}

function isAttributes(value: unknown): value is Attributes {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const synthesized = z.object({
  resource: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).optional(),
});

function resourcesOf(stack: unknown) {
  const { resource = {} } = synthesized.parse(stack);
  return Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named).map(([name, attributes]) => ({ type, name, attributes })),
  );
}
