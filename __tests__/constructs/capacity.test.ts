/** What the machines of a site may take together, and which addresses. */
import type { App } from "cdktf";
import {
  type ClusterNetworkProps,
  type Contract,
  type DataDisks,
  type Intent,
  KeptDisk,
  ProxmoxSite,
  type ProxmoxSiteProps,
  ProxmoxVm,
  type ProxmoxVmProps,
  SiteStack,
  staticNetwork,
  TalosCluster,
  type TalosDocument,
  vlan,
} from "../../index";
import { addCluster, versions } from "../helpers/clusters";
import { refusals, synthesize, warnings } from "../helpers/synth";

type Hosts = ProxmoxSiteProps<string, string>["hosts"];

/** A site of hosts with 16 GiB and 4 cores each, if not said otherwise. */
function siteWith(changes: Partial<ProxmoxSiteProps<string, string>> = {}, name = "test") {
  const host = { memoryMiB: 16384, cores: 4 };
  const hosts: Hosts = { pve1: host, pve2: host, pve3: host };
  return new ProxmoxSite<string, string>(name, {
    endpoint: "https://pve.example.com:8006",
    hosts,
    datastores: { local: { content: ["import"] }, fast: { sizeGiB: 100 }, ceph: { shared: true, sizeGiB: 150 } },
    ...changes,
  });
}

interface Vm {
  readonly host?: string;
  readonly memoryMiB?: number;
  readonly cores?: number;
  readonly datastore?: string;
  readonly sizeGiB?: number;
  readonly stopped?: true;
}

function add(app: App, site: ProxmoxSite, vms: Readonly<Record<string, Vm>>): SiteStack {
  const stack = new SiteStack(app, "vms", { site });
  for (const [name, props] of Object.entries(vms)) {
    const { resource } = vm(stack, site, name, props);
    if (props.stopped) resource.started = false;
  }
  return stack;
}

function vm(stack: SiteStack, site: ProxmoxSite, name: string, props: Vm, dataDisks: DataDisks = {}): ProxmoxVm {
  return new ProxmoxVm(stack, name, {
    site,
    host: props.host ?? "pve1",
    memoryMiB: props.memoryMiB ?? 1024,
    cores: props.cores ?? 1,
    disk: { datastore: props.datastore ?? "fast", sizeGiB: props.sizeGiB ?? 10, importFrom: "local:import/a.qcow2" },
    dataDisks,
    networkDevices: [{ bridge: "vmbr0" }],
  });
}

function refused(vms: Readonly<Record<string, Vm>>, changes: Partial<ProxmoxSiteProps<string, string>> = {}) {
  return refusals((app) => add(app, siteWith(changes), vms)).map(({ code, message }) => `${code}: ${message}`);
}

function warned(vms: Readonly<Record<string, Vm>>, changes: Partial<ProxmoxSiteProps<string, string>> = {}) {
  return warnings((app) => add(app, siteWith(changes), vms)).map(([, text]) => text.split(":")[0] ?? "");
}

describe("a host", () => {
  test("PVE-15: with less memory than its running machines have is refused", () => {
    expect(refused({ a: { memoryMiB: 10000 }, b: { memoryMiB: 6385 } })).toEqual([
      'host-over-memory: The 2 running machines on the host "pve1" have 16385 MiB of memory together, and it has 16384 MiB for them.',
    ]);
  });

  test("PVE-13: is not filled by a machine that is stopped", () => {
    expect(warned({ a: { memoryMiB: 10000 }, b: { memoryMiB: 6385, stopped: true } })).toEqual([]);
  });

  test("of which the memory is not known is not compared", () => {
    expect(warned({ a: { memoryMiB: 1_000_000, cores: 100 } }, { hosts: ["pve1", "pve2"] })).toEqual([]);
  });

  test("with far more cores promised than it has is warned about", () => {
    expect(warned({ a: { cores: 16 } })).toEqual([]);
    expect(warned({ a: { cores: 17 } })).toEqual([expect.stringContaining("cpu-overcommitted")]);
    expect(warned({ a: { cores: 17 } }, { cpuOvercommit: 5 })).toEqual([]);
  });

  test("whose machines fit nowhere else is warned about", () => {
    const vms = {
      a: { memoryMiB: 12000 },
      b: { host: "pve2", memoryMiB: 12000 },
      c: { host: "pve3", memoryMiB: 12000 },
    };
    expect(warned(vms)).toEqual([expect.stringContaining("host-loss-exceeds-memory")]);
    expect(warned({ a: { memoryMiB: 12000 }, b: { host: "pve2", memoryMiB: 12000 } })).toEqual([]);
  });
});

