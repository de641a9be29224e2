import { DirectoryMapping, PciMapping, type ProxmoxSite, ProxmoxVm, type SiteStack, UsbMapping } from "../../index";
import { addCluster } from "../helpers/clusters";
import { only, refusals, resources, synthesize } from "../helpers/synth";
import { refused, stackOf, type VmChanges, vmOf } from "../helpers/vms";

const card = { id: "10de:2571", path: "0000:01:00", iommuGroup: 14, subsystemId: "10de:1611" };

const pci = (stack: SiteStack, site: ProxmoxSite, mediatedDevices?: boolean, id = "gpu") =>
  new PciMapping(stack, id, {
    site,
    devices: { pve1: [card] },
    ...(mediatedDevices === undefined ? {} : { mediatedDevices }),
  });
const usb = (stack: SiteStack, site: ProxmoxSite, host = "pve1") =>
  new UsbMapping(stack, "zigbee", { site, devices: { [host]: [{ id: "10c4:ea60", path: "1-2.3" }] } });
const directory = (stack: SiteStack, site: ProxmoxSite, host = "pve1") =>
  new DirectoryMapping(stack, "media", { site, directories: { [host]: "/srv/media" } });

test("a VM without devices has one serial port", () => {
  const vm = vmOf();
  expect(vm["serial_device"]).toEqual([{ device: "socket" }]);
  for (const block of ["hostpci", "usb", "virtiofs", "watchdog", "vga"]) {
    expect(vm).not.toHaveProperty(block);
  }
});

test("devices are asked for by the names of their mappings, and wait for them", () => {
  const stack = stackOf({
    vm: (scope, site) => ({
      pciDevices: [pci(scope, site)],
      usbDevices: [usb(scope, site)],
      sharedDirectories: [{ mapping: directory(scope, site), cache: "always", exposeAcl: true }],
    }),
  });
  const vm = only(stack, "proxmox_virtual_environment_vm");
  expect(vm).toMatchObject({
    hostpci: [{ device: "hostpci0", mapping: "gpu", pcie: true, rombar: true }],
    usb: [{ mapping: "zigbee" }],
    virtiofs: [{ mapping: "media", cache: "always", expose_acl: true }],
  });
  expect(vm["depends_on"].map((address: string) => address.split(".")[0])).toEqual([
    "proxmox_hardware_mapping_pci",
    "proxmox_hardware_mapping_usb",
    "proxmox_hardware_mapping_dir",
  ]);
  expect(only(stack, "proxmox_hardware_mapping_usb")).toMatchObject({
    name: "zigbee",
    map: [{ node: "pve1", id: "10c4:ea60", path: "1-2.3" }],
  });
  expect(only(stack, "proxmox_hardware_mapping_dir")).toMatchObject({ map: [{ node: "pve1", path: "/srv/media" }] });
});

test("a watchdog resets the VM, and ports and display are as they are asked for", () => {
  const vm = vmOf({ vm: { watchdog: {}, serialPorts: 2, display: "serial0" } });
  expect(vm).toMatchObject({
    watchdog: { enabled: true, model: "i6300esb", action: "reset" },
    serial_device: [{ device: "socket" }, { device: "socket" }],
    vga: { type: "serial0" },
  });
  expect(vmOf({ vm: { watchdog: { action: "poweroff", model: "ib700" } } })["watchdog"]).toMatchObject({
    action: "poweroff",
    model: "ib700",
  });
});

test("any number of VMs gets a part of a mediated device", () => {
  const stack = stackOf({
    vm: (scope, site) => {
      const mapping = pci(scope, site, true);
      const pciDevices = [{ mapping, mediatedType: "nvidia-63" }];
      new ProxmoxVm(scope, "db-2", {
        site,
        host: "pve1",
        disk: { datastore: "ceph", sizeGiB: 1, importFrom: "local:import/x.qcow2" },
        networkDevices: [],
        pciDevices,
      });
      return { pciDevices };
    },
  });
  expect(resources(stack, "proxmox_virtual_environment_vm").map(({ hostpci }) => hostpci[0].mdev)).toEqual([
    "nvidia-63",
    "nvidia-63",
  ]);
  expect(only(stack, "proxmox_hardware_mapping_pci")).toMatchObject({ mediated_devices: true });
});

test("a Talos machine has a watchdog exactly if its configuration starts one", () => {
  const watchdog = {
    name: "watchdog",
    documents: () => [{ apiVersion: "v1alpha1", kind: "WatchdogTimerConfig", device: "/dev/watchdog0", timeout: "1m" }],
  };
  const { "test-cluster": stack } = synthesize((app) =>
    addCluster(app, { controlPlanes: { "cp-1": {} }, workers: { "w-1": { intents: [watchdog] } } }),
  );
  expect(
    resources(stack, "proxmox_virtual_environment_vm").map(({ name, watchdog: device }) => [name, device?.action]),
  ).toEqual([
    ["cp-1", undefined],
    ["w-1", "reset"],
  ]);
});

