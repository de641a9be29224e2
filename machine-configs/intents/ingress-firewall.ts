import type { TalosDocument } from "../document";
import { networkDefaultActionConfig } from "../documents/network-default-action-config";
import { networkRuleConfig } from "../documents/network-rule-config";
import type { Intent } from "../intent";
import { isAddress, isIpv6 } from "../rules/addresses";

/** Ports of a machine, and who may reach them. */
export interface IngressRule {
  /** Ports and ranges of ports, such as `[443, "30000-32767"]`. */
  readonly ports: readonly (number | `${number}-${number}`)[];
  readonly protocol: "tcp" | "udp";
  /** Who may reach them: subnets and addresses, such as `10.0.20.0/24` and `10.0.30.5`. */
  readonly subnets: readonly string[];
}

export interface IngressFirewallProps {
  /** By names of your own. */
  readonly rules: Readonly<Record<string, IngressRule>>;
  /**
   * What happens to packets that no rule is about. With `accept`, rules close their ports to all but their subnets.
   *
   * @default "block"
   */
  readonly defaultAction?: "block" | "accept";
}

/**
 * Closes the ports of a machine to all but those whom a rule names. What pods send to each other is no matter of it, and
 * answers always come through. Several of them add up; `clusterFirewall` has the rules that a cluster needs.
 *
 * Applied without a restart. A firewall that blocks the Talos API is refused, but whether the subnets are right only
 * you know: the machine cannot be reached from where it is closed.
 */
export function ingressFirewall({ rules, defaultAction = "block" }: IngressFirewallProps): Intent {
  return { name: "ingressFirewall", documents: () => firewallDocuments(rules, defaultAction) };
}

/** The documents of a firewall, which are the same under every contract. */
export function firewallDocuments(
  rules: IngressFirewallProps["rules"],
  ingress: "block" | "accept",
): readonly TalosDocument[] {
  return [networkDefaultActionConfig.build({ ingress }), ...Object.entries(rules).map(ruleDocument)];
}

function ruleDocument([name, { ports, protocol, subnets }]: readonly [string, IngressRule]): TalosDocument {
  const ingress = [...new Set(subnets.map(subnetOf))].map((subnet) => ({ subnet }));
  return networkRuleConfig.build({ name, portSelector: { ports, protocol }, ingress });
}

/** What is no address is left as it is, since Terraform may fill it in. */
function subnetOf(text: string): string {
  return isAddress(text) ? `${text}/${isIpv6(text) ? 128 : 32}` : text;
}
