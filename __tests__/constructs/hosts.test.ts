/** What is around the machines: on the hosts, and who may do what. */
import { type App, TerraformVariable } from "cdktf";
import {
  BackupJob,
  DirectoryMapping,
  HostBridge,
  type HostBridgeProps,
  HostVlan,
  MetricsServer,
  PciMapping,
  type Privilege,
  ProxmoxAccess,
  ProxmoxCsiAuth,
  ProxmoxPool,
  ProxmoxSite,
  ProxmoxStorage,
  ProxmoxVm,
  SiteStack,
  UsbMapping,
} from "../../index";
import { type Attributes, only, refusals, resources, type Synthesized, synthesize, warnings } from "../helpers/synth";

function makeSite() {
  return new ProxmoxSite("test", {
    endpoint: "https://pve.example.com:8006",
    hosts: ["pve1", "pve2"],
    datastores: {
      fast: {},
      nas: { shared: true, content: ["import", "backup"] },
    },
  });
}

function stackWith(add: (stack: SiteStack, site: ReturnType<typeof makeSite>) => void): Synthesized | undefined {
  return synthesize((app) => add(new SiteStack(app, "hosts", { site: makeSite() }), makeSite()))["test-hosts"];
}

function codesOf(add: (stack: SiteStack, site: ReturnType<typeof makeSite>) => void): readonly string[] {
  return refusals((app: App) => {
    const site = makeSite();
    add(new SiteStack(app, "hosts", { site }), site);
  }).map(({ code, where }) => `${where} ${code}`);
}

/** The attributes without what cdktf notes beside them. */
function settings({ "//": _, ...attributes }: Attributes): Attributes {
  return attributes;
}

test("a bridge has one name on several hosts, each with its ports and address", () => {
  const stack = stackWith((scope, site) => {
    new HostBridge(scope, "vmbr1", {
      site,
      hosts: {
        pve1: { ports: ["bond0"], address: "10.0.0.2/24", gateway: "10.0.0.1" },
        pve2: { address: "fd00::2/64" },
      },
      vlanAware: true,
      mtu: 9000,
    });
  });
  expect(resources(stack, "proxmox_network_linux_bridge").map(settings)).toEqual([
    {
      node_name: "pve1",
      name: "vmbr1",
      ports: ["bond0"],
      address: "10.0.0.2/24",
      gateway: "10.0.0.1",
      vlan_aware: true,
      mtu: 9000,
    },
    { node_name: "pve2", name: "vmbr1", address6: "fd00::2/64", vlan_aware: true, mtu: 9000 },
  ]);
});

test("a VLAN of the hosts is named after its interface and id", () => {
  const stack = stackWith((scope, site) => {
    new HostVlan(scope, "storage", {
      site,
      interface: "bond0",
      vlanId: 70,
      hosts: { pve1: "10.0.70.2/24", pve2: undefined },
    });
  });
  expect(resources(stack, "proxmox_network_linux_vlan").map(settings)).toEqual([
    { node_name: "pve1", name: "bond0.70", address: "10.0.70.2/24" },
    { node_name: "pve2", name: "bond0.70" },
  ]);
});

test("a datastore holds what the site says of it", () => {
  const stack = stackWith((scope, site) => {
    new ProxmoxStorage(scope, "Nas", {
      site,
      datastore: "nas",
      backing: { type: "nfs", server: "nas.example.com", export: "/export/pve" },
      hosts: ["pve2", "pve1"],
    });
  });
  expect(settings(only(stack, "proxmox_storage_nfs"))).toEqual({
    id: "nas",
    content: ["backup", "import"],
    nodes: ["pve1", "pve2"],
    server: "nas.example.com",
    export: "/export/pve",
  });
});