describe("a datastore", () => {
  test("that is smaller than the disks on it is refused, on the host where it is", () => {
    expect(refused({ a: { sizeGiB: 60 }, b: { sizeGiB: 60 }, c: { host: "pve2", sizeGiB: 60 } })).toEqual([
      'datastore-over-capacity: The disks on the datastore "fast" of the host "pve1" have 120 GiB together, and it has 100 GiB.',
    ]);
  });

  test("that is shared holds the disks of all hosts", () => {
    const on = { datastore: "ceph", sizeGiB: 60 };
    expect(refused({ a: on, b: { ...on, host: "pve2" }, c: { ...on, host: "pve3" } })).toEqual([
      'datastore-over-capacity: The disks on the datastore "ceph" have 180 GiB together, and it has 150 GiB.',
    ]);
  });

  test("holds disks that outlive their VM once, whoever uses them", () => {
    const problems = refusals((app) => {
      const site = siteWith();
      const stack = add(app, site, { a: { sizeGiB: 50 } });
      const kept = new KeptDisk(stack, "data", { site, host: "pve1", datastore: "fast", sizeGiB: 51 });
      vm(stack, site, "b", { host: "pve1", datastore: "ceph" }, { scsi1: { kept } });
    });
    expect(problems.map(({ message }) => message)).toEqual([
      'The disks on the datastore "fast" of the host "pve1" have 101 GiB together, and it has 100 GiB.',
    ]);
  });
});

describe("two sites with one endpoint", () => {
  const unknown = {
    hosts: ["pve1", "pve2", "pve3"],
    datastores: { local: { content: ["import"] }, fast: {} },
  } as const;

  test.each([
    ["the first", {}, unknown],
    ["the second", unknown, {}],
    ["each", {}, {}],
  ])("are too large for what %s alone says", (_, first, second) => {
    const problems = refusals((app) => {
      add(app, siteWith(first, "one"), { a: { memoryMiB: 10000, sizeGiB: 60 } });
      add(app, siteWith(second, "two"), { b: { memoryMiB: 10000, sizeGiB: 60 } });
    });
    expect(problems.map(({ code }) => code)).toEqual(["host-over-memory", "datastore-over-capacity"]);
  });

  test("are compared host by host, with the machines of the other on the hosts of both", () => {
    const host = { memoryMiB: 16384 };
    const large = { memoryMiB: 15000 };
    const build = (app: App) => {
      add(app, siteWith({ hosts: { pve1: host, pve2: host } }, "one"), { a: large });
      add(app, siteWith({ hosts: { pve3: { memoryMiB: 8192 } } }, "two"), { b: { host: "pve3", memoryMiB: 8000 } });
    };
    expect(warnings(build)).toEqual([]);
  });
});

test("two sites with one endpoint are the same hosts, so that nothing may be in both", () => {
  const problems = refusals((app) => {
    for (const name of ["one", "two"]) {
      const site = siteWith({}, name);
      const stack = new SiteStack(app, "vms", { site });
      const disk = { datastore: "fast", sizeGiB: 10, importFrom: "local:import/a.qcow2" };
      new ProxmoxVm(stack, `vm-${name}`, {
        site,
        host: "pve1",
        vmId: 100,
        disk,
        networkDevices: [{ bridge: "vmbr0" }],
      });
    }
  });
  expect(problems.map(({ code }) => code)).toEqual(["duplicate-vm-id"]);
});

