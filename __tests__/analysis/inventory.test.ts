import * as path from "node:path";
import { type Answer, readInventory } from "../../analysis/inventory/read";
import { type Problem, ProblemsError } from "../../errors";
import { expectGolden } from "../helpers/golden";
import { answersOf, inventories, runCode, written } from "../helpers/inventories";
import { inFolder } from "../helpers/synth";

describe.each(inventories)("%s", (name) => {
  const { code, listed } = written(name, answersOf(name));

  test("is the code that a person reads", () => {
    expectGolden(path.join(__dirname, `golden/inventories/${name}.txt`), code);
  });

  test("synthesizes", () => {
    const shown = jest.spyOn(console, "warn").mockImplementation(() => undefined);
    expect(() => inFolder((outdir) => runCode(code, outdir))).not.toThrow();
    shown.mockRestore();
  });

  test("holds nothing that may be a secret", () => {
    expect(code + JSON.stringify(listed)).not.toMatch(/hunter2|AAAAC3|\*\*\*\*|"ops"|virtio-rng/);
  });

  test("shows what it does not have beside the machine, too", () => {
    for (const { message } of listed) expect(code).toContain(`${message}\n`);
  });
});

/** One host with one VM, which is right in everything; a test names what it changes. */
function oneVm(config: object, changes: { readonly vm?: object; readonly more?: readonly object[] } = {}): Answer[] {
  const vm = { type: "qemu", node: "pve", vmid: 100, name: "web", status: "running", ...changes.vm };
  const storage = {
    type: "storage",
    storage: "local-zfs",
    node: "pve",
    content: "images",
    shared: 0,
    maxdisk: 2 ** 42,
  };
  const host = { type: "node", node: "pve", maxmem: 2 ** 35, maxcpu: 8 };
  const plain = {
    bios: "ovmf",
    boot: "order=scsi0",
    cores: 2,
    cpu: "host",
    digest: "8c1d6a6c",
    efidisk0: "local-zfs:vm-100-disk-0,efitype=4m,size=1M",
    machine: "q35",
    memory: "2048",
    name: "web",
    net0: "virtio=BC:24:11:00:00:01,bridge=vmbr0",
    onboot: 1,
    ostype: "l26",
    scsi0: "local-zfs:vm-100-disk-1,discard=on,size=8G,ssd=1",
    scsihw: "virtio-scsi-pci",
    serial0: "socket",
  };
  return [
    { path: "cluster/resources", json: [host, storage, vm, ...(changes.more ?? [])] },
    { path: "nodes/pve/qemu/100/config", json: JSON.parse(JSON.stringify({ ...plain, ...config })) },
  ];
}

/** The lines of the VM's code, and what is listed about it. */
function vmOf(config: object): { readonly code: string; readonly listed: readonly string[] } {
  const { code, listed } = written("test", oneVm(config));
  const [, vm = ""] = /^((?:const vm100 = )?new ProxmoxVm[\s\S]*)\n\napp\.synth/m.exec(code) ?? [];
  return { code: vm, listed: listed.map(({ message }) => message) };
}

test("a VM with the profile of a new one is nothing but props", () => {
  expect(vmOf({})).toEqual({
    code: [
      'new ProxmoxVm(stack, "web", {',
      "  site,",
      '  host: "pve",',
      "  vmId: 100,",
      "  existing: true,",
      "  cores: 2,",
      "  memoryMiB: 2048,",
      '  disk: { datastore: "local-zfs", sizeGiB: 8 },',
      '  networkDevices: [{ bridge: "vmbr0", macAddress: "BC:24:11:00:00:01" }],',
      "});",
    ].join("\n"),
    listed: [],
  });
});

test("a switch that is none is listed, whatever the word", () => {
  const { code, listed } = vmOf({ numa: "constructor", protection: "perhaps" });
  expect(code).not.toMatch(/numa:|protection:/);
  expect(listed).toEqual(["Terraform leaves alone: numa, protection (no code for it)."]);
});