test("PVE-9, PVE-10, TAL-26: the CSI driver gets a user, a role and a token, without SSH", () => {
  const stack = stackWith((scope, site) => {
    new ProxmoxCsiAuth(scope, "CsiAuth", { site });
  });
  expect(settings(only(stack, "proxmox_virtual_environment_role"))).toEqual({
    role_id: "csi",
    privileges: ["Datastore.Allocate", "Datastore.AllocateSpace", "Datastore.Audit", "VM.Audit", "VM.Config.Disk"],
  });
  expect(only(stack, "proxmox_user_token")).toMatchObject({ token_name: "csi", privileges_separation: false });
  expect(only(stack, "proxmox_acl")).toMatchObject({ path: "/" });
  expect(JSON.stringify(stack)).not.toMatch(/remote-exec|local-exec|\bssh\b/);
});

test("PVE-11: what is a boolean in the configuration of the CSI driver stays one, and the token is a reference", () => {
  const stack = stackWith((scope, site) => {
    const { config } = new ProxmoxCsiAuth(scope, "CsiAuth", { site, region: "home" });
    new MetricsServer(scope, "probe", { server: config, port: 1, receiver: { type: "graphite" } });
  });
  expect(only(stack, "proxmox_metrics_server")["server"]).toMatch(
    /insecure: false\n {4}region: home\n {4}token_id: kubernetes-csi@pve!csi\n {4}token_secret: \$\{jsonencode\(element\(split\("=", proxmox_user_token\.\w+\.value\), 1\)\)\}\n/,
  );
});

test("access to other paths than all is one grant each", () => {
  const stack = stackWith((scope) => {
    new ProxmoxAccess(scope, "backup", {
      user: "backup@pve",
      privileges: ["VM.Audit", "VM.Backup"],
      paths: ["/pool/lab", "/storage/nas"],
    });
  });
  expect(resources(stack, "proxmox_acl").map(({ path }) => path)).toEqual(["/pool/lab", "/storage/nas"]);
});

test("a metrics server may take a token that is a secret", () => {
  const stack = stackWith((scope) => {
    const token = new TerraformVariable(scope, "influx-token", { type: "string", sensitive: true });
    new MetricsServer(scope, "influx", {
      server: "influx.example.com",
      port: 8086,
      receiver: { type: "influxdb", influxDbProto: "https", influxToken: token.stringValue },
    });
  });
  expect(only(stack, "proxmox_metrics_server")).toMatchObject({
    type: "influxdb",
    influx_token: "${var.influx-token}",
  });
});

test("everything that is wrong around the machines is refused at once", () => {
  expect(
    codesOf((stack, site) => {
      new HostBridge<string>(stack, "vm-bridge", { site, hosts: { pve3: {} } });
      new HostVlan<string>(stack, "storage", { site, interface: "bond 0", vlanId: 4095, hosts: { pve1: undefined } });
      new HostBridge(stack, "vmbr7", { site, hosts: { pve1: { address: "10.0.0.2" } }, mtu: 70_000 });
      new MetricsServer(stack, "influx 1", { server: "a b", port: 0, receiver: { type: "graphite" } });
      new PciMapping(stack, "1", { site, devices: {} });
      new ProxmoxPool(stack, "-lab");
      new ProxmoxAccess(stack, "csi", { user: "csi", privileges: [], paths: ["vms", ""] });
      new ProxmoxAccess(stack, "csi 2", { user: "csi@pve", privileges: [] });
      new ProxmoxStorage<string, string>(stack, "Nas", {
        site,
        datastore: "fast",
        backing: { type: "nfs", server: "nas.example.com", export: "/export" },
      });
      new ProxmoxStorage<string, string>(stack, "Zfs", {
        site,
        datastore: "nas",
        backing: { type: "zfspool", zfsPool: "rpool/data" },
        hosts: ["pve4"],
      });
    }).toSorted(),
  ).toEqual([
    "test-hosts/-lab malformed-pool",
    "test-hosts/1 malformed-config-id",
    "test-hosts/1 mapping-without-device",
    "test-hosts/Nas shared-storage-differs",
    "test-hosts/Zfs shared-storage-differs",
    "test-hosts/Zfs unknown-host",
    "test-hosts/csi 2 malformed-config-id",
    "test-hosts/csi malformed-access-path",
    "test-hosts/csi malformed-access-path",
    "test-hosts/csi malformed-user-id",
    "test-hosts/influx 1 malformed-config-id",
    "test-hosts/influx 1 malformed-text",
    "test-hosts/influx 1 value-out-of-range",
    "test-hosts/storage malformed-host-interface",
    "test-hosts/storage vlan-range",
    "test-hosts/vm-bridge malformed-host-interface",
    "test-hosts/vm-bridge unknown-host",
    "test-hosts/vmbr7 malformed-cidr",
    "test-hosts/vmbr7 value-out-of-range",
  ]);
});

