/** What can be wrong with a site, one thing each. */
import type { Draw } from "./draw";
import type { ClusterSpec, NodeSpec, SiteSpec, UbuntuSpec, VmSpec } from "./spec";

/** Makes one thing wrong, where the site has something that can be: `false` where not. */
type Mistake = (site: SiteSpec, draw: Draw) => boolean;

/** Mistakes by the code of the problem that each is refused with. */
export const mistakes: readonly (readonly [code: string, make: Mistake])[] = [
  ["malformed-site-name", changed((site, draw) => (site.name = draw.one(["My Site!", "", "-x", "a".repeat(41)])))],
  [
    "malformed-url",
    changed(({ site }, draw) => {
      const url = draw.one([
        "pve.example.com",
        "",
        "https://pve.example.com:8006/api2/json",
        "ftp://x",
        "https://${x}",
      ]);
      if (draw.chance(50)) site.endpoint = url;
      else site.imageFactory = url;
    }),
  ],

  [
    "malformed-host-name",
    changed(({ site }, draw) => (site.hosts[draw.one(["", "my host", "pve_1", "-pve", "${x}", "a".repeat(64)])] = {})),
  ],
  [
    "value-too-small",
    changed(({ site }, draw) => (site.hosts["pve1"] = { memoryMiB: draw.one([-1, 0.5, Number.NaN]) })),
  ],
  [
    "value-too-small",
    changed(({ site }, draw) => (site.datastores["nfs"] = { shared: true, sizeGiB: draw.one([0, Number.NaN]) })),
  ],
  ["value-not-positive", changed(({ site }, draw) => (site.cpuOvercommit = draw.one([0, -1, Number.NaN])))],

  // --- Machines, of whatever kind ---
  ["unknown-host", machine((one, draw) => (one.host = draw.one(["asgard", "", "PVE1"])))],
  ["vm-id-range", machine((one, draw) => (one.vmId = draw.one([99, 0, -1, 100.5, 1_000_000_000, Number.NaN])))],
  [
    "vm-id-outside-site",
    machine((one, _, { site }) => {
      site.vmIds = { first: 100_000, last: 100_001 };
      one.vmId = 99_999;
    }),
  ],
  [
    "vm-id-taken",
    machine((one, _, { site }) => {
      site.vmIds = { first: 100, last: 2000 };
      site.inventory = [{ vmid: 500, name: "somebody" }];
      one.vmId = 500;
    }),
  ],
  ["value-too-small", machine((one, draw) => (one.memoryMiB = draw.one([0, -1, 8, 0.5, Number.NaN])))],
  [
    "value-too-small",
    machine((one, draw) => (one.cores = draw.one([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]))),
  ],
  ["value-out-of-range", machine((one, draw) => (one.cpu = { sockets: draw.one([0, 17, 1.5]) }))],
  ["value-out-of-range", machine((one, draw) => (one.cpu = { limit: draw.one([0, 129, -1]) }))],
  ["value-out-of-range", machine((one, draw) => (one.cpu = { units: draw.one([0, 262_145]) }))],
  [
    "malformed-text",
    machine((one, draw) => (one.cpu = { flags: [draw.one(["+" as const, "+a b" as const, "-${x}" as const])] })),
  ],
  ["value-too-small", machine((one, draw) => (one.startup = { order: draw.one([-1, 0.5]) }))],
  [
    "host-over-memory",
    (site, draw) => {
      const running = machinesOf(site).filter((one) => !("started" in one && one.started === false));
      if (running.length === 0) return false;
      const host = draw.one(running).host;
      site.site.hosts[host] = { memoryMiB: 256 };
      return true;
    },
  ],
  [
    "datastore-over-capacity",
    vm((one, _, { site }) => {
      one.disk.sizeGiB = 50;
      site.datastores[one.disk.datastore] = { ...site.datastores[one.disk.datastore], sizeGiB: 49 };
    }),
  ],
  ["malformed-name", renamed(["Bad_Name", "a".repeat(64), "-a", "a.b", "ä", "a b", "${x}"])],
  [
    "duplicate-vm-id",
    pair((one, other, { site }) => {
      delete site.vmIds;
      delete site.inventory;
      one.vmId = other.vmId = 7777;
    }),
  ],
  [
    "malformed-mac",
    card((one, draw) => (one.macAddress = draw.one(["nonsense", "", "BC:24:11:00:00", "BC-24-11-00-00-01"]))),
  ],
  ["multicast-mac", card((one) => (one.macAddress = "BD:24:11:00:00:99"))],
  [
    "duplicate-mac-address",
    (site) => {
      const cards = cardsOf(site);
      const [first, second] = cards;
      if (first === undefined || second === undefined) return false;
      [first.macAddress, second.macAddress] = ["BC:24:11:99:99:99", "bc:24:11:99:99:99"];
      return true;
    },
  ],
  ["malformed-bridge", card((one, draw) => (one.bridge = draw.one(["", "1st", "a b", "a".repeat(16), "${x}"])))],
  ["vlan-range", card((one, draw) => (one.vlanId = draw.one([0, 4095, 1.5, -1, Number.NaN])))],
  ["vlan-range", card((one, draw) => (one.trunks = [10, draw.one([0, 4095, 1.5])]))],
  ["value-out-of-range", card((one, draw) => (one.mtu = draw.one([0, 575, 65_521])))],
  ["value-out-of-range", card((one, draw) => (one.queues = draw.one([0, 65, 1.5])))],
  ["value-not-positive", card((one, draw) => (one.rateLimitMBps = draw.one([0, -1, Number.NaN])))],
  ["wrong-address-family", card((one) => (one.ipv6 = { address: "10.9.9.9/24" }))],
  [
    "malformed-cidr",
    card((one, draw) => (one.ipv4 = { address: draw.one(["10.9.9.9", "", "10.9/24", "10.9.9.9/33"]) })),
  ],
  ["outside-subnet", card((one) => (one.ipv4 = { address: "10.9.9.9/24", gateway: "10.9.8.1" }))],
  ["address-is-gateway", card((one) => (one.ipv4 = { address: "10.9.9.9/24", gateway: "10.9.9.9" }))],

  // --- VMs ---
  ["unknown-datastore", vm((one, draw) => (one.disk.datastore = draw.one(["tank", "", "constructor"])))],
  ["value-too-small", vm((one, draw) => (one.disk.sizeGiB = draw.one([0, -1, 1.5, Number.NaN])))],
  [
    "malformed-import",
    vm((one, draw) => (one.disk.importFrom = draw.one(["local:iso/x.iso", "", "x", "local:import/${x}/y"]))),
  ],
  ["malformed-tag", vm((one, draw) => (one.tags = [draw.one(["NAS", "", "-x", "a b", "a;b", "${x}"])]))],
  ["balloon-above-memory", vm((one) => Object.assign(one, { memoryMiB: 512, balloonMiB: 1024, uses: { slots: {} } }))],
  ["root-only-setting", vm((one, _, { site }) => Object.assign(one, { cpu: { affinity: "0" } }) && delete site.login)],
  [
    "malformed-affinity",
    vm((one, draw, { site }) => {
      site.login = "root";
      one.cpu = { affinity: draw.one(["a-b", "", "0-", "0,,1"]) };
    }),
  ],
  [
    "unusable-disk-slot",
    vm((one, draw) => {
      const slot = draw.one(["scsi0", "scsi31", "virtio16", "sata6", "ide0", "scsi", "scsi01", "", "__proto__"]);
      one.uses.slots = { [slot]: { datastore: "ceph", sizeGiB: 1 } };
    }),
  ],
  [
    "malformed-serial",
    vm(
      (one, draw) =>
        (one.uses.slots = {
          scsi1: { datastore: "ceph", sizeGiB: 1, serial: draw.one(["a".repeat(21), "a b", "${x}"]) },
        }),
    ),
  ],
  [
    "value-too-small",
    vm((one, draw) => (one.uses.slots = { scsi1: { datastore: "ceph", sizeGiB: draw.one([0, -1, 0.5]) } })),
  ],
  [
    "address-given-twice",
    vm((one) => {
      one.networkDevices = [{ bridge: "vmbr0", ipv4: "dhcp" }];
      one.address = { address: "10.9.9.9/24", gateway: "10.9.9.1" };
    }),
  ],
  [
    "malformed-cidr",
    vm((one) =>
      Object.assign(one, {
        address: { address: "10.9.9.9", gateway: "10.9.9.1" },
        networkDevices: [{ bridge: "vmbr0" }],
      }),
    ),
  ],
  [
    "malformed-address",
    vm((one, draw) => {
      one.networkDevices = [{ bridge: "vmbr0" }];
      one.address = {
        address: "10.9.9.9/24",
        gateway: "10.9.9.1",
        nameservers: [draw.one(["dns.google", "", "10.9"])],
      };
    }),
  ],
  [
    "malformed-text",
    vm((one, draw) =>
      Object.assign(one, {
        networkDevices: [{ bridge: "vmbr0" }],
        address: { address: "10.9.9.9/24", gateway: "10.9.9.1", searchDomain: draw.one(["", "a b", "${x}", "-a.com"]) },
      }),
    ),
  ],
  [
    "firewall-without-card",
    vm((one) => Object.assign(one, { firewall: {}, networkDevices: [{ bridge: "vmbr0", firewall: false }] })),
  ],
  [
    "malformed-firewall-rule",
    vm((one, draw) => {
      const ports = draw.one(["", "80 443", "a:b", "80,", "${x}"]);
      one.networkDevices = [{ bridge: "vmbr0" }];
      one.firewall = {
        rules: [
          { type: "in", action: "ACCEPT", ...(draw.chance(50) ? { proto: "tcp", dport: ports } : { iface: "net7" }) },
        ],
      };
    }),
  ],
  ["value-out-of-range", vm((one, draw) => (one.serialPorts = draw.one([-1, 5]) as 0))],
  [
    "disk-attached-twice",
    (site, draw) => {
      const [first, second] = Object.values(site.vms);
      if (first === undefined || second === undefined) return false;
      site.kept["both"] = { host: first.host, datastore: "ceph", sizeGiB: draw.whole(1, 9) };
      for (const { uses } of [first, second]) uses.slots = { ...uses.slots, scsi9: { kept: "both" } };
      return true;
    },
  ],
  [
    "disk-on-other-host",
    vm((one, _, { kept, site }) => {
      const other = Object.keys(site.hosts).find((host) => host !== one.host);
      if (other === undefined) return false;
      kept["far"] = { host: other, datastore: "local-lvm", sizeGiB: 1 };
      one.uses.slots = { scsi9: { kept: "far" } };
      return true;
    }),
  ],
  [
    "mapping-without-host",
    vm((one, draw, { pci, site }) => {
      const other = Object.keys(site.hosts).find((host) => host !== one.host);
      if (other === undefined) return false;
      pci["far"] = { devices: { [other]: [device(`0000:f${draw.whole(0, 9)}:00`)] } };
      one.uses.pci = [{ mapping: "far" }];
      return true;
    }),
  ],
  [
    "mapping-exhausted",
    vm((one, draw, { pci }) => {
      pci["one"] = { devices: { [one.host]: [device(`0000:f${draw.whole(0, 9)}:00`)] } };
      one.uses.pci = [{ mapping: "one" }, { mapping: "one" }];
    }),
  ],
  [
    "mediated-device-mismatch",
    vm((one, draw, { pci }) => {
      const isMediated = draw.chance(50);
      pci["parts"] = { devices: { [one.host]: [device("0000:f0:00")] }, mediatedDevices: isMediated };
      one.uses.pci = [isMediated ? { mapping: "parts" } : { mapping: "parts", mediatedType: "nvidia-63" }];
    }),
  ],
  [
    "malformed-text",
    vm((one, draw, { pci }) => {
      pci["parts"] = { devices: { [one.host]: [device("0000:f0:00")] }, mediatedDevices: true };
      one.uses.pci = [{ mapping: "parts", mediatedType: draw.one(["", "a b", "a,b", "${x}"]) }];
    }),
  ],
  [
    "balloon-with-passthrough",
    vm((one, _, { pci }) => {
      pci["one"] = { devices: { [one.host]: [device("0000:f0:00")] } };
      Object.assign(one, { memoryMiB: 4096, balloonMiB: 1024 });
      one.uses.pci = [{ mapping: "one" }];
    }),
  ],
  [
    "too-many-devices",
    vm((one, _, { directories }) => {
      directories["many"] = { directories: { [one.host]: "/srv" } };
      one.uses.directories = Array.from({ length: 9 }, () => "many");
    }),
  ],
  ["ha-without-shared-storage", highlyAvailable((one) => (one.disk.datastore = "local-lvm"))],
  [
    "ha-without-mapping",
    highlyAvailable((one, _, { pci }) => {
      pci["one"] = { devices: { [one.host]: [device("0000:f0:00")] } };
      one.uses.pci = [{ mapping: "one" }];
      delete one.balloonMiB;
    }),
  ],
  [
    "ha-prefers-other-host",
    highlyAvailable((one, _, { site }) => {
      const other = Object.keys(site.hosts).find((host) => host !== one.host) ?? "";
      one.highAvailability = { hosts: { [one.host]: 1, [other]: 2 } };
    }),
  ],
  [
    "ha-failback-with-device",
    highlyAvailable((one, _, { pci, site }) => {
      pci["all"] = {
        devices: Object.fromEntries(Object.keys(site.hosts).map((host) => [host, [device("0000:f0:00")]])),
      };
      delete one.balloonMiB;
      one.uses.pci = [{ mapping: "all" }];
      one.highAvailability = { hosts: { [one.host]: 9 } };
    }),
  ],
  ["unknown-pve-major", highlyAvailable((_, __, { site }) => delete site.pveMajor)],
  ["unknown-host", highlyAvailable((one) => (one.highAvailability = { hosts: { [one.host]: 9, asgard: 1 } }))],
  [
    "value-out-of-range",
    highlyAvailable(
      (one, draw) =>
        (one.highAvailability = draw.one([{ maxRestart: 11 }, { maxRelocate: -1 }, { hosts: { [one.host]: 1001 } }])),
    ),
  ],
  [
    "ha-priority-of-separated",
    (site) => {
      const [[first, one], [second, other]] = [...Object.entries(site.vms), ...Array(2).fill(["", undefined])];
      const host = Object.keys(site.site.hosts).find((name) => name !== one?.host);
      if (one === undefined || other === undefined || host === undefined) return false;
      const movable = (vm: VmSpec) => ({ ...vm, disk: { ...vm.disk, datastore: "ceph" }, uses: { slots: {} } });
      site.site.pveMajor = 9;
      site.vms[first] = { ...movable(one), highAvailability: { hosts: { [one.host]: 2, [host]: 1 } } };
      site.vms[second] = { ...movable(other), host, highAvailability: {} };
      site.apart = { choosy: [first, second] };
      return true;
    },
  ],
  [
    "anti-affinity-broken",
    (site) => {
      const [[first, one], [second, other]] = [...Object.entries(site.vms), ...Array(2).fill(["", undefined])];
      if (one === undefined || other === undefined) return false;
      site.vms[second] = { ...other, host: one.host, uses: {} };
      delete site.vms[second]?.highAvailability;
      site.apart = { broken: [first, second] };
      return true;
    },
  ],

  // --- Ubuntu machines ---
  ["datastore-content", ubuntu((one) => (one.snippets = "local-lvm"))],
  ["value-too-small", ubuntu((one) => (one.disk.sizeGiB = 3))],
  ["user-name-malformed", ubuntu((one, draw) => (one.user = draw.one(["", "Ops", "a b", "a:b"])))],
  ["ssh-key-malformed", ubuntu((one, draw) => (one.keys = [draw.one(["nonsense", "", "ssh-ed25519"])]))],
  [
    "malformed-ubuntu-image",
    ubuntu((_, draw, { ubuntuImage }) => (ubuntuImage.sha256 = draw.one(["", "abc", "g".repeat(64)]))),
  ],

  // --- Clusters ---
  ["datastore-content", cluster((_, __, { talosImage }) => (talosImage.datastore = "local-lvm"))],
  [
    "extension-malformed",
    cluster(
      (_, draw, { talosImage }) => (talosImage.extensions = [draw.one(["siderolabs/", "siderolabs/a b"] as const)]),
    ),
  ],
  [
    "kernel-argument-malformed",
    cluster((_, draw, { talosImage }) => (talosImage.kernelArgs = [draw.one(["a b", ""])])),
  ],
  [
    "address-reserved",
    vm((one, _, { clusters: [first] }) => {
      if (first === undefined) return false;
      const subnet = first.network.subnet.replace(/0\.0\/.*/, "");
      first.network.reserved = { dhcp: `${subnet}1.100-${subnet}1.150` };
      one.networkDevices = [{ bridge: "vmbr0" }];
      one.address = { address: `${subnet}1.120/23`, gateway: `${subnet}0.1` };
      return true;
    }),
  ],
  ["malformed-cluster-name", cluster((one, draw) => (one.clusterName = draw.one(["My Lab!", "", "a".repeat(64)])))],
  ["version-malformed", cluster((one, draw) => (one.versions.talos = draw.one(["v1.14.4", "1.14", "", "latest"])))],
  ["version-malformed", cluster((one, draw) => (one.versions.kubernetes = draw.one(["v1.33.1", "1.33", ""])))],
  ["kubernetes-outside-window", cluster((one, draw) => (one.versions.kubernetes = draw.one(["1.20.0", "1.99.0"])))],
  ["talos-minor-unknown", cluster((one) => (one.versions.talos = "1.99.0"))],
  [
    "talos-older-than-contract",
    cluster((one, _, { clusters }) => {
      for (const { versions } of clusters)
        Object.assign(versions, { talos: "1.11.6", contract: "1.11", kubernetes: "1.34.1" });
      one.versions.contract = "1.14";
    }),
  ],
  [
    "malformed-subnet",
    cluster((one, draw) => (one.network.subnet = draw.one(["10.20.0.5/24", "", "10.20/16", "10.20.0.0"]))),
  ],
  ["malformed-address", cluster((one, draw) => (one.network.gateway = draw.one(["router", "", "10.20"])))],
  ["outside-subnet", cluster((one) => (one.network.gateway = "10.99.0.1"))],
  [
    "malformed-range",
    cluster((one, draw) => (one.network.reserved = { dhcp: draw.one(["10.20.0.9-10.20.0.1", "", "x"]) })),
  ],
  ["address-reserved", cluster((one) => (one.network.reserved = { dhcp: one.network.subnet }))],
  ["subnets-overlap", cluster((one) => (one.network.reserved = { loadBalancers: "10.244.1.0/24" }))],
  [
    "cluster-endpoint",
    cluster((one, draw) => (one.endpoint = draw.one(["", "https://10.20.0.11", "http://x:1", "https://${x}:1/"]))),
  ],
  ["outside-subnet", cluster((one) => (one.virtualIp = "10.99.0.2"))],
  ["virtual-ip-as-talos-endpoint", node((one, _, of) => (of.virtualIp = one.address))],
  ["no-control-plane", cluster((one) => (one.controlPlanes = {}))],
  [
    "even-control-planes",
    cluster((one) => {
      const [last = ""] = Object.keys(one.controlPlanes).slice(-1);
      if (Object.keys(one.controlPlanes).length === 1) return false;
      delete one.controlPlanes[last];
      return true;
    }),
  ],
  ["duplicate-address", pairOfNodes((one, other) => (one.address = other.address))],
  ["duplicate-mac-address", pairOfNodes((one, other) => (one.macAddress = other.macAddress.toLowerCase()))],
  ["outside-subnet", node((one) => (one.address = "10.99.0.9"))],
  ["malformed-address", node((one, draw) => (one.address = draw.one(["", "10.20", "cp-1", "10.20.0.11/16", "${x}"])))],
  ["address-is-gateway", node((one, _, { network }) => (one.address = network.gateway))],
  ["malformed-mac", node((one, draw) => (one.macAddress = draw.one(["", "x", "BC:24:11"])))],
  ["value-too-small", node((one, draw) => (one.diskGiB = draw.one([0, 9, -1, 10.5])))],
  ["value-too-small", node((one, draw) => (one.memoryMiB = draw.one([1023, 512, 0])))],
  ["nic-contract", node((one) => (one.extraNics = [{ bridge: "vmbr9", vlanId: 999 }]))],

  // --- Around the machines ---
  [
    "malformed-pci-device",
    changed(
      ({ pci }, draw) =>
        (pci["bad"] = {
          devices: {
            pve1: [{ ...device("0000:fa:00"), ...draw.one([{ id: "10de" }, { path: "01:00" }, { subsystemId: "" }]) }],
          },
        }),
    ),
  ],
  [
    "value-too-small",
    changed(
      ({ pci }, draw) =>
        (pci["bad"] = {
          devices: { pve1: [{ ...device("0000:fa:00"), iommuGroup: draw.one([-1, 1.5, Number.NaN]) }] },
        }),
    ),
  ],
  [
    "duplicate-device",
    changed(({ pci }) =>
      Object.assign(pci, {
        first: { devices: { pve1: [device("0000:fb:00")] } },
        second: { devices: { pve1: [device("0000:fb:00")] } },
      }),
    ),
  ],
  [
    "malformed-usb-device",
    changed(
      ({ usb }, draw) =>
        (usb["bad"] = { devices: { pve1: [draw.one([{ id: "1050" }, { id: "1050:0407", path: "2" }])] } }),
    ),
  ],
  [
    "malformed-directory",
    changed(
      ({ directories }, draw) => (directories["bad"] = { directories: { pve1: draw.one(["srv", "", "/a,b", "/a/"]) } }),
    ),
  ],
  [
    "malformed-config-id",
    changed(({ pci }, draw) => (pci[badName(draw)] = { devices: { pve1: [device("0000:fc:00")] } })),
  ],
  [
    "malformed-config-id",
    changed(({ usb }, draw) => (usb[badName(draw)] = { devices: { pve1: [{ id: "1050:0407", path: "9-9" }] } })),
  ],
  [
    "malformed-config-id",
    changed(({ directories }, draw) => (directories[badName(draw)] = { directories: { pve1: "/srv" } })),
  ],
  ["mapping-without-device", changed(({ pci }) => (pci["empty"] = { devices: {} }))],
  ["unknown-host", changed(({ bridges }) => (bridges["vmbr8"] = { hosts: { "": {}, asgard: {} } }))],
  ["unknown-host", changed(({ vlans }) => (vlans["far"] = { interface: "eno9", vlanId: 9, hosts: { "": undefined } }))],
  ["unknown-host", changed(({ pci }) => (pci["far"] = { devices: { asgard: [device("0000:fd:00")] } }))],
  [
    "malformed-host-interface",
    changed(({ bridges }, draw) => (bridges[draw.one(["", "1st", "a.b", "a".repeat(11)])] = { hosts: { pve1: {} } })),
  ],
  [
    "malformed-cidr",
    changed(
      ({ bridges }, draw) => (bridges["vmbr7"] = { hosts: { pve1: { address: draw.one(["10.0.0.1", "", "x"]) } } }),
    ),
  ],
  [
    "value-out-of-range",
    changed(({ bridges }, draw) => (bridges["vmbr7"] = { hosts: { pve1: {} }, mtu: draw.one([0, 70_000]) })),
  ],
  [
    "vlan-range",
    changed(
      ({ vlans }, draw) =>
        (vlans["bad"] = { interface: "eno1", vlanId: draw.one([0, 4095, 1.5]), hosts: { pve1: undefined } }),
    ),
  ],
  [
    "malformed-host-interface",
    changed(
      ({ vlans }, draw) =>
        (vlans["bad"] = { interface: draw.one(["", "1st", "a b"]), vlanId: 9, hosts: { pve1: undefined } }),
    ),
  ],
  [
    "bridge-not-vlan-aware",
    vm((one, draw, { bridges }) => {
      bridges["vmbr8"] = { hosts: { [one.host]: {} } };
      one.networkDevices = [{ bridge: "vmbr8", ...draw.one([{ vlanId: 9 }, { trunks: [9] }]) }];
    }),
  ],
  [
    "privilege-of-other-major",
    changed(({ access, site }) => {
      site.pveMajor = 9;
      access["old"] = { user: "old@pve", privileges: ["VM.Monitor"] };
    }),
  ],
  [
    "duplicate-user",
    changed((site) => {
      site.csiUser = "one@pve";
      site.access["two"] = { user: "one@pve", privileges: [] };
    }),
  ],
  ["malformed-pool", changed(({ pools }, draw) => (pools[draw.one(["", "a b", "-a", "ä", "${x}"])] = {}))],
  [
    "malformed-access-path",
    changed(({ access }, draw) => {
      const path = draw.one(["vms", "", "//", "/vms/", "/a b", "/${x}"]);
      access["bad"] = { user: "a@pve", privileges: ["VM.Audit"], paths: [path] };
    }),
  ],
  [
    "malformed-config-id",
    changed(({ access }, draw) => (access[badName(draw)] = { user: "a@pve", privileges: ["VM.Audit"] })),
  ],
  ["malformed-config-id", changed(({ metrics }, draw) => (metrics[badName(draw)] = graphite))],
  [
    "malformed-text",
    changed(({ metrics }, draw) => (metrics["odd"] = { ...graphite, server: draw.one(["", "a b", "${x}"]) })),
  ],
  ["malformed-config-id", changed(({ apart }, draw) => (apart[badName(draw)] = []))],
  ["malformed-user-id", changed((site, draw) => (site.csiUser = draw.one(["csi", "", "csi@", "a b@pve", "${x}@pve"])))],
  [
    "shared-storage-differs",
    changed(
      ({ storages }) =>
        (storages["bad"] = { datastore: "local-lvm", backing: { type: "nfs", server: "10.0.0.9", export: "/srv" } }),
    ),
  ],
  ["malformed-job-id", changed(({ backups }, draw) => (backups[draw.one(["", "1x", "a b"])] = nightly))],
  ["backup-of-nothing", changed(({ backups }) => (backups["none"] = { ...nightly, vms: [] }))],
  ["datastore-content", changed(({ backups }) => (backups["lost"] = { ...nightly, datastore: "local-lvm" }))],
  [
    "value-too-small",
    changed(({ backups }, draw) => (backups["odd"] = { ...nightly, keep: { last: draw.one([-1, 0.5]) } })),
  ],
  [
    "malformed-text",
    changed(({ backups }, draw) => (backups["when"] = { ...nightly, schedule: draw.one(["", "${x}", "a\nb"]) })),
  ],
  [
    "literal-secret",
    changed(({ metrics }) => {
      const receiver = { type: "influxdb" as const, influxDbProto: "https" as const, influxToken: "not-that-secret" };
      metrics["secret"] = { server: "10.0.0.8", port: 8086, receiver };
    }),
  ],
  [
    "value-out-of-range",
    changed(
      ({ metrics }, draw) =>
        (metrics["port"] = { server: "10.0.0.8", port: draw.one([0, 65_536, 1.5]), receiver: { type: "graphite" } }),
    ),
  ],
];