test.each([
  [
    "processor",
    { cpu: "cputype=x86-64-v3,flags=+aes;-pcid", sockets: 2 },
    'cpu: { type: "x86-64-v3", sockets: 2, flags: ["+aes", "-pcid"] }',
  ],
  ["processor that new machines do not have", { cpu: "kvm64" }, 'vm100.resource.putCpu({ type: "kvm64", cores: 2 });'],
  ["memory in its later form", { memory: "current=4096", balloon: 1024 }, "memoryMiB: 4096,\n  balloonMiB: 1024,"],
  [
    "data disk",
    { virtio1: "local-zfs:vm-100-disk-2,iothread=1,size=1T" },
    'dataDisks: { virtio1: { datastore: "local-zfs", sizeGiB: 1024, iothread: true, discard: false } }',
  ],
  [
    "disk that no prop says",
    { sata0: "local-zfs:vm-100-disk-2,size=5G" },
    '{ interface: "sata0", datastoreId: "local-zfs", size: 5 }',
  ],
  [
    "TPM and keys",
    {
      efidisk0: "local-zfs:vm-100-disk-0,efitype=4m,pre-enrolled-keys=1,size=1M",
      tpmstate0: "local-zfs:vm-100-disk-9,size=4M,version=v2.0",
    },
    'firmware: { secureBootKeys: "microsoft", tpm: true }',
  ],
  [
    "card of another kind",
    { net0: "e1000=BC:24:11:00:00:01,bridge=vmbr0,link_down=1" },
    "vm100.resource.putNetworkDevice([\n",
  ],
  [
    "card with the keys of a file",
    { net0: "model=virtio,macaddr=BC:24:11:00:00:01,bridge=vmbr0,tag=62,mtu=1" },
    'vlanId: 62, mtu: "bridge"',
  ],
  [
    "static address",
    { ide2: "local-zfs:vm-100-cloudinit,media=cdrom", ipconfig0: "ip=10.0.0.9/24,gw=10.0.0.1" },
    'ipv4: { address: "10.0.0.9/24", gateway: "10.0.0.1" }',
  ],
  [
    "mapped GPU on a versioned q35",
    { machine: "pc-q35-9.2+pve1", hostpci0: "mapping=a2000,pcie=1" },
    'vm100.resource.putHostpci([{ device: "hostpci0", mapping: "a2000", pcie: true, rombar: true }]);',
  ],
  [
    "mapped USB device",
    { usb0: "mapping=zigbee,usb3=1" },
    'vm100.resource.putUsb([{ mapping: "zigbee", usb3: true }]);',
  ],
  ["watchdog", { watchdog: "i6300esb,action=poweroff" }, 'watchdog: { action: "poweroff" }'],
  ["console", { vga: "serial0", keyboard: "de" }, 'display: "serial0",\n});\nvm100.resource.keyboardLayout = "de";'],
  ["startup", { startup: "2,down=60", onboot: 0 }, "onBoot: false,\n  startup: { order: 2, downDelaySeconds: 60 },"],
  [
    "static address of a link between two",
    { ide2: "local-zfs:vm-100-cloudinit,media=cdrom", ipconfig0: "ip=10.0.0.8/31,gw=10.0.0.9" },
    'ipv4: { address: "10.0.0.8/31", gateway: "10.0.0.9" }',
  ],
  [
    "system disk that is no SSD",
    { scsi0: "local-zfs:vm-100-disk-1,discard=on,size=8G" },
    'vm100.resource.putDisk([{ interface: "scsi0", datastoreId: "local-zfs", size: 8, discard: "on" }]);',
  ],
  [
    "name that is longer than one of a construct may be",
    { name: `${"a".repeat(60)}.example.com` },
    `new ProxmoxVm(stack, "${"a".repeat(60)}-ex", {`,
  ],
  ["name with dots", { name: "Web.example.com" }, 'new ProxmoxVm(stack, "web-example-com", {'],
])("a %s is in the code, and nothing is listed", (_, config, line) => {
  const { code, listed } = vmOf(config);
  expect(code).toContain(line);
  expect(listed).toEqual([]);
});

