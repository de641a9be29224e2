/** What an API token needs, from the resources that it is for. */
import * as path from "node:path";
import { type NeededPrivileges, neededPrivileges, privilegeCommands } from "../../analysis/privileges";
import { sites } from "../../examples";
import { providersInUse } from "../../providers/in-use";
import { expectGolden } from "../helpers/golden";
import { synthesize } from "../helpers/synth";

type Attributes = Readonly<Record<string, unknown>>;

function neededBy(type: string, attributes: Attributes, pveMajor: 8 | 9 = 9): Readonly<Record<string, string>> {
  const { grants } = neededPrivileges([{ resource: { [type]: { it: attributes } } }], pveMajor);
  return Object.fromEntries(grants.map((grant) => [grant.path, grant.privileges.join(" ")]));
}

const vmPrivileges =
  "VM.Allocate VM.Audit VM.Config.CPU VM.Config.Disk VM.Config.HWType VM.Config.Memory VM.Config.Network VM.Config.Options";

/** The privileges by path that each resource needs, from the permissions of the API's calls that the provider makes. */
const needed: readonly (readonly [type: string, Attributes, Readonly<Record<string, string>>])[] = [
  ["proxmox_acl", { path: "/vms" }, { "/": "Sys.Audit", "/vms": "Permissions.Modify" }],
  [
    "proxmox_download_file",
    { datastore_id: "local" },
    {
      "/": "Sys.Audit Sys.Modify",
      "/storage/local": "Datastore.Allocate Datastore.AllocateTemplate Datastore.Audit",
    },
  ],
  [
    "proxmox_hardware_mapping_pci",
    { name: "gpu" },
    { "/": "Sys.Audit", "/mapping/pci": "Mapping.Modify", "/mapping/pci/gpu": "Mapping.Audit Mapping.Modify" },
  ],
  [
    "proxmox_hardware_mapping_usb",
    { name: "key" },
    { "/": "Sys.Audit", "/mapping/usb": "Mapping.Modify", "/mapping/usb/key": "Mapping.Audit Mapping.Modify" },
  ],
  [
    "proxmox_hardware_mapping_dir",
    { name: "media" },
    { "/": "Sys.Audit", "/mapping/dir": "Mapping.Modify", "/mapping/dir/media": "Mapping.Audit Mapping.Modify" },
  ],
  [
    "proxmox_virtual_environment_file",
    { datastore_id: "local" },
    {
      "/": "Sys.Audit",
      "/storage/local": "Datastore.Allocate Datastore.AllocateSpace Datastore.AllocateTemplate Datastore.Audit",
    },
  ],
  ["proxmox_metrics_server", { name: "influx" }, { "/": "Sys.Audit Sys.Modify" }],
  [
    "proxmox_backup_job",
    { id: "nightly", storage: "nas" },
    { "/": "Sys.Audit Sys.Modify", "/storage/nas": "Datastore.Allocate Datastore.Audit", "/vms": "VM.Backup" },
  ],
  ["proxmox_network_linux_bridge", { node_name: "pve1" }, { "/": "Sys.Audit", "/nodes/pve1": "Sys.Audit Sys.Modify" }],
  ["proxmox_network_linux_vlan", { node_name: "pve1" }, { "/": "Sys.Audit", "/nodes/pve1": "Sys.Audit Sys.Modify" }],
  ["proxmox_network_linux_bond", { node_name: "pve1" }, { "/": "Sys.Audit", "/nodes/pve1": "Sys.Audit Sys.Modify" }],
  ...["cifs", "directory", "lvmthin", "nfs", "pbs", "zfspool"].map(
    (kind) =>
      [
        `proxmox_storage_${kind}`,
        { id: "nas" },
        { "/": "Sys.Audit", "/storage": "Datastore.Allocate", "/storage/nas": "Datastore.Allocate Datastore.Audit" },
      ] as const,
  ),
  ...["options", "rules", "alias", "ipset"].flatMap((kind) => [
    [
      `proxmox_virtual_environment_firewall_${kind}`,
      { node_name: "pve1", vm_id: 100 },
      { "/": "Sys.Audit", "/vms/100": "VM.Audit VM.Config.Network" },
    ] as const,
    [
      `proxmox_virtual_environment_firewall_${kind}`,
      { node_name: "pve1" },
      { "/": "Sys.Audit", "/nodes/pve1": "Sys.Audit Sys.Modify" },
    ] as const,
    [`proxmox_virtual_environment_firewall_${kind}`, {}, { "/": "Sys.Audit Sys.Modify" }] as const,
  ]),
  ["proxmox_virtual_environment_cluster_firewall", {}, { "/": "Sys.Audit Sys.Modify" }],
  ["proxmox_virtual_environment_cluster_firewall_security_group", {}, { "/": "Sys.Audit Sys.Modify" }],
  [
    "proxmox_virtual_environment_user",
    { user_id: "csi@pve" },
    { "/": "Sys.Audit", "/access/groups": "User.Modify", "/access/realm/pve": "Realm.AllocateUser" },
  ],
  ["proxmox_virtual_environment_role", { role_id: "csi" }, { "/": "Sys.Audit", "/access": "Sys.Modify" }],
  [
    "proxmox_virtual_environment_pool",
    { pool_id: "lab" },
    { "/": "Sys.Audit", "/pool/lab": "Pool.Allocate Pool.Audit" },
  ],
  ["proxmox_pool_membership", { pool_id: "lab" }, { "/": "Sys.Audit", "/pool/lab": "Pool.Allocate Pool.Audit" }],
  ["proxmox_user_token", { user_id: "csi@pve" }, { "/": "Sys.Audit", "/access/groups": "User.Modify" }],
  ["proxmox_haresource", { resource_id: "vm:100" }, { "/": "Sys.Audit Sys.Console" }],
  ["proxmox_hagroup", { group: "lab" }, { "/": "Sys.Audit Sys.Console" }],
  ["proxmox_harule", { rule: "lab" }, { "/": "Sys.Audit Sys.Console" }],
  ["proxmox_virtual_environment_vm", {}, { "/": "Sys.Audit", "/vms": `${vmPrivileges} VM.PowerMgmt` }],
  [
    "proxmox_virtual_environment_vm",
    {
      vm_id: 100,
      initialization: { datastore_id: "fast" },
      efi_disk: { datastore_id: "efi" },
      tpm_state: { datastore_id: "tpm" },
      virtiofs: [{ mapping: "media" }],
      migrate: true,
    },
    {
      "/": "Sys.Audit",
      "/mapping/dir/media": "Mapping.Use",
      "/storage/efi": "Datastore.AllocateSpace Datastore.Audit",
      "/storage/fast": "Datastore.AllocateSpace Datastore.Audit",
      "/storage/tpm": "Datastore.AllocateSpace Datastore.Audit",
      "/vms/100":
        "VM.Allocate VM.Audit VM.Config.CDROM VM.Config.CPU VM.Config.Cloudinit VM.Config.Disk VM.Config.HWType VM.Config.Memory VM.Config.Network VM.Config.Options VM.Migrate VM.PowerMgmt",
    },
  ],
  [
    "proxmox_virtual_environment_vm",
    { vm_id: 100, cdrom: { file_id: "nas:iso/drivers.iso", interface: "ide3" } },
    {
      "/": "Sys.Audit",
      "/storage/nas": "Datastore.Audit",
      "/vms/100":
        "VM.Allocate VM.Audit VM.Config.CDROM VM.Config.CPU VM.Config.Disk VM.Config.HWType VM.Config.Memory VM.Config.Network VM.Config.Options VM.PowerMgmt",
    },
  ],
  [
    "proxmox_virtual_environment_vm",
    { vm_id: 100, disk: [{ datastore_id: "fast", import_from: "local:import/a.qcow2" }] },
    {
      "/": "Sys.Audit",
      "/storage/fast": "Datastore.AllocateSpace Datastore.Audit",
      "/storage/local": "Datastore.Audit",
      "/vms/100": `${vmPrivileges} VM.PowerMgmt`,
    },
  ],
  [
    "proxmox_virtual_environment_vm",
    {
      vm_id: 100,
      network_device: [
        { bridge: "vmbr0", vlan_id: null },
        { bridge: "vmbr0", vlan_id: 62 },
        { bridge: "vmbr1", vlan_id: 81, trunks: "62;71" },
      ],
      hostpci: [{ mapping: "gpu" }],
      usb: [{ mapping: "key" }, { host: "1-2" }],
      pool_id: "lab",
      startup: { order: "1" },
    },
    {
      "/": "Sys.Audit Sys.Modify",
      "/mapping/pci/gpu": "Mapping.Use",
      "/mapping/usb/key": "Mapping.Use",
      "/pool/lab": "Pool.Allocate Pool.Audit",
      "/sdn/zones/localnetwork/vmbr0": "SDN.Use",
      "/sdn/zones/localnetwork/vmbr1/62": "SDN.Use",
      "/sdn/zones/localnetwork/vmbr1/71": "SDN.Use",
      "/sdn/zones/localnetwork/vmbr1/81": "SDN.Use",
      "/vms/100": `${vmPrivileges} VM.PowerMgmt`,
    },
  ],
];

