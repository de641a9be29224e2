import { formatProblem } from "../../../errors";
import {
  bond,
  bridge,
  clusterFirewall,
  composeConfiguration,
  discovery,
  hostEntries,
  hostname,
  type IngressRule,
  type Intent,
  identityOf,
  ingressFirewall,
  kubePrism,
  kubeSpan,
  staticNetwork,
  time,
  virtualIp,
  vlan,
} from "../../../machine-configs";
import { controlPlane, worker } from "../machines";
import { problemsOf } from "./problems";

test.each<[string, Intent, readonly string[]]>([
  [
    "a hostname in upper case",
    hostname("K8S-Node2"),
    [
      'k8s-ctrl-1 hostname: hostname-malformed\n  "K8S-Node2" cannot be the name of a Kubernetes node.\n  Remedy: Use lower-case letters, digits and hyphens, at most 63 between dots.',
    ],
  ],
  [
    "a hostname that is too long, once",
    hostname("a".repeat(64)),
    [
      `k8s-ctrl-1 HostnameConfig.hostname: hostname-too-long\n  The hostname "${"a".repeat(64)}" has an empty or too long part.\n  Remedy: Use 1 to 63 characters before the first dot and at most 253 in total.`,
    ],
  ],
  [
    "TAL-4: a gateway outside the subnet",
    staticNetwork({ links: [{ name: "eth0", address: "10.0.20.102/24", gateway: "10.0.21.1" }] }),
    [
      "k8s-ctrl-1 staticNetwork.links[0].gateway: gateway-outside-subnet\n  The gateway 10.0.21.1 is not in the network of 10.0.20.102/24.\n  Remedy: Use the router's address in that network, or correct the prefix length.",
    ],
  ],
  [
    "a gateway of the other family",
    staticNetwork({ links: [{ name: "eth0", address: "10.0.20.102/24", gateway: "fe80::1" }] }),
    [
      "k8s-ctrl-1 staticNetwork.links[0].gateway: gateway-outside-subnet\n  The gateway fe80::1 is not in the network of 10.0.20.102/24.\n  Remedy: Use the router's address in that network, or correct the prefix length.",
    ],
  ],
  [
    "a gateway that is the machine",
    staticNetwork({ links: [{ name: "eth0", address: "10.0.20.102/24", gateway: "10.0.20.102" }] }),
    [
      "k8s-ctrl-1 staticNetwork.links[0].gateway: gateway-is-own-address\n  The gateway 10.0.20.102 is the link's own address.\n  Remedy: Use the router's address.",
    ],
  ],
  [
    "a gateway without an address",
    staticNetwork({ links: [{ name: "eth0", gateway: "10.0.20.1" }] }),
    [
      "k8s-ctrl-1 staticNetwork.links[0].gateway: gateway-without-address\n  The gateway 10.0.20.1 is out of reach: its link has no address.\n  Remedy: Give the link an address in the gateway's network, or leave the gateway out.",
    ],
  ],
  [
    "the network's own address",
    staticNetwork({ links: [{ name: "eth0", address: "10.0.20.0/24" }] }),
    [
      "k8s-ctrl-1 staticNetwork.links[0].address: address-not-for-host\n  10.0.20.0/24 is the address of the network itself or its broadcast address.\n  Remedy: Give the machine's own address with the network's prefix length.",
    ],
  ],
  [
    "the network's own address, which says nothing about the gateway",
    staticNetwork({ links: [{ name: "eth0", address: "10.0.20.0/24", gateway: "10.0.20.0" }] }),
    [
      "k8s-ctrl-1 staticNetwork.links[0].address: address-not-for-host\n  10.0.20.0/24 is the address of the network itself or its broadcast address.\n  Remedy: Give the machine's own address with the network's prefix length.",
    ],
  ],
  [
    "the broadcast address",
    staticNetwork({ links: [{ name: "eth0", address: "10.20.67.255/23" }] }),
    [
      "k8s-ctrl-1 staticNetwork.links[0].address: address-not-for-host\n  10.20.67.255/23 is the address of the network itself or its broadcast address.\n  Remedy: Give the machine's own address with the network's prefix length.",
    ],
  ],
  [
    "an address and a default route on two links",
    staticNetwork({
      links: [
        { name: "eth0", address: "10.0.20.5/24", gateway: "10.0.20.1" },
        { name: "eth1", address: "10.0.20.5/16", gateway: "10.0.20.1" },
      ],
    }),
    [
      "k8s-ctrl-1 LinkConfig/eth1.addresses[0]: address-twice\n  The address 10.0.20.5 is on a link of the machine already.\n  Remedy: Give every link an address of its own.",
      'k8s-ctrl-1 LinkConfig/eth1.routes[0]: default-route-twice\n  The links "eth0" and "eth1" both have an IPv4 gateway; only one can be the default route.\n  Remedy: Leave the gateway out on all links but one, or give it as a route with another metric.',
    ],
  ],
  [
    "two gateways of one family on one link",
    staticNetwork({ links: [{ name: "eth0", address: "10.0.20.5/24", gateway: ["10.0.20.1", "10.0.20.2"] }] }),
    [
      'k8s-ctrl-1 LinkConfig/eth0.routes[1]: default-route-twice\n  The link "eth0" has two IPv4 gateways; only one can be the default route.\n  Remedy: Leave the gateway out on all links but one, or give it as a route with another metric.',
    ],
  ],
  [
    "one of several gateways outside of all subnets",
    staticNetwork({
      links: [{ name: "eth0", address: ["10.0.20.5/24", "2001:db8::5/64"], gateway: ["10.0.21.1", "2001:db8::1"] }],
    }),
    [
      "k8s-ctrl-1 staticNetwork.links[0].gateway[0]: gateway-outside-subnet\n  The gateway 10.0.21.1 is not in the network of 10.0.20.5/24, 2001:db8::5/64.\n  Remedy: Use the router's address in that network, or correct the prefix length.",
    ],
  ],
  [
    "a route whose next hop is out of reach",
    staticNetwork({
      links: [
        { name: "eth0", address: "10.0.20.5/24", routes: [{ destination: "10.8.0.0/16", gateway: "10.9.0.1" }] },
        { name: "eth1", routes: [{ destination: "10.7.0.0/16", gateway: "10.9.0.1" }] },
      ],
    }),
    [
      "k8s-ctrl-1 staticNetwork.links[0].routes[0].gateway: gateway-outside-subnet\n  The gateway 10.9.0.1 is not in the network of 10.0.20.5/24.\n  Remedy: Use the router's address in that network, or correct the prefix length.",
      "k8s-ctrl-1 staticNetwork.links[1].routes[0].gateway: gateway-without-address\n  The gateway 10.9.0.1 is out of reach: its link has no address.\n  Remedy: Give the link an address in the gateway's network, or leave the gateway out.",
    ],
  ],
  [
    "a route to the address of a host with the length of a network",
    staticNetwork({
      links: [{ name: "eth0", dhcp: true, routes: [{ destination: "10.8.0.1/16", gateway: "10.0.20.1" }] }],
    }),
    [
      'k8s-ctrl-1 staticNetwork.links[0].routes[0].destination: wrong-value\n  "10.8.0.1/16" is not a network without bits for a host, such as 10.8.0.0/16.\n  Remedy: Give a network without bits for a host, such as 10.8.0.0/16.',
    ],
  ],
  [
    "a link by something that is no MAC address",
    staticNetwork({ links: [{ name: "lan", macAddress: "BC-24-11-00-20-10" }] }),
    [
      'k8s-ctrl-1 staticNetwork.links[0].macAddress: malformed-mac\n  "BC-24-11-00-20-10" is no MAC address.\n  Remedy: Write six pairs of hexadecimal digits with colons, such as "BC:24:11:00:00:01".',
    ],
  ],
  [
    "T-5: a link by its MAC address under a name of the kernel",
    staticNetwork({ links: [{ name: "ens18", macAddress: "BC:24:11:00:20:10" }] }),
    [
      'k8s-ctrl-1 staticNetwork.links[0].name: link-name-of-kernel\n  "ens18" is a name that the kernel gives, maybe to another link than the one with the MAC address.\n  Remedy: Choose a name of your own, such as lan0.',
    ],
  ],
  [
    "a link by its MAC address under a name that is too long",
    staticNetwork({ links: [{ name: "storage-network-2", macAddress: "BC:24:11:00:20:10" }] }),
    [
      'k8s-ctrl-1 staticNetwork.links[0].name: link-name-malformed\n  "storage-network-2" cannot be the name of a link.\n  Remedy: Use a letter and at most 14 letters, digits, dots, hyphens and underscores after it.',
    ],
  ],
  [
    "one link under two names",
    staticNetwork({
      links: [
        { name: "lan", macAddress: "BC:24:11:00:20:10" },
        { name: "storage", macAddress: "bc:24:11:00:20:10" },
      ],
    }),
    [
      'k8s-ctrl-1 LinkAliasConfig/storage.selector.match: link-aliased-twice\n  "lan" and "storage" are names for the same link, which takes only one.\n  Remedy: Use one name for the link everywhere.',
    ],
  ],
  [
    "a link twice",
    staticNetwork({ links: [{ name: "eth0" }, { name: "eth0" }] }),
    [
      'k8s-ctrl-1 staticNetwork.links[1].name: link-twice\n  The link "eth0" is listed twice.\n  Remedy: List every link once.',
    ],
  ],
  [
    "TAL-5: a nameserver by name, once",
    staticNetwork({ links: [], nameservers: ["dns.example.com"] }),
    [
      'k8s-ctrl-1 ResolverConfig.nameservers[0].address: wrong-value\n  "dns.example.com" is not an IP address, such as 10.20.66.21.\n  Remedy: Give an IP address, such as 10.20.66.21.',
    ],
  ],
  [
    "a bond with a name that is too long, of a link that is none",
    bond({ name: "bond-of-two-links", links: ["eth1", { name: "lan", macAddress: "lan" }], mode: "active-backup" }),
    [
      'k8s-ctrl-1 bond.name: link-name-malformed\n  "bond-of-two-links" cannot be the name of a link.\n  Remedy: Use a letter and at most 14 letters, digits, dots, hyphens and underscores after it.',
      'k8s-ctrl-1 bond.links[1].macAddress: malformed-mac\n  "lan" is no MAC address.\n  Remedy: Write six pairs of hexadecimal digits with colons, such as "BC:24:11:00:00:01".',
    ],
  ],
  [
    "a bond of no links",
    bond({ name: "bond0", links: [], mode: "active-backup" }),
    ["k8s-ctrl-1 BondConfig/bond0.links: wrong-value\n  [] is not at least 1.\n  Remedy: Give at least 1."],
  ],
  [
    "a bridge whose gateway is out of reach",
    bridge({ name: "br0", links: ["eth1"], gateway: "10.0.40.1" }),
    [
      "k8s-ctrl-1 bridge.gateway: gateway-without-address\n  The gateway 10.0.40.1 is out of reach: its link has no address.\n  Remedy: Give the link an address in the gateway's network, or leave the gateway out.",
    ],
  ],
  [
    "a VLAN with a number that there is not",
    vlan({ parent: "eth1", id: 4095 }),
    ["k8s-ctrl-1 VLANConfig/eth1.4095.vlanID: wrong-value\n  4095 is not at most 4094.\n  Remedy: Give at most 4094."],
  ],
  [
    "a VLAN whose name gets too long",
    vlan({ parent: { name: "storage-switch", macAddress: "BC:24:11:00:20:10" }, id: 30 }),
    [
      'k8s-ctrl-1 vlan.parent: link-name-malformed\n  "storage-switch.30" cannot be the name of a link.\n  Remedy: Use a letter and at most 14 letters, digits, dots, hyphens and underscores after it.',
    ],
  ],
  [
    "a VLAN on a link by its MAC address under a name that is none, once",
    vlan({ parent: { name: "a trunk", macAddress: "BC:24:11:00:20:10" }, id: 30 }),
    [
      'k8s-ctrl-1 vlan.parent.name: link-name-malformed\n  "a trunk" cannot be the name of a link.\n  Remedy: Use a letter and at most 14 letters, digits, dots, hyphens and underscores after it.',
    ],
  ],
  [
    "a virtual IP on a link by its MAC address under a name of the kernel",
    virtualIp({ address: "10.0.20.9", link: { name: "eth0", macAddress: "BC:24:11:00:20:10" } }),
    [
      'k8s-ctrl-1 virtualIp.link.name: link-name-of-kernel\n  "eth0" is a name that the kernel gives, maybe to another link than the one with the MAC address.\n  Remedy: Choose a name of your own, such as lan0.',
    ],
  ],
  [
    "an entry for something that is no name, at something that is no address",
    hostEntries({ "registry.lab": ["registry.example.com", "a registry"] }),
    [
      'k8s-ctrl-1 hostEntries["registry.lab"][1]: wrong-value\n  "a registry" is not a name, such as registry.example.com.\n  Remedy: Give a name, such as registry.example.com.',
      'k8s-ctrl-1 StaticHostConfig/registry.lab.name: wrong-value\n  "registry.lab" is not an IP address, such as 10.20.66.21.\n  Remedy: Give an IP address, such as 10.20.66.21.',
    ],
  ],
  [
    "a server by address that has to prove who it is",
    time({ servers: ["10.0.20.1"], nts: true }),
    [
      "k8s-ctrl-1 TimeSyncConfig.ntp.servers[0]: wrong-value\n  \"10.0.20.1\" is not a name, which NTS verifies by the server's certificate.\n  Remedy: Give a name, which NTS verifies by the server's certificate.",
    ],
  ],
  [
    "a clock that is no device",
    time({ devices: ["ptp0"] }),
    [
      'k8s-ctrl-1 TimeSyncConfig.ptp.devices[0]: wrong-value\n  "ptp0" is not a path such as /dev/ptp0.\n  Remedy: Give a path such as /dev/ptp0.',
    ],
  ],
  [
    "a service for discovery without a scheme",
    discovery({ endpoint: "discovery.example.com" }),
    [
      'k8s-ctrl-1 DiscoveryServiceConfig/default.endpoint: wrong-value\n  "discovery.example.com" is not an http:// or https:// or grpc:// URL.\n  Remedy: Give an http:// or https:// or grpc:// URL.',
    ],
  ],
  [
    "a port that is none",
    kubePrism({ port: 0 }),
    ["k8s-ctrl-1 KubePrismConfig.port: wrong-value\n  0 is not at least 1.\n  Remedy: Give at least 1."],
  ],
  [
    "a firewall that blocks the Talos API",
    ingressFirewall({ rules: { web: { ports: [443], protocol: "tcp", subnets: ["0.0.0.0/0"] } } }),
    [
      "k8s-ctrl-1 NetworkDefaultActionConfig.ingress: talos-api-blocked\n  The firewall blocks the Talos API, TCP port 50000: the machine could not be configured any more.\n  Remedy: Open the port with a rule, as clusterFirewall does.",
    ],
  ],
  [
    "a subnet that is none",
    clusterFirewall({ nodes: ["10.0.20.0/24"], clients: ["10.0.300.0/24"] }),
    [
      'k8s-ctrl-1 NetworkRuleConfig/apid-ingress.ingress[1].subnet: wrong-value\n  "10.0.300.0/24" is not an address with its prefix length, such as 10.20.66.21/23.\n  Remedy: Give an address with its prefix length, such as 10.20.66.21/23.',
      'k8s-ctrl-1 NetworkRuleConfig/kubernetes-api-ingress.ingress[1].subnet: wrong-value\n  "10.0.300.0/24" is not an address with its prefix length, such as 10.20.66.21/23.\n  Remedy: Give an address with its prefix length, such as 10.20.66.21/23.',
    ],
  ],
  [
    "packets of KubeSpan that are too small for IPv6",
    kubeSpan({ mtu: 1200 }),
    ["k8s-ctrl-1 KubeSpanConfig.mtu: wrong-value\n  1200 is not at least 1280.\n  Remedy: Give at least 1280."],
  ],
])("%s is refused", (_, intent, expected) => {
  expect(problemsOf(intent)).toEqual(expected);
});