test.each([
  ["raw PCI device", { hostpci0: "0000:01:00,pcie=1" }, "hostpci", "hostpci0"],
  ["mapped device on i440fx", { machine: "pc", hostpci0: "mapping=a2000" }, "hostpci", "hostpci0"],
  [
    "mapped device beside ballooning",
    { machine: "pc-q35-9.2+pve1", balloon: 1024, hostpci0: "mapping=a2000" },
    "hostpci",
    "hostpci0",
  ],
  ["mapped USB device after a gap", { usb1: "mapping=zigbee" }, "usb", "usb1"],
  ["disk of the host", { scsi1: "/dev/disk/by-id/ata-X,size=100G" }, "disk", "scsi1"],
  ["medium in a drive", { ide2: "local:iso/debian.iso,media=cdrom,size=4G" }, "disk", "ide2"],
  [
    "size with a fraction",
    { scsi0: "local-zfs:vm-100-disk-1,discard=on,size=3584M,ssd=1" },
    "disk[0].size",
    "scsi0 size",
  ],
  ["limit with a fraction", { scsi0: "local-zfs:vm-100-disk-1,mbps_rd=10.5,size=8G" }, "disk", "scsi0 mbps_rd"],
  ["card after a gap", { net2: "virtio=BC:24:11:00:00:02,bridge=vmbr0" }, "network_device", "net0, net2"],
  ["range of VLANs", { net0: "virtio=BC:24:11:00:00:01,bridge=vmbr0,trunks=2-9" }, "network_device", "net0"],
  ["controller that nobody chose", { scsihw: undefined }, "scsi_hardware", "scsihw"],
  ["tags with capitals", { tags: "Prod" }, "tags", "tags"],
  ["notes", { description: "root / s3cret" }, "description", "description"],
  ["arguments", { args: "-cpu host" }, "kvm_arguments", "args"],
  ["machine of another form", { machine: "type=q35,aw-bits=39" }, "machine", "machine"],
  ["serial port of the host", { serial1: "/dev/ttyS0" }, "serial_device", "serial0, serial1"],
])("a %s stays as it is, and is listed", (_, config, attribute, setting) => {
  const { code, listed } = vmOf(config);
  expect(code).toContain(`existing: { ignoreChanges: ["${attribute}"] }`);
  expect(listed).toEqual([expect.stringContaining(`leaves alone: ${setting} (`)]);
});

test.each([
  "ip=10.0.0.0/24",
  "ip=10.0.0.255/24,gw=10.0.0.1",
  "ip=10.0.0.9/24,gw=10.0.0.9",
  "ip=10.0.0.9/24,gw=10.0.1.1",
])("%s, which a new VM would be refused with, is left to the machine", (ipconfig0) => {
  const { code, listed } = vmOf({ ide2: "local-zfs:vm-100-cloudinit,media=cdrom", ipconfig0 });
  expect(code).not.toContain("ipv4");
  expect(listed).toEqual([expect.stringContaining("leaves alone: ipconfig0 (")]);
});

test("settings that Terraform does not know are listed by name, whatever the name", () => {
  expect(vmOf({ unused0: "local-zfs:vm-100-disk-7", "a\nb": "x", future: 1 }).listed).toEqual([
    'Terraform leaves alone: unused0, "a\\nb", future (no code for it).',
  ]);
});

test.each([
  ["without a configuration", { config: undefined }, "there is no nodes/pve/qemu/100/config"],
  ["without a name", { config: { name: undefined } }, "it has no name"],
  ["with a name that is none", { config: { name: "web_1" } }, "its name is no DNS name"],
  ["that is locked", { config: { lock: "backup" } }, "it is locked (backup)"],
  [
    "with a setting that cannot be read",
    { config: { net0: "virtio=,,", scsi0: "a,b,c=1" } },
    "scsi0, net0 cannot be read",
  ],
  ["without a disk", { config: { scsi0: undefined } }, "it has no disk on a storage"],
  [
    "with a template in a text",
    { config: { boot: "order=${file}" } },
    "Terraform would take a text of it for a template",
  ],
])("a VM %s is left out, and listed", (_, { config }, why) => {
  const answers = oneVm(config ?? {}).filter(
    ({ path: asked }) => config !== undefined || asked === "cluster/resources",
  );
  const { machines, listed } = written("test", answers);
  expect(machines).toEqual([]);
  expect(listed.map(({ code, message }) => [code, message])).toEqual([
    ["machine-left-out", `It is not in the code: ${why}.`],
  ]);
});

test.each(["unknown", undefined])("a VM of which Proxmox says %s is not taken for one that is off", (status) => {
  const { machines, listed } = written("test", oneVm({}, { vm: { status } }));
  expect(machines).toEqual([]);
  expect(listed.map(({ message }) => message)).toEqual([
    "It is not in the code: Proxmox does not know whether it runs.",
  ]);
});