test.each(needed)("%s needs just what it does", (type, attributes, expected) => {
  expect(neededBy(type, attributes)).toEqual(expected);
});

test("a range of VLANs is granted by its bridge, because no path has one", () => {
  const cards = [{ bridge: "vmbr1", vlan_id: 81, trunks: "62;70-79" }];
  expect(neededBy("proxmox_virtual_environment_vm", { network_device: cards })).toMatchObject({
    "/sdn/zones/localnetwork/vmbr1": "SDN.Use",
  });
});

test.each([
  [9, "VM.GuestAgent.Audit"],
  [8, "VM.Monitor"],
] as const)("on Proxmox VE %s the guest agent is asked with %s", (pveMajor, privilege) => {
  const privileges = neededBy("proxmox_virtual_environment_vm", { agent: { enabled: true } }, pveMajor)["/vms"];
  expect(privileges).toContain(privilege);
});

test("a name that only Terraform knows is granted by the path above it", () => {
  expect(neededBy("proxmox_virtual_environment_pool", { pool_id: "${var.pool}" })).toHaveProperty("/pool");
});

test("a grant has all that its path needs, because it takes the place of what would be inherited", () => {
  const vm = { vm_id: 100, hostpci: [{ mapping: "gpu" }] };
  const resource = {
    proxmox_hardware_mapping_pci: { gpu: { name: "gpu" } },
    proxmox_virtual_environment_vm: { vm },
  };
  const { grants } = neededPrivileges([{ resource }], 9);
  expect(grants).toContainEqual({
    path: "/mapping/pci/gpu",
    privileges: ["Mapping.Audit", "Mapping.Modify", "Mapping.Use"],
  });
});