describe("addresses", () => {
  const network = { bridge: "vmbr0", subnet: "10.0.0.0/24", gateway: "10.0.0.1" };

  function refusedBy(changes: Partial<ClusterNetworkProps>) {
    return refusals((app) => addCluster(app, { cluster: { network: { ...network, ...changes } } })).map(
      ({ code, where, message }) => [where, code, message],
    );
  }

  test("T-40: that DHCP or load balancers give out are no machine's", () => {
    expect(refusedBy({ reserved: { dhcp: "10.0.0.31-10.0.0.99", loadBalancers: "10.0.0.8/29" } })).toEqual([
      [
        "test-cluster/lab",
        "address-reserved",
        "The address 10.0.0.10 is in 10.0.0.8/29, the range for load balancers.",
      ],
      ...["11", "12", "13"].map((last) => [
        `test-cluster/lab/cp-${Number(last) - 10}`,
        "address-reserved",
        `The address 10.0.0.${last} is in 10.0.0.8/29, the range for load balancers.`,
      ]),
      [
        "test-cluster/lab/w-1",
        "address-reserved",
        "The address 10.0.0.31 is in 10.0.0.31-10.0.0.99, the range for DHCP.",
      ],
    ]);
  });

  test("T-40: are not given out twice", () => {
    expect(refusedBy({ reserved: { dhcp: "10.0.0.100-10.0.0.200", loadBalancers: "10.0.0.192/27" } })).toEqual([
      [
        "test-cluster/lab",
        "subnets-overlap",
        "10.0.0.192/27, the range for load balancers, overlaps with 10.0.0.100-10.0.0.200, the range for DHCP.",
      ],
    ]);
  });

  test.each(["10.0.0.9-10.0.0.8", "10.0.0.0/33", "some", "10.0.0.1-fd00::1", "10.0.2-10.0.9", "10.9/16"])(
    "in %s are no range",
    (dhcp) => {
      expect(refusedBy({ reserved: { dhcp } }).map(([, code]) => code)).toEqual(["malformed-range"]);
    },
  );

  test("T-40: of nodes are not those of pods and services", () => {
    const subnet = { subnet: "10.244.7.0/24", gateway: "10.244.7.1" };
    const problems = refusals((app) => addCluster(app, { cluster: { network: { ...network, ...subnet } } })).filter(
      ({ code }) => code === "subnets-overlap",
    );
    expect(problems).toMatchObject([
      { message: "10.244.0.0/16, the network of pods, overlaps with 10.244.7.0/24, the subnet of the nodes." },
    ]);
  });

  test.each([
    ["another VLAN", { vlanId: 7 }, "subnet-on-two-networks"],
    ["another bridge", { bridge: "vmbr1" }, "subnet-on-two-networks"],
    ["a larger subnet", { subnet: "10.0.0.0/16" }, "subnets-overlap"],
  ])("of one subnet in two clusters are on one network: %s is refused", (_, changes, code) => {
    const problems = refusals((app) => {
      const { site, stack, image } = addCluster(app);
      const cluster = new TalosCluster(stack, "second", {
        site,
        image,
        versions,
        endpoint: "https://10.0.0.50:6443",
        network: { ...network, ...changes },
        datastore: "local-lvm",
      });
      cluster.addControlPlane("cp-9", { host: "pve1", address: "10.0.0.50", macAddress: "BC:24:11:00:00:50" });
    });
    expect(problems).toMatchObject([{ code, where: "test-cluster/second" }]);
  });

  /** Two workers whose second cards have what the intent says. */
  const secondCards = (intent: Intent, contract: Contract = "1.14") => ({
    cluster: {
      versions: { ...versions, contract },
      worker: { extraNics: [{ bridge: "vmbr1", vlanId: 62 }] },
    },
    workers: { "w-1": { intents: [intent] }, "w-2": { intents: [intent] } },
  });
  const document = (fields: TalosDocument): Intent => ({
    name: "raw",
    documents: () => [{ apiVersion: "v1alpha1", ...fields }],
  });

  test.each<[string, Contract, Intent]>([
    ["of a link", "1.14", staticNetwork({ links: [{ name: "eth1", address: "10.0.62.5/24" }] })],
    ["of a link under contract 1.11", "1.11", staticNetwork({ links: [{ name: "eth1", address: "10.0.62.5/24" }] })],
    ["of a VLAN", "1.14", vlan({ parent: "eth1", id: 81, address: "10.0.62.5/24" })],
  ])("%s that machine configurations give to two machines are refused", (_, contract, intent) => {
    expect(refusals((app) => addCluster(app, secondCards(intent, contract)))).toMatchObject([
      {
        code: "duplicate-address",
        where: "test-cluster/lab/w-2",
        message: "The address 10.0.62.5 already belongs to test-cluster/lab/w-1.",
      },
    ]);
  });

  test.each<[string, Intent]>([
    [
      "links that lead nowhere",
      document({ kind: "DummyLinkConfig", name: "any", addresses: [{ address: "10.9.9.9/32" }] }),
    ],
    [
      "bridges without ports",
      document({ kind: "BridgeConfig", name: "pods", addresses: [{ address: "10.9.9.9/24" }] }),
    ],
    ["one link each", staticNetwork({ links: [{ name: "eth1", address: "169.254.1.1/24" }] })],
  ])("of %s may be alike on two machines", (_, intent) => {
    expect(Object.keys(synthesize((app) => addCluster(app, secondCards(intent))))).toEqual(["test-cluster"]);
  });

  /** A machine beside the cluster of a test. */
  const beside = (address: string, changes: Partial<ProxmoxVmProps> = {}, reserved = {}) =>
    refusals((app) => {
      const { site, stack } = addCluster(app, {
        site: { hosts: ["pve1", "pve2", "pve3", "pve4"] },
        cluster: { network: { ...network, reserved } },
      });
      new ProxmoxVm(stack, "db-1", {
        site,
        host: "pve1",
        disk: { datastore: "local-lvm", sizeGiB: 8, importFrom: "local:import/x.qcow2" },
        networkDevices: [{ bridge: "vmbr0" }],
        address: { address: `${address}/24`, gateway: "10.0.0.1" },
        ...changes,
      });
    }).map(({ where, code, message }) => [where, code, message]);

  test("T-40: that a cluster leaves to DHCP or load balancers are those of no machine beside it", () => {
    expect(beside("10.0.0.205", {}, { dhcp: "10.0.0.200-10.0.0.250" })).toEqual([
      [
        "test-cluster/db-1",
        "address-reserved",
        "The address 10.0.0.205 is in 10.0.0.200-10.0.0.250, the range for DHCP of test-cluster/lab.",
      ],
    ]);
  });

  test("of one subnet on one host are on one network, whoever has them", () => {
    expect(beside("10.0.0.99", { networkDevices: [{ bridge: "vmbr0", vlanId: 7 }] })).toEqual([
      [
        "test-cluster/db-1",
        "subnet-on-two-networks",
        "The subnet 10.0.0.0/24 is on vmbr0, VLAN 7 here, and on vmbr0 for test-cluster/lab/cp-1/Vm.",
      ],
    ]);
  });

  test("of one subnet are on one VLAN of a bridge, whatever the host; a bridge of another name is another network", () => {
    const on = (host: string, bridge = "vmbr0") =>
      beside("10.0.0.99", { host, networkDevices: [{ bridge, vlanId: 7 }] }).map(([, code, message]) => [
        code,
        message,
      ]);
    const message = (machine: string) =>
      `The subnet 10.0.0.0/24 is on vmbr0, VLAN 7 here, and on vmbr0 for test-cluster/lab/${machine}/Vm.`;
    expect(on("pve2")).toEqual([["subnet-on-two-networks", message("cp-2")]]);
    expect(on("pve4")).toEqual([["subnet-on-two-networks", message("cp-1")]]);
    expect(() => on("pve4", "vmbr1")).toThrow("expected to be refused");
  });

  test.each([
    ["vmbr0", { bridge: "vmbr0" }],
    ["vmbr0, VLAN 7", { bridge: "vmbr0", vlanId: 7 }],
  ])("of two subnets on one host are in one of them only: a longer one on %s is refused", (name, card) => {
    const address = { address: "10.0.0.99/16", gateway: "10.0.0.1" };
    expect(beside("", { networkDevices: [card], address })).toEqual([
      [
        "test-cluster/db-1",
        "subnets-overlap",
        `10.0.0.0/16, the subnet of its card on ${name}, overlaps with 10.0.0.0/24, that of test-cluster/lab/cp-1/Vm on vmbr0.`,
      ],
    ]);
  });

  test("of one machine alone, or on another host, overlap with no subnet", () => {
    const build = (app: App) => {
      const { site, stack } = addCluster(app, { site: { hosts: ["pve1", "pve2", "pve3", "pve4"] } });
      const networkDevices = [{ bridge: "vmbr0", ipv4: { address: "10.0.0.98/32" } }];
      const disk = { datastore: "local-lvm", sizeGiB: 8, importFrom: "local:import/x.qcow2" };
      new ProxmoxVm(stack, "db-1", { site, host: "pve1", disk, networkDevices });
      const address = { address: "10.0.0.99/16", gateway: "10.0.0.1" };
      new ProxmoxVm(stack, "db-2", { site, host: "pve4", disk, networkDevices: [{ bridge: "vmbr0" }], address });
    };
    expect(Object.keys(synthesize(build))).toEqual(["test-cluster"]);
  });

  test("T-40: for load balancers are of one cluster, those of DHCP may be of two", () => {
    const problems = refusals((app) => {
      const reserved = { dhcp: "10.0.0.150-10.0.0.190", loadBalancers: "10.0.0.200-10.0.0.220" };
      const { site, stack, image } = addCluster(app, { cluster: { network: { ...network, reserved } } });
      new TalosCluster(stack, "second", {
        site,
        image,
        versions,
        endpoint: "https://10.0.0.50:6443",
        virtualIp: "10.0.0.160",
        network: { ...network, reserved },
        datastore: "local-lvm",
      }).addControlPlane("cp-9", { host: "pve1", address: "10.0.0.50", macAddress: "BC:24:11:00:00:50" });
    });
    expect(problems.map(({ code, where, message }) => [code, where, message])).toEqual([
      [
        "subnets-overlap",
        "test-cluster/second",
        "10.0.0.200-10.0.0.220, the range for load balancers, overlaps with 10.0.0.200-10.0.0.220, that for load balancers of test-cluster/lab.",
      ],
      ["address-reserved", "test-cluster/second", expect.stringContaining("the range for DHCP of test-cluster/lab.")],
      ["address-reserved", "test-cluster/second", expect.stringContaining("the range for DHCP.")],
    ]);
  });

  test("of two clusters may be in one subnet", () => {
    expect(
      Object.keys(
        synthesize((app) => {
          const { site, stack, image } = addCluster(app);
          const endpoint = "https://10.0.0.50:6443";
          const cluster = new TalosCluster(stack, "second", {
            site,
            image,
            versions,
            endpoint,
            network,
            datastore: "local-lvm",
          });
          cluster.addControlPlane("cp-9", { host: "pve1", address: "10.0.0.50", macAddress: "BC:24:11:00:00:50" });
        }),
      ),
    ).toEqual(["test-cluster"]);
  });
});
