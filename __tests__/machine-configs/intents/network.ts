import {
  bond,
  bridge,
  clusterFirewall,
  discovery,
  hostDns,
  hostEntries,
  hostname,
  ingressFirewall,
  kubePrism,
  kubeSpan,
  staticNetwork,
  time,
  virtualIp,
  vlan,
} from "../../../machine-configs";
import type { Example } from "./example";

export const network: readonly Example[] = [
  {
    title: "TAL-2: hostname",
    need: "a hostname",
    file: "hostname",
    role: "worker",
    intent: () => hostname("k8s-node2"),
  },
  {
    title: "TAL-3, TAL-4, TAL-5, T-5: staticNetwork",
    need: "fixed addresses, default route, nameservers",
    file: "static-network",
    role: "worker",
    intent: () =>
      staticNetwork({
        links: [{ name: "eth0", address: "10.0.20.102/24", gateway: "10.0.20.1", mtu: 1500 }, { name: "eth1" }],
        nameservers: ["10.0.20.101", "1.1.1.1"],
        searchDomains: ["lab.example.com"],
      }),
  },
  {
    title: "TAL-3, TAL-4: staticNetwork with two families, further routes and DHCP",
    file: "static-network-routes",
    role: "worker",
    intent: () =>
      staticNetwork({
        links: [
          {
            name: "eth0",
            address: ["10.0.20.102/24", "2001:db8:20::102/64"],
            gateway: ["10.0.20.1", "fe80::1"],
            routes: [
              { destination: "10.8.0.0/16", gateway: "10.0.20.2" },
              { gateway: "10.0.20.3", metric: 2048 },
              { gateway: "2001:db8:20::3", metric: 2048 },
            ],
          },
          { name: "eth1", dhcp: true },
          { name: "eth2", dhcp: { routeMetric: 2048 } },
        ],
      }),
  },
  {
    title: "TAL-3, T-5: staticNetwork with links by MAC address",
    file: "static-network-mac",
    role: "worker",
    intent: () =>
      staticNetwork({
        links: [
          { name: "lan", macAddress: "BC:24:11:00:20:10", address: "10.0.20.102/24", gateway: "10.0.20.1" },
          { name: "storage", macAddress: "bc:24:11:00:40:10", address: "10.0.40.102/24", mtu: 9000 },
        ],
      }),
  },
  {
    title: "TAL-3: bond",
    need: "several links that act as one",
    file: "bond",
    role: "worker",
    intent: () =>
      bond({
        name: "bond0",
        links: ["eth1", "eth2"],
        mode: "802.3ad",
        lacpRate: "fast",
        xmitHashPolicy: "layer3+4",
        address: "10.0.40.102/24",
        routes: [{ destination: "10.8.0.0/16", gateway: "10.0.40.1" }],
      }),
  },
  {
    title: "TAL-3, T-5: bond of links by MAC address",
    file: "bond-mac",
    role: "worker",
    intent: () =>
      bond({
        name: "bond0",
        links: [
          { name: "lan0", macAddress: "BC:24:11:00:20:10" },
          { name: "lan1", macAddress: "BC:24:11:00:20:11" },
        ],
        mode: "active-backup",
        miimon: 200,
        dhcp: true,
      }),
  },
  {
    title: "TAL-3: bridge",
    need: "a bridge inside of the machine",
    file: "bridge",
    role: "worker",
    intent: () => bridge({ name: "br0", links: ["eth1"], stp: true, vlanFiltering: true, address: "10.0.40.102/24" }),
  },
  {
    title: "TAL-3: vlan",
    need: "a VLAN that the machine tags",
    file: "vlan",
    role: "worker",
    intent: () => vlan({ parent: "eth1", id: 30, address: "10.0.30.102/24", mtu: 1500 }),
  },
  {
    title: "TAL-3, T-5: vlan on a link by MAC address",
    file: "vlan-mac",
    role: "worker",
    intent: () => vlan({ parent: { name: "trunk", macAddress: "BC:24:11:00:20:10" }, id: 30, dhcp: true }),
  },
  {
    title: "TAL-25: virtualIp",
    need: "an address shared by the control planes",
    file: "virtual-ip",
    role: "controlplane",
    intent: () => virtualIp({ address: "10.20.66.20", link: "eth0" }),
  },
  {
    title: "TAL-25: virtualIp on a VLAN",
    file: "virtual-ip-vlan",
    role: "controlplane",
    intent: () => virtualIp({ address: "10.20.66.20", link: "eth0.30" }),
  },
  {
    title: "TAL-25, T-5: virtualIp on a link by MAC address",
    file: "virtual-ip-mac",
    role: "controlplane",
    intent: () => virtualIp({ address: "10.20.66.20", link: { name: "lan", macAddress: "BC:24:11:00:20:10" } }),
  },
  {
    title: "TAL-34: hostEntries",
    need: "names that only the machine knows",
    file: "host-entries",
    role: "worker",
    intent: () =>
      hostEntries({ "10.0.20.9": ["registry.example.com", "registry"], "2001:db8::9": ["k8s.example.com"] }),
  },
  {
    title: "time from servers",
    need: "the time",
    file: "time",
    role: "worker",
    intent: () => time({ servers: ["ntp.example.com", "10.0.20.1"], bootTimeout: "2m" }),
  },
  {
    title: "time from servers that prove who they are",
    file: "time-nts",
    role: "worker",
    contracts: ["1.14"],
    intent: () => time({ servers: ["nts.example.com"], nts: true }),
  },
  {
    title: "time from the host",
    file: "time-devices",
    role: "worker",
    intent: () => time({ devices: ["/dev/ptp0"] }),
  },
  {
    title: "hostDns",
    need: "the machine's own DNS resolver",
    file: "host-dns",
    role: "worker",
    intent: () => hostDns({ forwardKubeDNSToHost: false, resolveMemberNames: true }),
  },
  {
    title: "hostDns off",
    file: "host-dns-off",
    role: "worker",
    intent: () => hostDns({ enabled: false }),
  },
  {
    title: "kubePrism",
    need: "the Kubernetes API on every machine",
    file: "kube-prism",
    role: "worker",
    intent: () => kubePrism({ port: 7446 }),
  },
  {
    title: "kubePrism off",
    file: "kube-prism-off",
    role: "worker",
    intent: () => kubePrism({ enabled: false }),
  },
  {
    title: "discovery by a service of one's own",
    need: "how machines find each other",
    file: "discovery",
    role: "worker",
    intent: () => discovery({ endpoint: "https://discovery.example.com/" }),
  },
  {
    title: "discovery off",
    file: "discovery-off",
    role: "worker",
    intent: () => discovery({ enabled: false }),
  },
  {
    title: "kubeSpan",
    need: "an encrypted network between the machines",
    file: "kube-span",
    role: "worker",
    intent: () => kubeSpan({ endpoints: ["10.0.20.0/24", "!10.0.20.9/32"], mtu: 1380 }),
  },
  {
    title: "clusterFirewall of a control plane",
    need: "a firewall with what a cluster needs",
    file: "cluster-firewall",
    role: "controlplane",
    intent: () =>
      clusterFirewall({
        nodes: ["10.0.20.0/24"],
        clients: ["10.0.20.0/24", "192.168.1.0/24"],
        controlPlanes: ["10.0.20.11", "10.0.20.12", "2001:db8::13"],
      }),
  },
  {
    title: "clusterFirewall of a worker, with Cilium",
    file: "cluster-firewall-worker",
    role: "worker",
    intent: () =>
      clusterFirewall({
        nodes: ["10.0.20.0/24"],
        clients: ["192.168.1.0/24"],
        podSubnets: ["10.42.0.0/16"],
        vxlanPort: 8472,
      }),
  },
  {
    title: "ingressFirewall",
    need: "who may reach which ports",
    file: "ingress-firewall",
    role: "worker",
    intent: () =>
      ingressFirewall({
        rules: {
          "talos-api": { ports: [50000], protocol: "tcp", subnets: ["192.168.1.0/24"] },
          web: { ports: [80, 443, "30000-32767"], protocol: "tcp", subnets: ["0.0.0.0/0", "::/0"] },
        },
      }),
  },
  {
    title: "ingressFirewall that closes single ports",
    file: "ingress-firewall-accept",
    role: "worker",
    intent: () =>
      ingressFirewall({
        rules: { metrics: { ports: [9100], protocol: "tcp", subnets: ["10.0.20.0/24"] } },
        defaultAction: "accept",
      }),
  },
];
