/** One cluster twice. */
import { App } from "cdktf";
import * as fc from "fast-check";
import {
  ClusterStack,
  type ClusterStackProps,
  ProxmoxSite,
  ProxmoxStack,
  parallelCluster,
  type TalosNodeProps,
} from "../../index";
import { refusals, synthesize } from "../helpers/synth";

const second = { clusterName: "blue", endpoint: "https://10.0.0.110:6443", addresses: 100, vmIds: 1000 };

/** Builds a cluster in an app, and what is made of it. */
function build(
  app: App,
  change: (first: ClusterStackProps<string, string>) => readonly ClusterStackProps<string, string>[],
  memoryMiB = 65536,
): void {
  const site = new ProxmoxSite<string, string>("lab", {
    endpoint: "https://pve.example.com:8006",
    hosts: { pve1: { memoryMiB }, pve2: { memoryMiB }, pve3: { memoryMiB } },
    datastores: { local: { content: ["import"] }, fast: {} },
  });
  const { image } = new ProxmoxStack(app, { site, image: { datastore: "local" } });
  const first: ClusterStackProps<string, string> = {
    site,
    image,
    endpoint: "https://10.0.0.10:6443",
    virtualIp: "10.0.0.10",
    versions: { talos: "1.14.4", contract: "1.14", kubernetes: "1.37.1" },
    network: { bridge: "vmbr0", subnet: "10.0.0.0/24", gateway: "10.0.0.1" },
    datastore: "fast",
    controlPlanes: {
      "cp-1": { host: "pve1", vmId: 111, address: "10.0.0.11", macAddress: "BC:24:11:00:00:11" },
      "cp-2": { host: "pve2", vmId: 112, address: "10.0.0.12", macAddress: "BC:24:11:00:00:12" },
      "cp-3": { host: "pve3", vmId: 113, address: "10.0.0.13", macAddress: "BC:24:11:00:00:13" },
    },
    workers: { "w-1": { host: "pve1", address: "10.0.0.21", macAddress: "BC:24:11:00:00:21" } },
  };
  for (const props of change(first)) new ClusterStack(app, props);
}

test("PVE-21: the second cluster has machines of its own, and stacks and outputs of its own", () => {
  const stacks = synthesize((app) => build(app, (first) => [first, parallelCluster(first, second)]));
  const vms = (stack: string) => Object.values(stacks[stack]?.resource["proxmox_virtual_environment_vm"] ?? {});
  const claims = (stack: string) =>
    vms(stack).flatMap(({ name, vm_id, network_device, initialization }) => [
      name,
      ...(vm_id === undefined ? [] : [vm_id]),
      network_device[0].mac_address,
      initialization.ip_config[0].ipv4.address,
    ]);
  expect(claims("lab-blue").filter((value) => claims("lab-cluster").includes(value))).toEqual([]);
  expect(claims("lab-blue").slice(0, 4)).toEqual(["blue-cp-1", 1111, "BC:24:11:80:00:11", "10.0.0.111/24"]);
  expect(vms("lab-blue").map(({ node_name }) => node_name)).toEqual(
    vms("lab-cluster").map(({ node_name }) => node_name),
  );
  expect(Object.keys(stacks["lab-blue"]?.output ?? {})).toEqual(["blue_kubeconfig", "blue_talosconfig"]);
});

test("PVE-18, PVE-21: the second cluster of machines that exist is made, and nothing else is taken over", () => {
  const existing = (node: TalosNodeProps) => ({ ...node, existing: true });
  const all = Object.entries(firstCluster().controlPlanes).map(([name, node]) => [name, existing(node)] as const);
  const first = { ...firstCluster(), controlPlanes: Object.fromEntries(all) };
  const others = Object.values(parallelCluster(first, second).controlPlanes);
  expect(others.map(({ vmId, existing: takenOver }) => [vmId, takenOver])).toEqual([
    [1111, undefined],
    [1112, undefined],
    [1113, undefined],
  ]);
});