test("what people read may look like Terraform's language, and values of Terraform in it stay such", () => {
  const stack = stackWith((scope, site) => {
    const owner = new TerraformVariable(scope, "owner", { type: "string" });
    new ProxmoxPool(scope, "lab", { comment: `\${HOME}, 100%{x}, ${owner.stringValue}` });
    new ProxmoxVm(scope, "db-1", {
      site,
      host: "pve1",
      disk: { datastore: "fast", sizeGiB: 8, importFrom: "nas:import/x.qcow2" },
      networkDevices: [{ bridge: "vmbr0" }],
      description: "${HOME}",
      firewall: { rules: [{ type: "in", action: "ACCEPT", comment: "%{if}" }] },
    });
  });
  expect(only(stack, "proxmox_virtual_environment_pool")["comment"]).toBe("$${HOME}, 100%%{x}, ${var.owner}");
  expect(only(stack, "proxmox_virtual_environment_vm")["description"]).toBe("$${HOME}");
  expect(only(stack, "proxmox_virtual_environment_firewall_rules")["rule"]).toMatchObject([{ comment: "%%{if}" }]);
});

test("a machine on a bridge that the code makes needs it on its host, and VLAN-aware for tags", () => {
  const onBridge = (bridge: Partial<HostBridgeProps<string>>, card: object) => (app: App) => {
    const site = makeSite();
    const stack = new SiteStack(app, "hosts", { site });
    new HostBridge<string>(stack, "vmbr1", { site, hosts: { pve1: {} }, ...bridge });
    new ProxmoxVm(stack, "db-1", {
      site,
      host: "pve1",
      disk: { datastore: "fast", sizeGiB: 8, importFrom: "nas:import/x.qcow2" },
      networkDevices: [{ bridge: "vmbr1", ...card }],
    });
  };
  const codes = (bridge: Partial<HostBridgeProps<string>>, card: object) =>
    refusals(onBridge(bridge, card)).map(({ code, where }) => `${where} ${code}`);
  expect(codes({}, { vlanId: 9 })).toEqual(["test-hosts/db-1 bridge-not-vlan-aware"]);
  expect(codes({ hosts: { pve1: { ports: ["eno1"] } } }, { trunks: [9] })).toEqual([
    "test-hosts/db-1 bridge-not-vlan-aware",
  ]);
  expect(warnings(onBridge({ hosts: { pve1: { ports: ["eno1"] } } }, { vlanId: 9 }))).toEqual([]);
  expect(warnings(onBridge({ vlanAware: true }, { trunks: [9] }))).toEqual([]);
  expect(warnings(onBridge({ hosts: { pve2: {} } }, {})).map(([, text]) => text)).toEqual([
    expect.stringMatching(/^bridge-not-on-host: The bridge "vmbr1" is made on "pve2", but not on "pve1"/),
  ]);
});

test("a bridge may be made in several places, one for each host", () => {
  const twoBridges = (isAware: boolean) => (app: App) => {
    const site = makeSite();
    for (const host of ["pve1", "pve2"] as const) {
      const stack = new SiteStack(app, host, { site });
      new HostBridge(stack, "vmbr1", { site, hosts: { [host]: {} }, vlanAware: isAware || host === "pve1" });
      new ProxmoxVm(stack, `on-${host}`, {
        site,
        host,
        disk: { datastore: "fast", sizeGiB: 8, importFrom: "nas:import/x.qcow2" },
        networkDevices: [{ bridge: "vmbr1", vlanId: 9 }],
      });
    }
  };
  expect(warnings(twoBridges(true))).toEqual([]);
  expect(refusals(twoBridges(false)).map(({ code, where }) => `${where} ${code}`)).toEqual([
    "test-pve2/on-pve2 bridge-not-vlan-aware",
  ]);
});