const graphite = { server: "10.0.0.8", port: 2003, receiver: { type: "graphite" as const } };

const nightly = { datastore: "nfs", schedule: "02:00" };

function badName(draw: Draw): string {
  return draw.one(["", "a b", "-a", "ä", "${x}", "1"]);
}

function device(path: string) {
  return { id: "10de:2571", path, iommuGroup: 14, subsystemId: "10de:1611" };
}

/** A change that every site can have. */
function changed(change: (site: SiteSpec, draw: Draw) => unknown): Mistake {
  return (site, draw) => {
    change(site, draw);
    return true;
  };
}

/** A change of one of several things, if there is any; one that answers `false` was not made. */
function changedOne<T>(
  all: (site: SiteSpec) => readonly T[],
  change: (one: T, draw: Draw, site: SiteSpec) => unknown,
): Mistake {
  return (site, draw) => {
    const found = all(site);
    return found.length > 0 && change(draw.one(found), draw, site) !== false;
  };
}

type AnyMachine = VmSpec | UbuntuSpec | NodeSpec;
type Card = VmSpec["networkDevices"][number];

function nodesOf({ controlPlanes, workers }: ClusterSpec): NodeSpec[] {
  return [...Object.values(controlPlanes), ...Object.values(workers)];
}

function machinesOf({ vms, ubuntu, clusters }: SiteSpec): AnyMachine[] {
  return [...Object.values(vms), ...Object.values(ubuntu), ...clusters.flatMap(nodesOf)];
}