test("a path whose name begins like another one's is not below it", () => {
  const vm = (id: number) => ({ vm_id: id });
  const { grants } = neededPrivileges([{ resource: { proxmox_virtual_environment_vm: { a: vm(10), b: vm(100) } } }], 9);
  expect(grants.map(({ path: granted }) => granted)).toEqual(["/", "/vms/10", "/vms/100"]);
});

test("a resource whose privileges are not known is named", () => {
  const resource = { proxmox_sdn_vnet: { it: {} }, talos_machine: { it: {} } };
  expect(neededPrivileges([{ resource }], 9)).toEqual({ grants: [], unknown: ["proxmox_sdn_vnet.it"] });
});

test("the privileges of every resource that has bindings are in the table", () => {
  const types = providersInUse.filter(({ name }) => name === "proxmox").flatMap(({ resources }) => resources);
  expect(types.filter((type) => !needed.some(([known]) => known === type))).toEqual([]);
});

test("the token of prox-ops may do what its golden file says", () => {
  const ofSite = neededPrivileges(Object.values(synthesize((app) => sites["prox-ops"]?.(app))), 9);
  expect(ofSite.unknown).toEqual([]);
  expectGolden(path.join(__dirname, "golden/privileges.prox-ops.txt"), `${commandsOf(ofSite)}\n`);
});

test("paths with the same privileges share a role, which is called the same whatever others there are", () => {
  const grants: NeededPrivileges["grants"] = [
    { path: "/vms/1", privileges: ["VM.Audit"] },
    { path: "/vms/2", privileges: ["VM.Backup"] },
    { path: "/vms/3", privileges: ["VM.Audit"] },
  ];
  const commands = privilegeCommands({ grants, unknown: [] }, "a@pve", "lab");
  expect(commands).toEqual([
    "pveum role add lab-vms-bf0824 --privs VM.Audit",
    "pveum role add lab-vms-a2e617 --privs VM.Backup",
    "pveum user add a@pve",
    "pveum acl modify /vms/1 --users a@pve --roles lab-vms-bf0824",
    "pveum acl modify /vms/2 --users a@pve --roles lab-vms-a2e617",
    "pveum acl modify /vms/3 --users a@pve --roles lab-vms-bf0824",
    "pveum user token add a@pve lab --privsep 0",
  ]);
  for (const grant of grants) {
    const alone = privilegeCommands({ grants: [grant], unknown: [] }, "a@pve", "lab");
    expect(commands).toEqual(expect.arrayContaining([...alone]));
  }
});

function commandsOf(privileges: NeededPrivileges): string {
  return privilegeCommands(privileges, "terraform@pve", "prox-ops").join("\n");
}
