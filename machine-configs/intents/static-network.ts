import { linkTwice, type Problem } from "../../errors";
import { type At, placesIn, type TalosDocument } from "../document";
import { linkConfig } from "../documents/link-config";
import { resolverConfig } from "../documents/resolver-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import {
  aliasDocuments,
  choiceProblems,
  dhcpDocuments,
  type LinkChoice,
  type LinkSettings,
  linkFields,
  sectionFields,
  selectorOf,
  settingsProblems,
} from "../links";
import { usesNetworkDocuments } from "../releases";

/** One network interface of a machine. Without an address and without DHCP it is up and has none. */
export interface StaticLink extends LinkSettings {
  /**
   * The interface's name. Machines from the nocloud image have `eth0`, `eth1` … in the order of the VM's network
   * devices; those from an ISO have predictable names such as `ens18` (T-5). With `macAddress`, a name of your own.
   */
  readonly name: string;
  /**
   * The MAC address that the interface is chosen by, whatever the kernel calls it (T-5).
   *
   * @default - it is chosen by its name
   */
  readonly macAddress?: string;
}

export interface StaticNetworkProps {
  /**
   * Every network interface of the machine, since Talos decides about those that are listed nowhere: under contract
   * 1.11 it asks DHCP on them, from 1.12 on it leaves them down.
   */
  readonly links: readonly StaticLink[];
  /**
   * Addresses of nameservers. They replace those that the platform and DHCP announce (TAL-5).
   *
   * @default - the platform's, which for a VM are those of its `initialization` block
   */
  readonly nameservers?: readonly string[];
  /**
   * Domains in which names without dots are looked up.
   *
   * @default - the domain of the machine's hostname
   */
  readonly searchDomains?: readonly string[];
}

/**
 * Fixed addresses, default route and nameservers (TAL-3, TAL-4, TAL-5), independent of DHCP and of cloud-init, which
 * give the address only until the machine has its configuration.
 *
 * Applied without a restart; a changed address cuts existing connections, etcd's among them.
 */
export function staticNetwork(props: StaticNetworkProps): Intent {
  const { links, nameservers = [], searchDomains = [] } = props;
  return {
    name: "staticNetwork",
    documents: ({ contract }) => {
      if (!usesNetworkDocuments(contract)) return [section(props)];
      const documents = links.flatMap(linkDocuments);
      if (nameservers.length > 0 || searchDomains.length > 0) documents.push(resolver(nameservers, searchDomains));
      return documents;
    },
    problems: (machine) => networkProblems(props, placesIn(machine, "staticNetwork")),
  };
}

/** How a link is chosen. */
function choiceOf({ name, macAddress }: StaticLink): LinkChoice {
  return macAddress === undefined ? name : { name, macAddress };
}

function linkDocuments(link: StaticLink): readonly TalosDocument[] {
  const { name } = link;
  return [
    ...aliasDocuments([choiceOf(link)]),
    linkConfig.build({ name, ...linkFields(link) }),
    ...dhcpDocuments(name, link),
  ];
}

/** The section that was there before the documents. A list that is empty would add nothing. */
function section({ links, nameservers = [], searchDomains = [] }: StaticNetworkProps): TalosDocument {
  return v1alpha1.build({
    machine: {
      network: {
        interfaces: links.map((link) => ({ ...selectorOf(choiceOf(link)), ...sectionFields(link) })),
        nameservers: nameservers.length === 0 ? undefined : nameservers,
        searchDomains: searchDomains.length === 0 ? undefined : searchDomains,
      },
    },
  });
}

function resolver(nameservers: readonly string[], searchDomains: readonly string[]): TalosDocument {
  return resolverConfig.build({
    nameservers: nameservers.length === 0 ? undefined : nameservers.map((address) => ({ address })),
    searchDomains: searchDomains.length === 0 ? undefined : { domains: searchDomains },
  });
}

/** What several links say together is left to the documents. */
function networkProblems({ links }: StaticNetworkProps, at: At): readonly Problem[] {
  return links.flatMap((link, index) => {
    const place: At = (...path) => at("links", index, ...path);
    const { name } = link;
    const earlier = links.slice(0, index).some((other) => other.name === name);
    return [
      ...choiceProblems(choiceOf(link), place),
      ...settingsProblems(link, place),
      ...(earlier ? [linkTwice(place("name"), name)] : []),
    ];
  });
}
