import { placesIn } from "../document";
import { v1alpha1 } from "../documents/v1alpha1";
import { vlanConfig } from "../documents/vlan-config";
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
  selectorOf,
  settingsProblems,
} from "../links";
import { usesNetworkDocuments } from "../releases";

export interface VlanProps extends LinkSettings {
  /** The link that carries it. The port of the switch or of the Proxmox bridge must let the VLAN through tagged. */
  readonly parent: LinkChoice;
  /** Its number, 1 to 4094. */
  readonly id: number;
}

/**
 * A VLAN that the machine itself tags. It is a link, named by its parent and number: `eth1.30`. Where Proxmox tags the
 * packets of a whole network card, by `vlanId` of the card, the machine needs none.
 *
 * Applied without a restart.
 */
export function vlan(props: VlanProps): Intent {
  const { parent, id } = props;
  const name = `${nameOf(parent)}.${id}`;
  return {
    name: "vlan",
    documents: ({ contract }) => {
      if (!usesNetworkDocuments(contract)) {
        const device = { ...selectorOf(parent), vlans: [{ vlanId: id, ...sectionFields(props) }] };
        return [v1alpha1.build({ machine: { network: { interfaces: [device] } } })];
      }
      return [
        ...cardDocuments(parent),
        vlanConfig.build({ name, parent: nameOf(parent), vlanID: id, ...linkFields(props) }),
        ...dhcpDocuments(name, props),
      ];
    },
    problems: (machine) => {
      const at = placesIn(machine, "vlan");
      const wrongParent = choiceProblems(parent, (...path) => at("parent", ...path));
      const wrongName = wrongParent.length > 0 ? wrongParent : nameProblems(name, at("parent"));
      return [...wrongName, ...settingsProblems(props, at)];
    },
  };
}
