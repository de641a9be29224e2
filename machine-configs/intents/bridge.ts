import { intentNeedsContract, type Problem } from "../../errors";
import { type At, placesIn } from "../document";
import { bridgeConfig } from "../documents/bridge-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import {
  cardDocuments,
  choiceProblems,
  dhcpDocuments,
  type LinkChoice,
  type LinkSettings,
  linkFields,
  nameOf,
  nameProblems,
  sectionFields,
  settingsProblems,
} from "../links";
import { type Contract, usesNetworkDocuments } from "../releases";

export interface BridgeProps extends LinkSettings {
  /** Its name, such as `br0`. */
  readonly name: string;
  /** The links that it connects, which have no addresses of their own. @default - none yet */
  readonly links?: readonly LinkChoice[];
  /** Whether it looks for loops by the spanning tree protocol. @default false */
  readonly stp?: boolean;
  /** Whether it keeps VLANs apart. @default false */
  readonly vlanFiltering?: boolean;
}

/**
 * A bridge inside of the machine, as virtual machines or a network plugin on it may need one. Applied without a
 * restart; a change cuts existing connections over its links.
 */
export function bridge(props: BridgeProps): Intent {
  const { name, links = [], stp, vlanFiltering } = props;
  return {
    name: "bridge",
    documents: ({ contract }) => {
      const spanningTree = stp === undefined ? undefined : { enabled: stp };
      if (!usesNetworkDocuments(contract)) {
        const vlan = vlanFiltering === undefined ? undefined : { vlanFiltering };
        const device = {
          interface: name,
          bridge: { interfaces: links.map(nameOf), stp: spanningTree, vlan },
          ...sectionFields(props),
        };
        return [v1alpha1.build({ machine: { network: { interfaces: [device] } } })];
      }
      const vlan = vlanFiltering === undefined ? undefined : { filtering: vlanFiltering };
      return [
        ...links.flatMap(cardDocuments),
        bridgeConfig.build({ name, links: links.map(nameOf), stp: spanningTree, vlan, ...linkFields(props) }),
        ...dhcpDocuments(name, props),
      ];
    },
    problems: (machine) => bridgeProblems(props, machine.contract, placesIn(machine, "bridge")),
  };
}

function bridgeProblems(props: BridgeProps, contract: Contract, at: At): readonly Problem[] {
  const { name, links = [] } = props;
  const byMac = links.some((link) => typeof link !== "string");
  return [
    ...nameProblems(name, at("name")),
    ...links.flatMap((link, index) => choiceProblems(link, (...path) => at("links", index, ...path))),
    ...settingsProblems(props, at),
    ...(byMac && !usesNetworkDocuments(contract) ? [linksByMac(at("links"), contract)] : []),
  ];
}

function linksByMac(where: string, contract: Contract): Problem {
  const remedy = "Give the names that the kernel gives to these links.";
  return intentNeedsContract(where, "A bridge of links by MAC address", "1.12 and later", contract, remedy);
}
