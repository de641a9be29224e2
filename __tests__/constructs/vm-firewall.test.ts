import { only } from "../helpers/synth";
import { refused, stackOf, type VmChanges, vmOf } from "../helpers/vms";

const card = { bridge: "vmbr0" };

test("a VM without a firewall has none on its cards either", () => {
  expect(Object.keys(stackOf()?.resource ?? {})).toEqual(["proxmox_virtual_environment_vm"]);
  expect(vmOf()["network_device"][0]["firewall"]).toBeNull();
});

test("a firewall lets out, answers nobody, and lets IPv6 find its neighbours, unless it says otherwise", () => {
  const stack = stackOf({ vm: { firewall: {}, networkDevices: [card, { ...card, firewall: false }] } });
  expect(only(stack, "proxmox_virtual_environment_firewall_options")).toMatchObject({
    node_name: expect.stringMatching(/^\$\{proxmox_virtual_environment_vm\..*\.node_name\}$/),
    vm_id: expect.stringMatching(/^\$\{proxmox_virtual_environment_vm\..*\.vm_id\}$/),
    enabled: true,
    input_policy: "DROP",
    output_policy: "ACCEPT",
    dhcp: false,
    ndp: true,
    macfilter: true,
    ipfilter: false,
  });
  expect(stack?.resource).not.toHaveProperty("proxmox_virtual_environment_firewall_rules");
  const devices = only(stack, "proxmox_virtual_environment_vm")["network_device"];
  expect(devices.map(({ firewall }: { firewall: unknown }) => firewall)).toEqual([true, false]);
});

test("rules keep their order", () => {
  const rules = only(
    stackOf({
      vm: {
        firewall: {
          rules: [
            { type: "in", action: "ACCEPT", macro: "SSH", source: "10.0.0.0/24", comment: "from the office" },
            { type: "in", action: "ACCEPT", proto: "tcp", dport: "80,443", iface: "net0", log: "info" },
            { securityGroup: "monitoring" },
            { type: "out", action: "REJECT" },
          ],
        },
      },
    }),
    "proxmox_virtual_environment_firewall_rules",
  );
  expect(rules["rule"]).toEqual([
    { type: "in", action: "ACCEPT", macro: "SSH", source: "10.0.0.0/24", comment: "from the office" },
    { type: "in", action: "ACCEPT", proto: "tcp", dport: "80,443", iface: "net0", log: "info" },
    { security_group: "monitoring" },
    { type: "out", action: "REJECT" },
  ]);
});

const accept = { type: "in", action: "ACCEPT" } as const;

test.each<[string, VmChanges["vm"], string, string]>([
  [
    "a firewall that no card goes through",
    { firewall: {}, networkDevices: [{ ...card, firewall: false }] },
    "firewall-without-card",
    "no network card",
  ],
  [
    "ports with a hyphen between them",
    { firewall: { rules: [accept, { ...accept, proto: "tcp", dport: "80 - 90" }] } },
    "malformed-firewall-rule",
    'rule 2 has "80 - 90"',
  ],
  [
    "a rule for a card that there is not",
    { firewall: { rules: [{ ...accept, iface: "net1" }] } },
    "malformed-firewall-rule",
    'rule 1 has "net1"',
  ],
])("%s is refused", (_, vm, code, message) => {
  expect(refused({ ...(vm && { vm }) })).toEqual([[code, expect.stringContaining(message)]]);
});