test.each<[string, VmChanges["vm"], string, string]>([
  [
    "a USB device on another host",
    (stack, site) => ({ usbDevices: [usb(stack, site, "pve2")] }),
    "mapping-without-host",
    'USB mapping "zigbee" is for "pve2", but the VM is on "pve1"',
  ],
  [
    "a directory of another host",
    (stack, site) => ({ sharedDirectories: [{ mapping: directory(stack, site, "pve3") }] }),
    "mapping-without-host",
    'directory mapping "media" is for "pve3"',
  ],
  [
    "a kind of mediated device that is none",
    (stack, site) => ({ pciDevices: [{ mapping: pci(stack, site, true), mediatedType: "nvidia 63" }] }),
    "malformed-text",
    '"nvidia 63"',
  ],
  [
    "a mediated device of a mapping without such",
    (stack, site) => ({ pciDevices: [{ mapping: pci(stack, site), mediatedType: "nvidia-63" }] }),
    "mediated-device-mismatch",
    "has whole ones",
  ],
  [
    "a whole device of a mapping with mediated ones",
    (stack, site) => ({ pciDevices: [pci(stack, site, true)] }),
    "mediated-device-mismatch",
    "asks for a whole one",
  ],
  [
    "more shared directories than there are places",
    (stack, site) => {
      const mapping = directory(stack, site);
      return { sharedDirectories: Array.from({ length: 9 }, () => ({ mapping })) };
    },
    "too-many-devices",
    "9 shared directories",
  ],
])("%s is refused", (_, vm, code, message) => {
  expect(refused({ ...(vm && { vm }) })).toEqual([[code, expect.stringContaining(message)]]);
});

test("a USB device that two VMs of a host want is refused", () => {
  const problems = refused({
    vm: (stack, site) => {
      const usbDevices = [usb(stack, site)];
      new ProxmoxVm(stack, "db-2", {
        site,
        host: "pve1",
        disk: { datastore: "ceph", sizeGiB: 1, importFrom: "local:import/x.qcow2" },
        networkDevices: [],
        usbDevices,
      });
      return { usbDevices };
    },
  });
  expect(problems).toEqual([["mapping-exhausted", expect.stringContaining('"test-alone/db-2", "test-alone/db-1"')]]);
});

test("one device in two mappings, and so promised twice, is refused, unless it is cut into parts", () => {
  const both = (mediated: boolean): VmChanges => ({
    change: ({ vmName }, stack) => {
      const { site } = stack;
      pci(stack, site, mediated, `${vmName}-one`);
      pci(stack, site, mediated, `${vmName}-two`);
      usb(stack, site);
      new UsbMapping(stack, "coordinator", { site, devices: { pve1: [{ id: "ffff:0001", path: "1-2.3" }] } });
    },
  });
  expect(refused(both(false))).toEqual([
    ["duplicate-device", "The device 0000:01:00 of pve1 already belongs to test-alone/db-1-one."],
    ["duplicate-device", "The device 1-2.3 of pve1 already belongs to test-alone/zigbee."],
  ]);
  expect(refused(both(true))).toHaveLength(1);
});

test.each([
  ["all functions and one of them", "0000:01:00", "0000:01:00.0", false],
  ["one function and all of them", "0000:01:00.1", "0000:01:00", false],
  ["letters in two cases", "0000:0A:00.0", "0000:0a:00.0", false],
  ["whole and cut into parts", "0000:01:00.0", "0000:01:00.0", true],
])("one PCI device under two names is refused: %s", (_, first, second, mediatedDevices) => {
  const problems = refusals((app) => {
    const { stack, site } = addCluster(app);
    new PciMapping(stack, "one", { site, devices: { pve1: [gpuAt(first)] } });
    new PciMapping(stack, "two", { site, mediatedDevices, devices: { pve1: [gpuAt(second)] } });
  });
  expect(problems).toMatchObject([{ code: "duplicate-device", where: "test-cluster/two" }]);
});

test("a device that one mapping names twice is refused: its two VMs would get one device", () => {
  const problems = refusals((app) => {
    const { stack, site } = addCluster(app);
    new PciMapping(stack, "gpu", { site, devices: { pve1: [gpuAt("0000:01:00"), gpuAt("0000:01:00.0")] } });
  });
  expect(problems).toMatchObject([{ code: "duplicate-device", where: "test-cluster/gpu" }]);
});

test("two functions of one device, and devices with one address on two hosts, are two devices", () => {
  const stack = stackOf({
    change: (_, scope) => {
      const devices = { pve1: [gpuAt("0000:01:00.0")], pve2: [gpuAt("0000:01:00")] };
      new PciMapping(scope, "first", { site: scope.site, devices });
      new PciMapping(scope, "second", { site: scope.site, devices: { pve1: [gpuAt("0000:01:00.1")] } });
    },
  });
  expect(resources(stack, "proxmox_hardware_mapping_pci")).toHaveLength(2);
});

function gpuAt(path: string) {
  return { ...card, path };
}

test("mappings that Proxmox does not read, or on hosts that the site does not have, are refused", () => {
  const problems = refusals((app) => {
    const { stack, site } = addCluster(app);
    new UsbMapping(stack, "usb", { site, devices: { pve1: [{ id: "10c4", path: "usb1" }], asgard: [] } });
    new DirectoryMapping(stack, "directory", { site, directories: { pve1: "srv/media" } });
  });
  expect(problems.map(({ code, where }) => [code, where])).toEqual([
    ["unknown-host", "test-cluster/usb"],
    ["malformed-usb-device", "test-cluster/usb"],
    ["malformed-usb-device", "test-cluster/usb"],
    ["malformed-directory", "test-cluster/directory"],
  ]);
});