function cardsOf({ vms, ubuntu }: SiteSpec): Card[] {
  return [...Object.values(vms), ...Object.values(ubuntu)].flatMap(({ networkDevices }) => networkDevices);
}

function machine(change: (one: AnyMachine, draw: Draw, site: SiteSpec) => unknown): Mistake {
  return changedOne(machinesOf, change);
}

function vm(change: (one: VmSpec, draw: Draw, site: SiteSpec) => unknown): Mistake {
  return changedOne(({ vms }) => Object.values(vms), change);
}

function ubuntu(change: (one: UbuntuSpec, draw: Draw, site: SiteSpec) => unknown): Mistake {
  return changedOne((site) => Object.values(site.ubuntu), change);
}

function cluster(change: (one: ClusterSpec, draw: Draw, site: SiteSpec) => unknown): Mistake {
  return changedOne(({ clusters }) => clusters, change);
}

function node(change: (one: NodeSpec, draw: Draw, of: ClusterSpec) => unknown): Mistake {
  return cluster((of, draw) => nodesOf(of).length > 0 && change(draw.one(nodesOf(of)), draw, of));
}

/** A card of a machine that is told no address. */
function card(change: (one: Card, draw: Draw) => unknown): Mistake {
  return changedOne(
    ({ vms, ubuntu }) =>
      [...Object.values(vms), ...Object.values(ubuntu)]
        .filter((one) => one.address === undefined)
        .flatMap(({ networkDevices }) => networkDevices),
    change,
  );
}