const lan = { name: "lan", macAddress: "BC:24:11:00:20:10" };

test.each<[string, Intent, string]>([
  [
    "a bond of links by name and by MAC address",
    bond({ name: "bond0", links: ["eth1", lan], mode: "active-backup" }),
    "k8s-ctrl-1 bond.links: intent-needs-contract\n  A bond of links by name and by MAC address can be configured under contract 1.12 and later, and not under 1.11.\n  Remedy: Choose all of its links by name, or all by MAC address.",
  ],
  [
    "a bridge of links by MAC address",
    bridge({ name: "br0", links: [lan] }),
    "k8s-ctrl-1 bridge.links: intent-needs-contract\n  A bridge of links by MAC address can be configured under contract 1.12 and later, and not under 1.11.\n  Remedy: Give the names that the kernel gives to these links.",
  ],
  [
    "NTS",
    time({ servers: ["nts.example.com"], nts: true }),
    "k8s-ctrl-1 time.nts: intent-needs-contract\n  NTS can be configured under contract 1.12 and later, and not under 1.11.\n  Remedy: Leave nts out.",
  ],
])("%s is refused under contract 1.11 only", (_, intent, expected) => {
  expect(problemsOf(intent, controlPlane("1.11"))).toEqual([expected]);
  expect(problemsOf(intent, { ...controlPlane("1.12"), talos: "1.14.4" })).toEqual([]);
});

