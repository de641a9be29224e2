import type { Construct } from "constructs";
import { firewallWithoutCard, malformedFirewallRule, type Problem } from "../errors";
import { VirtualEnvironmentFirewallOptions } from "../providers/proxmox/virtual-environment-firewall-options";
import { VirtualEnvironmentFirewallRules } from "../providers/proxmox/virtual-environment-firewall-rules";
import type {
  VirtualEnvironmentVm,
  VirtualEnvironmentVmNetworkDevice,
} from "../providers/proxmox/virtual-environment-vm";
import { given } from "./private/given";
import { terraformNote } from "./private/terraform-text";

export type FirewallPolicy = "ACCEPT" | "DROP" | "REJECT";

/** What a rule is about, in Proxmox' words. All of it is changed while the VM runs. */
interface Traffic {
  /** Where the traffic goes, seen from the VM. Changed while the VM runs. */
  readonly type: "in" | "out";

  /** Changed while the VM runs. */
  readonly action: FirewallPolicy;

  /** Addresses, networks, ranges, `+ipset` or alias that it comes from. Changed while the VM runs. @default - all */
  readonly source?: string;

  /** Addresses, networks, ranges, `+ipset` or alias that it goes to. Changed while the VM runs. @default - all */
  readonly dest?: string;

  /** Card: `net0`. Changed while the VM runs. @default - all */
  readonly iface?: `net${number}`;

  /** Level of the log that matches go to. Changed while the VM runs. @default - no log */
  readonly log?: "emerg" | "alert" | "crit" | "err" | "warning" | "notice" | "info" | "debug";

  /** Changed while the VM runs. @default - none */
  readonly comment?: string;
}

/** Protocol and ports by a name of Proxmox, such as `SSH` or `HTTPS`. */
interface ByMacro {
  readonly macro: string;
  readonly proto?: never;
  readonly sport?: never;
  readonly dport?: never;
}

/** One protocol, and ports if it has such: `80`, `80,443`, `8000:8100`. */
interface ByPorts {
  readonly proto: "tcp" | "udp" | "sctp" | "udplite";
  readonly sport?: string;
  readonly dport?: string;
  readonly macro?: never;
}

/** Everything, or a protocol without ports. */
interface ByProtocol {
  readonly proto?: "icmp" | "ipv6-icmp" | "igmp" | "esp" | "ah" | "gre" | "ospf" | "vrrp";
  readonly sport?: never;
  readonly dport?: never;
  readonly macro?: never;
}

/** The rules of a security group of the Proxmox cluster. */
export interface SecurityGroupRule {
  /** Name of the group. Changed while the VM runs. */
  readonly securityGroup: string;

  /** Card: `net0`. Changed while the VM runs. @default - all */
  readonly iface?: `net${number}`;

  /** Changed while the VM runs. @default - none */
  readonly comment?: string;
}

/** A rule of a VM's firewall. The first that matches decides. */
export type FirewallRule = (Traffic & (ByMacro | ByPorts | ByProtocol)) | SecurityGroupRule;

/**
 * The firewall of a VM. It works on cards whose `firewall` is not false, where the firewall of the Proxmox cluster is on
 * (Datacenter, Firewall, Options). All of it is changed while the VM runs.
 */
export interface VmFirewall {
  /** What comes in and no rule is about. Changed while the VM runs. @default "DROP" */
  readonly inputPolicy?: FirewallPolicy;

  /** What goes out and no rule is about. Changed while the VM runs. @default "ACCEPT" */
  readonly outputPolicy?: FirewallPolicy;

  /** Rules in their order. Changed while the VM runs. @default - none */
  readonly rules?: readonly FirewallRule[];

  /** Whether answers of DHCP servers come in. Changed while the VM runs. @default false */
  readonly dhcp?: boolean;

  /** Whether IPv6 finds neighbours and routers. Changed while the VM runs. @default true */
  readonly ndp?: boolean;

  /** Whether the VM may use only the MAC addresses of its cards. Changed while the VM runs. @default true */
  readonly macFilter?: boolean;

  /** Whether it may use only the addresses of the IP sets `ipfilter-net…`. Changed while the VM runs. @default false */
  readonly ipFilter?: boolean;
}

/** The options and rules of a VM's firewall. @internal */
export function addFirewall(vm: Construct, resource: VirtualEnvironmentVm, firewall: VmFirewall): void {
  const { inputPolicy = "DROP", outputPolicy = "ACCEPT", dhcp = false, ndp = true, rules = [] } = firewall;
  const { nodeName, vmId } = resource;
  new VirtualEnvironmentFirewallOptions(vm, "FirewallOptions", {
    nodeName,
    vmId,
    enabled: true,
    inputPolicy,
    outputPolicy,
    dhcp,
    ndp,
    macfilter: firewall.macFilter ?? true,
    ipfilter: firewall.ipFilter ?? false,
  });
  if (rules.length > 0) {
    new VirtualEnvironmentFirewallRules(vm, "FirewallRules", {
      nodeName,
      vmId,
      rule: rules.map(({ comment, ...rule }) => ({
        ...rule,
        ...given({ comment: comment && terraformNote(comment) }),
      })),
    });
  }
}

/** What is wrong with the firewall of a VM. @internal */
export function firewallProblems(
  where: string,
  { rules = [] }: VmFirewall,
  devices: readonly VirtualEnvironmentVmNetworkDevice[],
): Problem[] {
  return [
    ...(devices.some(({ firewall }) => firewall === true) ? [] : [firewallWithoutCard(where)]),
    ...rules.flatMap((rule, index) => {
      const ports = "securityGroup" in rule ? [] : [rule.sport, rule.dport];
      const wrong = [
        ...ports.flatMap((text) => (text === undefined || isPorts(text) ? [] : [text])),
        ...(rule.iface === undefined || Number(rule.iface.slice("net".length)) < devices.length ? [] : [rule.iface]),
      ];
      return wrong.map((value) => malformedFirewallRule(where, index, value));
    }),
  ];
}

/** Numbers, ranges and names of services. */
function isPorts(text: string): boolean {
  return /^[\w-]+(:\d+)?(,[\w-]+(:\d+)?)*$/.test(text);
}
