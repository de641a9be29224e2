import { intentNeedsContract, type Problem } from "../../errors";
import { type At, placesIn } from "../document";
import { bondConfig } from "../documents/bond-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import {
  aliasDocuments,
  choiceProblems,
  deviceSelectorOf,
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

interface BondedLinks extends LinkSettings {
  /** Its name, such as `bond0`. */
  readonly name: string;
  /** The links that it is made of, which have no addresses of their own. */
  readonly links: readonly LinkChoice[];
  /** How often is looked whether the links are up, in milliseconds. @default 100 */
  readonly miimon?: number;
}

/** How a sender's packets are spread over the links. */
type HashPolicy = "layer2" | "layer2+3" | "layer3+4" | "encap2+3" | "encap3+4";

/** How the links act as one. Only `802.3ad` needs a switch that knows of it, and takes its options. */
type BondMode =
  | {
      readonly mode: "802.3ad";
      /** How often the switch is asked for its state: every second or every 30. @default "slow" */
      readonly lacpRate?: "slow" | "fast";
      /** @default "layer2" */
      readonly xmitHashPolicy?: HashPolicy;
    }
  | {
      readonly mode: "balance-xor";
      readonly lacpRate?: never;
      /** @default "layer2" */
      readonly xmitHashPolicy?: HashPolicy;
    }
  | {
      readonly mode: "active-backup" | "balance-rr" | "broadcast" | "balance-tlb" | "balance-alb";
      readonly lacpRate?: never;
      readonly xmitHashPolicy?: never;
    };

export type BondProps = BondedLinks & BondMode;

/**
 * Several links that act as one, with addresses and routes like any other. Applied without a restart; a change cuts
 * existing connections over these links.
 */
export function bond(props: BondProps): Intent {
  const { name, links } = props;
  return {
    name: "bond",
    documents: ({ contract }) => {
      const { mode, miimon = 100, lacpRate, xmitHashPolicy } = props;
      const options = { miimon, lacpRate, xmitHashPolicy };
      if (!usesNetworkDocuments(contract)) {
        const device = { interface: name, bond: { mode, ...options, ...membersOf(links) }, ...sectionFields(props) };
        return [v1alpha1.build({ machine: { network: { interfaces: [device] } } })];
      }
      return [
        ...aliasDocuments(links),
        bondConfig.build({ name, links: links.map(nameOf), bondMode: mode, ...options, ...linkFields(props) }),
        ...dhcpDocuments(name, props),
      ];
    },
    problems: (machine) => bondProblems(props, machine.contract, placesIn(machine, "bond")),
  };
}

/** Links by name and by MAC address exclude each other. */
function membersOf(links: readonly LinkChoice[]) {
  const deviceSelectors = links.flatMap((link) => (typeof link === "string" ? [] : [deviceSelectorOf(link)]));
  return deviceSelectors.length === 0 ? { interfaces: links.map(nameOf) } : { deviceSelectors };
}

function bondProblems(props: BondProps, contract: Contract, at: At): readonly Problem[] {
  const { name, links } = props;
  const ways = new Set(links.map((link) => typeof link));
  return [
    ...nameProblems(name, at("name")),
    ...links.flatMap((link, index) => choiceProblems(link, (...path) => at("links", index, ...path))),
    ...settingsProblems(props, at),
    ...(ways.size > 1 && !usesNetworkDocuments(contract) ? [mixedLinks(at("links"), contract)] : []),
  ];
}

function mixedLinks(where: string, contract: Contract): Problem {
  const remedy = "Choose all of its links by name, or all by MAC address.";
  return intentNeedsContract(where, "A bond of links by name and by MAC address", "1.12 and later", contract, remedy);
}