test.each(["1.11", "1.12", "1.13", "1.14"] as const)("KubeSpan needs discovery under contract %s", (contract) => {
  const { problems } = composeConfiguration(worker(contract), [kubeSpan(), discovery({ enabled: false })]);
  const place = contract === "1.14" ? "DiscoveryServiceConfig/default" : "v1alpha1.cluster.discovery.enabled";
  expect(problems.map(formatProblem)).toEqual([
    `k8s-work-4 ${place}: discovery-needed\n  KubeSpan is on, and discovery, by which its members find each other, is off.\n  Remedy: Leave discovery on, or turn KubeSpan off.`,
  ]);
  const own = discovery({ endpoint: "https://discovery.example.com/" });
  expect(composeConfiguration(worker(contract), [kubeSpan(), own]).problems).toEqual([]);
});

test("discovery of which only the generated service is off is on", () => {
  const other: Intent = {
    name: "other",
    documents: () => [
      {
        apiVersion: "v1alpha1",
        kind: "DiscoveryServiceConfig",
        name: "own",
        endpoint: "https://discovery.example.com/",
      },
    ],
  };
  const intents = [kubeSpan(), discovery({ enabled: false }), other];
  expect(composeConfiguration(worker("1.14"), intents).problems).toEqual([]);
});

test("rules of one's own come beside those of the cluster", () => {
  const { documents, problems } = composeConfiguration(worker("1.14"), [
    ingressFirewall({ rules: { kubespan: { ports: [51820], protocol: "udp", subnets: ["0.0.0.0/0"] } } }),
    clusterFirewall({ nodes: ["10.0.20.0/24"], clients: ["10.0.20.0/24"] }),
  ]);
  expect(problems).toEqual([]);
  expect(documents.map(identityOf)).toEqual([
    "NetworkDefaultActionConfig",
    ...["apid-ingress", "cni-vxlan", "kubelet-ingress", "kubespan"].map((name) => `NetworkRuleConfig/${name}`),
  ]);
});