test.each(["running", "paused", "prelaunch"])("a VM that is %s is on, and one that is stopped is not", (status) => {
  const codeOf = (word: string) => written("test", oneVm({}, { vm: { status: word } })).code;
  expect(codeOf(status)).not.toContain("started:");
  expect(codeOf("stopped")).toContain("started: false,");
});

test("of two VMs with one name, MAC address or address the second is left out", () => {
  const other = { type: "qemu", node: "pve", vmid: 101, name: "other", status: "running" };
  const answers = oneVm({}, { more: [other] });
  const config = { ...Object(answers[1]?.json), name: "other" };
  const { listed } = written("test", [...answers, { path: "nodes/pve/qemu/101/config", json: config }]);
  expect(listed.map(({ where, message }) => [where, message])).toEqual([
    ["VM 101 other", "It is not in the code: its MAC address BC:24:11:00:00:01 is also that of VM 100 web."],
  ]);
});

test("more memory or disk than there is makes no site that is refused", () => {
  const { code, listed } = written("test", oneVm({ memory: "65536", scsi0: "local-zfs:vm-100-disk-1,size=9T" }));
  expect(listed.map(({ where, code: problem }) => [where, problem])).toEqual([
    ["host pve", "size-left-out"],
    ["datastore local-zfs", "size-left-out"],
  ]);
  expect(code).toContain("hosts: { pve: { cores: 8 } }");
});

test("what a datastore has is for all hosts if it is shared, and for each of them if not", () => {
  const codeOf = (shared: 0 | 1) => {
    const storage = {
      type: "storage",
      storage: "ceph",
      node: "pve",
      content: "rootdir",
      shared,
      maxdisk: 10 * 2 ** 30,
    };
    const other = { type: "qemu", node: "pve2", vmid: 101, name: "other", status: "running" };
    const disks = (name: string) => ({ name, scsi0: "ceph:vm-100-disk-1,size=8G", net0: undefined });
    const [, vm] = oneVm(disks("other"));
    const answers = oneVm(disks("web"), { more: [storage, other, { type: "node", node: "pve2" }] });
    return written("test", [...answers, { path: "nodes/pve2/qemu/101/config", json: vm?.json }]).code;
  };
  expect(codeOf(0)).toContain('ceph: { content: ["images", "rootdir"], sizeGiB: 10 }');
  expect(codeOf(1)).toContain('ceph: { content: ["images", "rootdir"], shared: true }');
});

test("nothing but containers is a site without machines", () => {
  const container = { type: "lxc", node: "pve", vmid: 100, name: "pihole" };
  const { code, listed } = written("test", [{ path: "cluster/resources", json: [container] }]);
  expect(listed.map(({ code: problem }) => problem)).toEqual(["not-a-machine"]);
  expect(code).toContain('\nnew SiteStack(app, "vms", { site });\n\napp.synth();\n');
});

describe("refuses an inventory", () => {
  test("without the list of what there is", () => {
    expect(refusal([])).toEqual([["incomplete-inventory", "somewhere"]]);
  });

  test.each([
    ["that is no list", [{ path: "cluster/resources", json: { data: [] } }], "cluster/resources"],
    ["with a host of another form", [{ path: "cluster/resources", json: [{ type: "node" }] }], "cluster/resources"],
    [
      "with a configuration that is none",
      [
        { path: "cluster/resources", json: [] },
        { path: "nodes/pve/qemu/100/config", json: { cores: null } },
      ],
      "nodes/pve/qemu/100/config",
    ],
  ])("%s", (_, answers, where) => {
    expect(refusal(answers)).toEqual([["malformed-inventory", where]]);
  });

  test("without its values, which may be secrets", () => {
    const json = [{ type: "node", node: ["s3cret"] }];
    expect(JSON.stringify(problemsOf([{ path: "cluster/resources", json }]))).not.toContain("s3cret");
  });
});

function problemsOf(answers: readonly Answer[]): readonly Problem[] {
  try {
    readInventory(answers, "somewhere");
  } catch (error) {
    if (ProblemsError.is(error)) return error.problems;
    throw error;
  }
  return [];
}

function refusal(answers: readonly Answer[]) {
  return problemsOf(answers).map(({ code, where }) => [code, where]);
}