test("a privilege that the site's Proxmox VE does not have is refused", () => {
  const codes = (pveMajor: 8 | 9, privilege: Privilege) =>
    refusals((app) => {
      const site = new ProxmoxSite("test", {
        endpoint: "https://pve.example.com:8006",
        hosts: ["pve1"],
        datastores: {},
        pveMajor,
      });
      new ProxmoxAccess(new SiteStack(app, "hosts", { site }), "csi", { user: "csi@pve", privileges: [privilege] });
    }).map(({ code }) => code);
  expect(codes(9, "VM.Monitor")).toEqual(["privilege-of-other-major"]);
  expect(codes(8, "VM.GuestAgent.Audit")).toEqual(["privilege-of-other-major"]);
});

describe("what two stacks or sites make of one Proxmox", () => {
  const siteAt = (name: string, endpoint: string, hosts: readonly string[] = ["pve1", "pve2"]) =>
    new ProxmoxSite<string, string>(name, {
      endpoint,
      hosts,
      datastores: { nas: { shared: true, content: ["backup"] } },
    });
  const everything = (stack: SiteStack) => {
    const { site } = stack;
    const devices = (path: string) => [{ id: "10de:2571", path, iommuGroup: 1, subsystemId: "10de:1611" }];
    new PciMapping(stack, "gpu", { site, devices: { pve1: devices(`0000:0${site.name.length}:00`) } });
    new UsbMapping(stack, "zigbee", { site, devices: { pve1: [{ id: "10c4:ea60", path: `1-${site.name.length}` }] } });
    new DirectoryMapping(stack, "media", { site, directories: { pve1: "/srv" } });
    new HostBridge(stack, "vmbr1", { site, hosts: { pve1: {} } });
    new HostVlan(stack, "storage", { site, interface: "eno1", vlanId: 9, hosts: { pve1: undefined } });
    new ProxmoxStorage(stack, "Nas", { site, datastore: "nas", backing: { type: "directory", path: "/srv" } });
    new ProxmoxPool(stack, "lab");
    new MetricsServer(stack, "influx", { server: "10.0.0.8", port: 8089, receiver: { type: "graphite" } });
    new ProxmoxAccess(stack, "csi", { user: "csi@pve", privileges: ["VM.Audit"] });
    new BackupJob(stack, "nightly", { site, datastore: "nas", schedule: "02:00", all: true });
  };
  const addTwo = (app: App, second: ProxmoxSite) => {
    everything(new SiteStack(app, "one", { site: siteAt("lab", "https://pve.example.com:8006") }));
    everything(new SiteStack(app, "two", { site: second }));
  };

  test("is refused where both have it, in whatever spelling the endpoint is", () => {
    const problems = refusals((app) => addTwo(app, siteAt("home", "https://PVE.example.com:8006")));
    expect(problems.map(({ code, where }) => `${where} ${code}`).toSorted()).toEqual([
      "home-two/Nas duplicate-datastore",
      "home-two/csi duplicate-role",
      "home-two/csi duplicate-user",
      "home-two/gpu duplicate-pci-mapping",
      "home-two/influx duplicate-metrics-server",
      "home-two/lab duplicate-pool",
      "home-two/media duplicate-directory-mapping",
      "home-two/nightly duplicate-backup-job",
      "home-two/storage duplicate-interface",
      "home-two/vmbr1 duplicate-interface",
      "home-two/zigbee duplicate-usb-mapping",
    ]);
    expect(problems[0]?.message).toMatch(/ already belongs to lab-one\//);
  });

  test("is each Proxmox' own elsewhere; hosts that seem to be the same ones are warned about", () => {
    const elsewhere = "https://other.example.com:8006";
    expect(warnings((app) => addTwo(app, siteAt("home", elsewhere)))).toEqual([]);
    expect(
      warnings((app) => {
        new SiteStack(app, "one", { site: siteAt("lab", "https://pve.example.com:8006", ["pve1", "loki"]) });
        new SiteStack(app, "two", { site: siteAt("home", elsewhere, ["pve1", "loki"]) });
      }).map(([, text]) => text),
    ).toEqual([expect.stringMatching(/^host-in-two-sites: The site has the host "loki" at https:\/\/other/)]);
  });
});

test("a disk on a datastore that is made for other hosts is refused", () => {
  const problems = codesOf((stack, site) => {
    const backing = { type: "zfspool", zfsPool: "rpool/fast" } as const;
    new ProxmoxStorage(stack, "Fast", { site, datastore: "fast", backing, hosts: ["pve1"] });
    for (const host of ["pve1", "pve2"] as const) {
      const disk = { datastore: "fast", sizeGiB: 8, importFrom: "nas:import/x.qcow2" } as const;
      new ProxmoxVm(stack, `on-${host}`, { site, host, disk, networkDevices: [] });
    }
  });
  expect(problems).toEqual(["test-hosts/on-pve2 datastore-not-on-host"]);
});

test("an interface that is a port of two bridges of a host is refused", () => {
  const problems = codesOf((stack, site) => {
    new HostBridge(stack, "vmbr1", { site, hosts: { pve1: { ports: ["eno1"] }, pve2: { ports: ["eno2"] } } });
    new HostBridge(stack, "vmbr2", { site, hosts: { pve1: { ports: ["eno2"] }, pve2: { ports: ["eno2"] } } });
  });
  expect(problems).toEqual(["test-hosts/vmbr2 duplicate-port"]);
});

test("an address of a host is no machine's, unless its bridge does not lead out", () => {
  const problems = (ports: readonly string[]) => (stack: SiteStack, site: ReturnType<typeof makeSite>) => {
    const address = "10.0.0.2/24";
    new HostBridge(stack, "vmbr1", {
      site,
      hosts: { pve1: { ports, address }, pve2: { ports, address: "10.0.0.3/24" } },
    });
    new HostVlan(stack, "storage", { site, interface: "eno1", vlanId: 62, hosts: { pve2: "10.0.62.2/24" } });
    for (const [name, ipv4] of Object.entries({ a: address, b: "10.0.62.2/24" })) {
      new ProxmoxVm(stack, name, {
        site,
        host: "pve1",
        disk: { datastore: "fast", sizeGiB: 8, importFrom: "nas:import/x.qcow2" },
        networkDevices: [{ bridge: "vmbr1", ipv4: { address: ipv4 } }],
      });
    }
  };
  expect(codesOf(problems(["eno1"]))).toEqual(["test-hosts/a duplicate-address", "test-hosts/b duplicate-address"]);
  expect(codesOf(problems([]))).toEqual(["test-hosts/b duplicate-address"]);
});

test("empty names are refused without an exception", () => {
  expect(
    codesOf((stack, site) => {
      new HostBridge<string>(stack, "", { site, hosts: { "": {} } });
      new HostVlan<string>(stack, "vlan", { site, interface: "eno1", vlanId: 9, hosts: { "": undefined } });
    }),
  ).toEqual(["test-hosts/unnamed (and 1 more) unknown-host", "test-hosts/unnamed malformed-host-interface"]);
});

test("a password of a datastore as a literal is refused", () => {
  expect(
    codesOf((stack, site) => {
      new ProxmoxStorage(stack, "Nas", {
        site,
        datastore: "nas",
        backing: { type: "cifs", server: "nas.example.com", share: "pve", username: "pve", password: "hunter2" },
      });
    }),
  ).toEqual(["test-hosts literal-secret"]);
});