describe("the Talos API is open", () => {
  const codes = (rule: IngressRule) =>
    composeConfiguration(worker("1.14"), [ingressFirewall({ rules: { rule } })]).problems.map(({ code }) => code);

  test.each<[string, IngressRule]>([
    ["by a range", { ports: ["1-1024", "49000-50000"], protocol: "tcp", subnets: ["10.0.20.0/24"] }],
    ["by a port", { ports: [50000], protocol: "tcp", subnets: ["10.0.20.5"] }],
  ])("%s", (_, rule) => {
    expect(codes(rule)).toEqual([]);
  });

  test.each<[string, IngressRule]>([
    ["a port beside it", { ports: [50001], protocol: "tcp", subnets: ["10.0.20.0/24"] }],
    ["nobody", { ports: [50000], protocol: "tcp", subnets: [] }],
    ["another protocol", { ports: [50000], protocol: "udp", subnets: ["10.0.20.0/24"] }],
  ])("not to %s", (_, rule) => {
    expect(codes(rule)).toEqual(["talos-api-blocked"]);
  });
});

test("NTS needs a Talos that speaks it", () => {
  expect(problemsOf(time({ servers: ["nts.example.com"], nts: true }), controlPlane("1.13"))).toEqual([
    "k8s-ctrl-1 TimeSyncConfig.ntp.useNTS: field-too-new\n  The field exists since Talos 1.14; the machine runs 1.13.9.\n  Remedy: Upgrade Talos to 1.14 first, or leave the field out.",
  ]);
});

