/** What links say together, whichever intents and documents they come from. */
import { type Contract, composeConfiguration, type Intent, staticNetwork } from "../../machine-configs";
import { networkAddresses } from "../../machine-configs/rules/links-together";
import { configurationProblems } from "../../machine-configs/validate";
import { worker } from "./machines";

const eth0 = staticNetwork({ links: [{ name: "eth0", address: "10.0.20.5/24", gateway: "10.0.20.1" }] });

function documents(...given: Record<string, unknown>[]): Intent {
  return { name: "own", documents: () => given.map((fields) => ({ apiVersion: "v1alpha1", ...fields })) };
}

/** What is wrong with the intents together. */
function said(contract: Contract, ...intents: readonly Intent[]): readonly string[] {
  return composeConfiguration(worker(contract), intents).problems.map(({ where, code }) => `${where}: ${code}`);
}

test.each<[Contract, string]>([
  ["1.11", "v1alpha1.machine.network.interfaces[1]"],
  ["1.12", "LinkConfig/eth1"],
  ["1.14", "LinkConfig/eth1"],
])("an address and a default route of two intents are refused under contract %s", (contract, link) => {
  const eth1 = staticNetwork({ links: [{ name: "eth1", address: "10.0.20.5/16", gateway: "10.0.20.1" }] });
  expect(said(contract, eth0, eth1)).toEqual([
    `k8s-work-4 ${link}.addresses[0]: address-twice`,
    `k8s-work-4 ${link}.routes[0]: default-route-twice`,
  ]);
});

test.each<Contract>(["1.11", "1.14"])("a default route with another metric is fine under contract %s", (contract) => {
  const routes = [{ gateway: "10.0.30.1", metric: 2048 }];
  expect(said(contract, eth0, staticNetwork({ links: [{ name: "eth1", address: "10.0.30.5/24", routes }] }))).toEqual(
    [],
  );
});

test("default routes of other families, tables and routing domains are fine", () => {
  const routes = (route: object) => [{ gateway: "10.0.30.1", ...route }];
  const others = documents(
    { kind: "LinkConfig", name: "eth1", routes: routes({ table: "100" }) },
    { kind: "LinkConfig", name: "eth2", routes: routes({ gateway: "fe80::1" }) },
    { kind: "LinkConfig", name: "eth3", routes: routes({}) },
    { kind: "VRFConfig", name: "vrf0", table: "200", links: ["eth3"] },
  );
  expect(said("1.14", eth0, others)).toEqual([]);
});

test("a VLAN of the v1alpha1 document is a link of its own", () => {
  const vlans = [{ vlanId: 30, addresses: ["10.0.20.5/24"], routes: [{ network: "0.0.0.0/0", gateway: "10.0.20.1" }] }];
  const own: Intent = {
    name: "own",
    documents: () => [{ machine: { network: { interfaces: [{ interface: "eth1", vlans }] } } }],
  };
  const place = "k8s-work-4 v1alpha1.machine.network.interfaces[1].vlans[0]";
  expect(said("1.11", eth0, own)).toEqual([
    `${place}.addresses[0]: address-twice`,
    `${place}.routes[0]: default-route-twice`,
  ]);
});

test("a link that Talos ignores has no part in it", () => {
  const interfaces = [{ interface: "eth1", ignore: true, addresses: ["10.0.20.5/24"] }];
  const own: Intent = { name: "own", documents: () => [{ machine: { network: { interfaces } } }] };
  expect(said("1.11", eth0, own)).toEqual([]);
});

test("members of bonds and bridges have no addresses, and belong to one", () => {
  const bond = documents(
    { kind: "BondConfig", name: "bond0", bondMode: "active-backup", links: ["eth0", "eth1"] },
    { kind: "BridgeConfig", name: "br0", links: ["eth1"] },
    { kind: "DHCPv4Config", name: "eth1" },
  );
  expect(said("1.14", eth0, bond)).toEqual([
    "k8s-work-4 BridgeConfig/br0.links[0]: member-twice",
    "k8s-work-4 LinkConfig/eth0.addresses: member-with-address",
    "k8s-work-4 DHCPv4Config/eth1: member-with-address",
  ]);
});

test("a VLAN is on a link that is up", () => {
  const vlanOn = (parent: string) => ({ kind: "VLANConfig", name: "vlan30", vlanID: 30, parent });
  expect(said("1.14", documents(vlanOn("bond0")))).toEqual(["k8s-work-4 VLANConfig/vlan30.parent: parent-down"]);
  const pair = { kind: "VethConfig", name: "veth0", peer: { name: "veth1" } };
  for (const others of [eth0, documents({ kind: "DHCPv4Config", name: "eth0" })]) {
    expect(said("1.14", others, documents(vlanOn("eth0")))).toEqual([]);
  }
  expect(said("1.14", documents(pair, vlanOn("veth1")))).toEqual([]);
});

test("two kinds of links with one name are refused", () => {
  const bond = documents({ kind: "BondConfig", name: "eth0", bondMode: "active-backup", links: ["eth1"] });
  expect(said("1.14", eth0, bond)).toEqual(["k8s-work-4 BondConfig/eth0: documents-conflict"]);
});

test("nothing is said about values that are not known yet", () => {
  const address = "${TfToken[TOKEN.0]}";
  const links = ["eth0", "eth1"].map((name) => ({ name, address }));
  const machine = { ...worker("1.14"), isUnknown: (text: string) => text.includes("TfToken") };
  expect(composeConfiguration(machine, [staticNetwork({ links })]).problems).toEqual([]);
});

test("a whole configuration hears of it as well", () => {
  const { documents: links } = composeConfiguration(worker("1.14"), [
    eth0,
    staticNetwork({ links: [{ name: "eth1", address: "10.0.20.5/24" }] }),
  ]);
  expect(configurationProblems(links, { talos: "1.14.4" })).toContainEqual(
    expect.objectContaining({
      code: "address-twice",
      tier: "advice",
      severity: "warning",
      identity: "LinkConfig/eth1",
    }),
  );
});

test("the addresses of a machine on networks are those of links that lead to others, in either form", () => {
  const at = (address: string) => ({ addresses: [{ address }] });
  const interfaces = [
    { interface: "eth0", addresses: ["10.0.0.1/24"], vlans: [{ vlanId: 7, addresses: ["10.0.7.1/24"] }] },
    { interface: "eth1", ignore: true, addresses: ["10.9.0.1/24"] },
    { interface: "dummy0", dummy: true, addresses: ["10.9.0.2/24"] },
    { interface: "wg0", wireguard: {}, addresses: ["10.9.0.3/24"] },
    { interface: "lo", addresses: ["10.9.0.4/32"] },
  ];
  const found = networkAddresses([
    { machine: { network: { interfaces } } },
    { kind: "LinkConfig", name: "eth2", ...at("10.0.2.1/24") },
    { kind: "LinkConfig", name: "eth3", ...at("FD00:0::1/64") },
    { kind: "LinkConfig", name: "lo", ...at("10.9.0.5/32") },
    { kind: "LinkConfig", name: "eth4", ...at("169.254.0.1/16") },
    { kind: "LinkConfig", name: "eth5", ...at("fe80::1/64") },
    { kind: "BondConfig", name: "bond0", links: ["eth6"], ...at("10.0.6.1/24") },
    { kind: "BridgeConfig", name: "br0", ...at("10.9.0.6/24") },
    { kind: "WireguardConfig", name: "wg1", ...at("10.9.0.7/24") },
  ]);
  expect(found).toEqual(["10.0.0.1", "10.0.7.1", "10.0.2.1", "fd00::1", "10.0.6.1"]);
});
