import type { NetworkDevice, ProxmoxVmProps } from "../../index";
import { refused, type VmChanges, vmOf } from "../helpers/vms";

const card = { bridge: "vmbr0" };
const ipConfig = (networkDevices: readonly NetworkDevice[], others: Partial<ProxmoxVmProps> = {}) =>
  vmOf({ vm: { networkDevices, ...others } })["initialization"];

test("a card has what is given, in the words of the provider", () => {
  const [device] = vmOf({
    vm: {
      networkDevices: [
        { ...card, trunks: [10, 20], mtu: 9000, queues: 4, rateLimitMBps: 12.5, firewall: true, vlanId: 5 },
      ],
    },
  })["network_device"];
  expect(device).toMatchObject({ trunks: "10;20", mtu: 9000, queues: 4, rate_limit: 12.5, firewall: true, vlan_id: 5 });
  expect(vmOf({ vm: { networkDevices: [{ ...card, mtu: "bridge" }] } })["network_device"][0]["mtu"]).toBe(1);
});

test("cloud-init asks for DHCP on the first card alone, unless a card has an address", () => {
  const dhcp = { ipv4: { address: "dhcp" } };
  expect(ipConfig([card, card])["ip_config"]).toEqual([dhcp]);
  expect(ipConfig([])["ip_config"]).toEqual([dhcp]);
  expect(ipConfig([card, card, { ...card, ipv4: { address: "10.0.81.5/24" } }, card])["ip_config"]).toEqual([
    dhcp,
    dhcp,
    { ipv4: { address: "10.0.81.5/24" } },
  ]);
});

test("a card has an address of each family, and the first one may get its IPv4 address from the VM", () => {
  const address = {
    address: "10.0.0.20/24",
    gateway: "10.0.0.1",
    nameservers: ["10.0.0.2"],
    searchDomain: "example.com",
  };
  const ipv6 = { address: "fd00::20/64", gateway: "fd00::1" };
  expect(ipConfig([{ ...card, ipv6 }], { address })).toMatchObject({
    ip_config: [{ ipv4: { address: "10.0.0.20/24", gateway: "10.0.0.1" }, ipv6 }],
    dns: { servers: ["10.0.0.2"], domain: "example.com" },
  });
  expect(ipConfig([{ ...card, ipv4: "dhcp", ipv6: "auto" }])["ip_config"]).toEqual([
    { ipv4: { address: "dhcp" }, ipv6: { address: "auto" } },
  ]);
});

const withCard = (device: Partial<NetworkDevice>, vm: Partial<ProxmoxVmProps> = {}): VmChanges => ({
  vm: { networkDevices: [{ ...card, ...device }], ...vm },
});

test.each<[string, VmChanges, string, string]>([
  ["a VLAN among the trunks that is none", withCard({ trunks: [10, 4095] }), "vlan-range", "4095"],
  ["packets that are too small", withCard({ mtu: 500 }), "value-out-of-range", "mtu is 500"],
  ["no traffic at all", withCard({ rateLimitMBps: 0 }), "value-not-positive", "rateLimitMBps is 0"],
  [
    "a search domain that is none",
    { vm: { address: { address: "10.0.0.20/24", gateway: "10.0.0.1", searchDomain: "my lab" } } },
    "malformed-text",
    'address.searchDomain is "my lab"',
  ],
  ["more queues than a card has", withCard({ queues: 65 }), "value-out-of-range", "queues is 65"],
  [
    "an address of the VM and one of its first card",
    withCard({ ipv4: "dhcp" }, { address: { address: "10.0.0.20/24", gateway: "10.0.0.1" } }),
    "address-given-twice",
    "10.0.0.20/24",
  ],
  ["an IPv6 address as ipv4", withCard({ ipv4: { address: "fd00::1/64" } }), "wrong-address-family", "fd00::1/64"],
  ["an address without prefix length", withCard({ ipv4: { address: "10.0.0.20" } }), "malformed-cidr", "10.0.0.20"],
  ["the address of its network", withCard({ ipv4: { address: "10.0.0.0/24" } }), "outside-subnet", "10.0.0.0"],
  [
    "a gateway outside of its network",
    withCard({ ipv6: { address: "fd00::20/64", gateway: "fd01::1" } }),
    "outside-subnet",
    "fd01::1",
  ],
  [
    "one address on two cards",
    {
      vm: {
        networkDevices: [
          { ...card, ipv4: { address: "10.0.0.20/24" } },
          { ...card, ipv4: { address: "10.0.0.20/24" } },
        ],
      },
    },
    "duplicate-address",
    "10.0.0.20",
  ],
])("%s is refused", (_, changes, code, message) => {
  expect(refused(changes)).toEqual([[code, expect.stringContaining(message)]]);
});