test("nothing is said about routers of a network that DHCP hands out", () => {
  const links = [{ name: "eth0", dhcp: true, address: "10.0.20.5/24", gateway: "10.0.30.1" }];
  expect(problemsOf(staticNetwork({ links }))).toEqual([]);
});

test("a virtual IP is no matter of workers, whatever is wrong with it", () => {
  const wrong = virtualIp({ address: "10.0.20.9", link: { name: "eth0", macAddress: "none" } });
  expect(problemsOf(wrong, worker("1.14"))).toEqual([]);
});

test("values that only Terraform knows stay as they are", () => {
  const unknown = "${TfToken[TOKEN.0]}";
  const machine = { ...worker("1.14"), isUnknown: (text: string) => text.includes(unknown) };
  const { documents, problems } = composeConfiguration(machine, [
    staticNetwork({ links: [{ name: "lan", macAddress: unknown }] }),
    clusterFirewall({ nodes: [unknown], clients: ["10.0.20.5"] }),
    hostEntries({ "10.0.20.9": [unknown] }),
  ]);
  expect(problems).toEqual([]);
  expect(documents).toContainEqual(
    expect.objectContaining({
      kind: "LinkAliasConfig",
      selector: { match: `mac(link.permanent_addr) == "${unknown}"` },
    }),
  );
  expect(documents).toContainEqual(
    expect.objectContaining({ name: "apid-ingress", ingress: [{ subnet: unknown }, { subnet: "10.0.20.5/32" }] }),
  );
});