/** A VM that Proxmox may start elsewhere, on a site that has an elsewhere. */
function highlyAvailable(change: (one: VmSpec, draw: Draw, site: SiteSpec) => unknown): Mistake {
  return vm((one, draw, site) => {
    if (Object.keys(site.site.hosts).length < 2) return false;
    one.disk.datastore = "ceph";
    one.uses = { slots: {} };
    one.highAvailability = {};
    return change(one, draw, site) !== false;
  });
}

function pair(change: (one: AnyMachine, other: AnyMachine, site: SiteSpec) => unknown): Mistake {
  return (site, draw) => {
    const [first, ...others] = machinesOf(site);
    if (first === undefined || others.length === 0) return false;
    change(draw.one(others), first, site);
    return true;
  };
}

function pairOfNodes(change: (one: NodeSpec, other: NodeSpec) => unknown): Mistake {
  return cluster((of, draw) => {
    const [first, ...others] = nodesOf(of);
    if (first === undefined || others.length === 0) return false;
    change(draw.one(others), first);
    return true;
  });
}

/** Another name for some machine. */
function renamed(names: readonly string[]): Mistake {
  return (site, draw) => {
    const groups: Record<string, unknown>[] = [site.vms, site.ubuntu, ...site.clusters.map(({ workers }) => workers)];
    const group = draw.one(groups);
    const [first = ""] = Object.keys(group);
    if (group[first] === undefined || Object.keys(site.backups).length > 0 || Object.keys(site.apart).length > 0)
      return false;
    group[draw.one(names)] = group[first];
    delete group[first];
    return true;
  };
}