test("PVE-21: cards beside the first have MAC addresses of their own, too", () => {
  const first = firstCluster();
  const extraNics = [
    { bridge: "vmbr0", vlanId: 62, macAddress: "BC:24:11:00:62:21" },
    { bridge: "vmbr0", vlanId: 81 },
  ];
  const worker = { host: "pve1", address: "10.0.0.21", macAddress: "BC:24:11:00:00:21", extraNics };
  const { workers } = parallelCluster({ ...first, workers: { "w-1": worker } }, second);
  expect(workers?.["blue-w-1"]?.extraNics).toEqual([
    { bridge: "vmbr0", vlanId: 62, macAddress: "BC:24:11:80:62:21" },
    { bridge: "vmbr0", vlanId: 81 },
  ]);
});

test("PVE-21: the addresses for load balancers move as well, those of DHCP stay", () => {
  const dhcp = "10.0.0.240-10.0.0.250";
  const reservedOf = (loadBalancers: string) => {
    const first = firstCluster();
    return parallelCluster({ ...first, network: { ...first.network, reserved: { dhcp, loadBalancers } } }, second)
      .network.reserved;
  };
  expect(reservedOf("10.0.0.32/28")).toEqual({ dhcp, loadBalancers: "10.0.0.132-10.0.0.147" });
  expect(reservedOf("10.0.0.30 - 10.0.0.39")).toEqual({ dhcp, loadBalancers: "10.0.0.130-10.0.0.139" });
  expect(reservedOf("fd00::/126")).toEqual({ dhcp, loadBalancers: "fd00::64-fd00::67" });
  expect(parallelCluster(firstCluster(), second).network).toEqual(firstCluster().network);
});

test("PVE-21: the second cluster may have the addresses before the first one's", () => {
  const { controlPlanes, virtualIp } = parallelCluster(firstCluster(), { ...second, addresses: -20 });
  expect([virtualIp, ...Object.values(controlPlanes).map(({ address }) => address)]).toEqual([
    "9.255.255.246",
    "9.255.255.247",
    "9.255.255.248",
    "9.255.255.249",
  ]);
});

test("PVE-21: what would be in both is refused", () => {
  const problems = refusals((app) =>
    build(app, (first) => [first, parallelCluster(first, { ...second, addresses: 1, vmIds: 0 })]),
  );
  expect([...new Set(problems.map(({ code }) => code))].sort()).toEqual(["duplicate-address", "duplicate-vm-id"]);
});

test("PVE-15, PVE-21: what the hosts do not have for both is refused", () => {
  const problems = refusals((app) => build(app, (first) => [first, parallelCluster(first, second)], 12000));
  expect(problems.map(({ code }) => code)).toEqual(["host-over-memory"]);
});

test("PVE-21: what is apart in the first cluster is apart in the second, and from the first", () => {
  const byte = fc.nat(255);
  const machine = fc.record({ address: fc.tuple(byte, byte), mac: fc.tuple(fc.nat(127), byte, byte) });
  const machines = fc.uniqueArray(machine, { selector: ({ mac }) => mac.join(), minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(machines, fc.integer({ min: 1, max: 70_000 }), (all, addresses) => {
      const nodes = all.map(({ address, mac }, index) => {
        const macAddress = `BC:24:11:${mac.map((part) => part.toString(16).padStart(2, "0").toUpperCase()).join(":")}`;
        return [`n-${index}`, { host: "pve1", address: `10.0.${address.join(".")}`, macAddress }] as const;
      });
      const controlPlanes = Object.fromEntries(nodes);
      const other = Object.values(
        parallelCluster({ ...firstCluster(), controlPlanes }, { ...second, addresses }).controlPlanes,
      );
      const macs = [...Object.values(controlPlanes), ...other].map(({ macAddress }) => macAddress);
      expect(new Set(macs).size).toBe(2 * all.length);
      const distinct = (list: readonly { readonly address: string }[]) =>
        new Set(list.map(({ address }) => address)).size;
      expect(distinct(other)).toBe(distinct(Object.values(controlPlanes)));
      expect(other.filter(({ address }, index) => address === nodes[index]?.[1].address)).toEqual([]);
    }),
    { seed: 1 },
  );
});

/** The props of the first cluster alone. */
function firstCluster(): ClusterStackProps<string, string> {
  const found: ClusterStackProps<string, string>[] = [];
  build(new App(), (first) => {
    found.push(first);
    return [];
  });
  const [first] = found;
  if (first === undefined) throw new Error("The cluster was not built.");
  return first;
}