test("links that are made of links compose with static ones", () => {
  const intents = [
    staticNetwork({ links: [{ name: "eth0", address: "10.0.20.5/24", gateway: "10.0.20.1" }, { name: "eth1" }] }),
    bond({ name: "bond0", links: ["eth1", "eth2"], mode: "balance-xor", xmitHashPolicy: "layer2+3", mtu: 9000 }),
    vlan({ parent: "bond0", id: 40, address: "10.0.40.5/24" }),
    vlan({ parent: "eth0", id: 31 }),
    vlan({ parent: "eth0", id: 30, dhcp: true }),
    virtualIp({ address: "10.0.40.9", link: "bond0.40" }),
  ];
  const [legacy, ...others] = composeConfiguration(controlPlane("1.11"), intents).documents;
  expect(others).toEqual([]);
  expect(legacy).toMatchObject({
    machine: {
      network: {
        interfaces: [
          { interface: "bond0", mtu: 9000, vlans: [{ vlanId: 40, vip: { ip: "10.0.40.9" } }] },
          { interface: "eth0", addresses: ["10.0.20.5/24"], vlans: [{ vlanId: 30, dhcp: true }, { vlanId: 31 }] },
          { interface: "eth1", dhcp: false },
        ],
      },
    },
  });
  for (const contract of ["1.11", "1.14"] as const) {
    expect(composeConfiguration(controlPlane(contract), intents).problems).toEqual([]);
    expect(composeConfiguration(worker(contract), intents).problems).toEqual([]);
  }
});

test.each(["1.11", "1.14"] as const)(
  "the card with the machine's address cannot join a bond under contract %s",
  (contract) => {
    const { problems } = composeConfiguration(worker(contract), [
      staticNetwork({ links: [{ name: "eth0", address: "10.0.20.5/24" }] }),
      bond({ name: "bond0", links: ["eth0", "eth1"], mode: "active-backup" }),
    ]);
    expect(problems).toHaveLength(1);
  },
);
