import { readFileSync } from "node:fs";
import * as path from "node:path";
import { type CpuType, PciMapping } from "../../index";
import { addCluster } from "../helpers/clusters";
import { refusals } from "../helpers/synth";
import { refused, type VmChanges, vmOf } from "../helpers/vms";

test("a processor has what is given, and the rest as Proxmox has it", () => {
  const cpu = { type: "x86-64-v3", sockets: 2, numa: true, limit: 3, units: 200, flags: ["+aes", "-pcid"] } as const;
  expect(vmOf({ vm: { cores: 4, cpu } })["cpu"]).toEqual({ ...cpu, cores: 4 });
  expect(vmOf()["cpu"]).toEqual({ type: "host", cores: 2 });
});

test("memory balloons only where it is asked to", () => {
  expect(vmOf()["memory"]).toEqual({ dedicated: 4096, floating: 0 });
  expect(vmOf({ vm: { memoryMiB: 8192, balloonMiB: 2048 } })["memory"]).toEqual({ dedicated: 8192, floating: 2048 });
});

test("every CPU model that can be written is one that the provider takes", () => {
  const models: Record<Exclude<CpuType, `custom-${string}`>, true> = {
    host: true,
    max: true,
    "x86-64-v2": true,
    "x86-64-v2-AES": true,
    "x86-64-v3": true,
    "x86-64-v4": true,
    EPYC: true,
    "EPYC-Rome": true,
    "EPYC-Milan": true,
    "EPYC-Genoa": true,
    Nehalem: true,
    Westmere: true,
    SandyBridge: true,
    IvyBridge: true,
    Haswell: true,
    "Haswell-noTSX": true,
    Broadwell: true,
    "Broadwell-noTSX": true,
    "Skylake-Client": true,
    "Skylake-Client-noTSX-IBRS": true,
    "Skylake-Server": true,
    "Skylake-Server-noTSX-IBRS": true,
    "Cascadelake-Server": true,
    "Cascadelake-Server-noTSX": true,
    Cooperlake: true,
    "Icelake-Server": true,
    "Icelake-Server-noTSX": true,
    SapphireRapids: true,
  };
  const file = path.resolve(__dirname, "../../providers/schemas/behaviour/proxmox.json");
  const behaviour: { proxmox_virtual_environment_vm: { one_of: Record<string, string[]> } } = JSON.parse(
    readFileSync(file, "utf8"),
  );
  const taken = behaviour.proxmox_virtual_environment_vm.one_of["cpu.type"] ?? [];
  expect(taken).toContain("host");
  expect(Object.keys(models).filter((model) => !taken.includes(model))).toEqual([]);
});

test.each<[string, VmChanges, string, string]>([
  ["more sockets than there are", { vm: { cpu: { sockets: 17 } } }, "value-out-of-range", "cpu.sockets is 17"],
  ["half a core as limit", { vm: { cpu: { limit: 0.5 } } }, "value-out-of-range", "cpu.limit is 0.5"],
  ["no weight at all", { vm: { cpu: { units: 0 } } }, "value-out-of-range", "cpu.units is 0"],
  ["a flag that is none", { vm: { cpu: { flags: ["+a b"] } } }, "malformed-text", '"+a b"'],
  [
    "an affinity that is no list",
    { site: { login: "root" }, vm: { cpu: { affinity: "0..3" } } },
    "malformed-affinity",
    '"0..3"',
  ],
  ["a balloon that is larger than the memory", { vm: { balloonMiB: 8192 } }, "balloon-above-memory", "8192"],
  ["an affinity, with an API token", { vm: { cpu: { affinity: "0-3" } } }, "root-only-setting", "cpu.affinity"],
  [
    "huge pages, with an API token",
    { change: ({ resource }) => resource.putMemory({ dedicated: 4096, hugepages: "2" }) },
    "root-only-setting",
    "memory.hugepages",
  ],
  [
    "arguments for KVM, with an API token",
    { change: ({ resource }) => (resource.kvmArguments = "-no-hpet") },
    "root-only-setting",
    "kvm_arguments",
  ],
  [
    "a random number generator, with an API token",
    { change: ({ resource }) => resource.putRng([{ source: "/dev/urandom" }]) },
    "root-only-setting",
    "rng",
  ],
  [
    "another architecture, with an API token",
    { change: ({ resource }) => resource.putCpu({ architecture: "x86_64" }) },
    "root-only-setting",
    "cpu.architecture",
  ],
  [
    "an upgrade by cloud-init, with an API token",
    { change: ({ resource }) => resource.putInitialization({ upgrade: true }) },
    "root-only-setting",
    "initialization.upgrade",
  ],
  [
    "encrypted memory, with an API token",
    { change: ({ resource }) => resource.putAmdSev({ type: "std" }) },
    "root-only-setting",
    "amd_sev",
  ],
  [
    "a hook script, with an API token",
    { change: ({ resource }) => (resource.hookScriptFileId = "local:snippets/hook.sh") },
    "root-only-setting",
    "hook_script_file_id",
  ],
  [
    "a serial port of the host, with an API token",
    { change: ({ resource }) => resource.putSerialDevice([{ device: "/dev/ttyS0" }]) },
    "root-only-setting",
    "serial_device",
  ],
  [
    "a USB device of the host, with an API token",
    { change: ({ resource }) => resource.putUsb([{ host: "1-2" }]) },
    "root-only-setting",
    "usb.host",
  ],
])("%s is refused", (_, changes, code, message) => {
  expect(refused(changes)).toEqual([[code, expect.stringContaining(message)]]);
});

test("root@pam may set what an API token may not, a raw PCI device among it", () => {
  const vm = vmOf({
    site: { login: "root" },
    vm: { cpu: { affinity: "0-3,8" } },
    change: ({ resource }) => resource.putHostpci([{ device: "hostpci0", id: "0000:01:00.0", pcie: true }]),
  });
  expect(vm).toMatchObject({ cpu: { affinity: "0-3,8" }, hostpci: [{ id: "0000:01:00.0" }] });
});

test("ballooning on a VM with a PCI device is refused: the device pins all of its memory", () => {
  const device = { id: "10de:2571", path: "0000:01:00", iommuGroup: 14, subsystemId: "10de:1611" };
  expect(
    refused({
      vm: (stack, site) => ({
        balloonMiB: 2048,
        pciDevices: [new PciMapping(stack, "gpu", { site, devices: { pve1: [device] } })],
      }),
    }),
  ).toEqual([["balloon-with-passthrough", expect.stringContaining("2048 MiB")]]);
});

test("ballooning on a Talos machine, through its resource, is refused", () => {
  const problems = refusals((app) => {
    const { cluster } = addCluster(app);
    for (const { vm } of cluster.workers) vm.resource.putMemory({ dedicated: 4096, floating: 2048 });
  });
  expect(problems).toMatchObject([{ code: "balloon-with-talos", where: "test-cluster/lab/w-1" }]);
});
