import { ProxmoxVm, SiteStack } from "../../index";
import { addCluster } from "../helpers/clusters";
import { only, synthesize } from "../helpers/synth";

/** One VM without Talos, in a stack of its own. */
function vmOf(change: (vm: ProxmoxVm) => void = () => {}) {
  const { "test-alone": stack } = synthesize((app) => {
    const { site } = addCluster(app);
    const alone = new SiteStack(app, "alone", { site });
    const vm = new ProxmoxVm(alone, "build-1", {
      site,
      host: "pve1",
      disk: { datastore: "local-lvm", sizeGiB: 20, importFrom: "local:import/debian-13.qcow2" },
      networkDevices: [
        { bridge: "vmbr0", macAddress: "BC:24:11:00:00:77" },
        { bridge: "vmbr0", vlanId: 62 },
      ],
    });
    change(vm);
  });
  return only(stack, "proxmox_virtual_environment_vm");
}

test("every network device has the eleven keys that the provider's JSON needs, unset ones as null", () => {
  const keys = "bridge disconnected enabled firewall mac_address model mtu queues rate_limit trunks vlan_id".split(" ");
  const devices: Record<string, unknown>[] = vmOf()["network_device"];
  expect(devices.map((device) => Object.keys(device).sort())).toEqual([keys, keys]);
  expect(devices[0]).toMatchObject({
    bridge: "vmbr0",
    mac_address: "BC:24:11:00:00:77",
    model: "virtio",
    vlan_id: null,
  });
  expect(devices[1]).toMatchObject({ mac_address: null, vlan_id: 62 });
});

test("devices put later through the resource have the eleven keys, too", () => {
  const vm = vmOf(({ resource }) => resource.putNetworkDevice([{ bridge: "vmbr9" }]));
  expect(Object.keys(vm["network_device"][0])).toHaveLength(11);
});

test("a VM has the profile that Talos wants, and no memory ballooning", () => {
  expect(vmOf()).toMatchObject({
    name: "build-1",
    node_name: "pve1",
    machine: "q35",
    bios: "ovmf",
    efi_disk: { type: "4m", pre_enrolled_keys: false },
    cpu: { type: "host", cores: 2 },
    memory: { dedicated: 4096, floating: 0 },
    scsi_hardware: "virtio-scsi-pci",
    boot_order: ["scsi0"],
    stop_on_destroy: true,
    timeout_shutdown_vm: 120,
    agent: { enabled: false },
  });
});

test("another host migrates a VM, and never replaces it with its disk", () => {
  expect(vmOf()).toMatchObject({ migrate: true });
});

test("an IPv6 address is handed over as one", () => {
  const { "test-alone": stack } = synthesize((app) => {
    const { site } = addCluster(app);
    new ProxmoxVm(new SiteStack(app, "alone", { site }), "v6", {
      site,
      host: "pve1",
      disk: { datastore: "local-lvm", sizeGiB: 20, importFrom: "local:import/debian-13.qcow2" },
      networkDevices: [{ bridge: "vmbr0" }],
      address: { address: "fd00::10/64", gateway: "fd00::1" },
      tags: ["web", "db", "web"],
    });
  });
  expect(only(stack, "proxmox_virtual_environment_vm")).toMatchObject({
    initialization: { ip_config: [{ ipv6: { address: "fd00::10/64", gateway: "fd00::1" } }] },
    tags: ["db", "web"],
  });
});

test("the disk is imported from a literal path whose later changes are ignored", () => {
  const vm = vmOf();
  expect(vm["disk"]).toEqual([
    {
      interface: "scsi0",
      datastore_id: "local-lvm",
      import_from: "local:import/debian-13.qcow2",
      size: 20,
      discard: "on",
      ssd: true,
      cache: "none",
    },
  ]);
  expect(vm["lifecycle"]).toEqual({ ignore_changes: ["disk[0].import_from"] });
});

test("the resource behind a VM can be changed by its typed setters", () => {
  expect(vmOf(({ resource }) => (resource.protection = true))).toMatchObject({ protection: true });
});
