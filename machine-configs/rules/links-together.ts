/** What only the links of a machine together can show. */
import {
  addressTwice,
  defaultRouteTwice,
  linkAliasedTwice,
  memberTwice,
  memberWithAddress,
  type Problem,
  parentDown,
} from "../../errors";
import { identityOf, kindOf, type Path, ROOT_KIND, type TalosDocument } from "../document";
import { isMap, pathsMatching, plainText, valueAt } from "../plain-data";
import { addressOf, isIpv6, isLinkLocal, isUnspecified, normalized } from "./addresses";
import { LINK_KINDS, type PlacedProblem } from "./conflicts";

/** A link with its fields: a document, or a part of the v1alpha1 document. */
interface Link {
  readonly name: string;
  readonly identity: string;
  readonly path: Path;
  readonly fields: unknown;
}

/** Links with two names, addresses and default routes of two links, and members of bonds and bridges with addresses. */
export function linksTogether(documents: readonly TalosDocument[]): readonly PlacedProblem[] {
  const links = linksOf(documents);
  return [
    ...aliasesTwice(documents),
    ...addressesTwice(links),
    ...defaultRoutesTwice(links, documents),
    ...memberProblems(documents, links),
    ...parentsDown(documents, links),
  ];
}

/**
 * The addresses that a machine has on networks with others, without prefix lengths. What leads to nobody, or to chosen
 * peers alone, may have one address on many machines.
 */
export function networkAddresses(documents: readonly TalosDocument[]): readonly string[] {
  const all = linksOf(documents)
    .filter(({ fields }) => isOnNetwork(fields))
    .flatMap((one) => addressesOf(one).map(({ address }) => address));
  return [...new Set(all)].filter((address) => !/^(169\.254|127)\./.test(address) && !isLinkLocal(address));
}

function isOnNetwork(link: unknown): boolean {
  if (!isMap(link)) return false;
  const { kind, links, name } = link;
  if (kind !== undefined) {
    const hasPorts = Array.isArray(links) && links.length > 0;
    return name !== "lo" && (kind === "LinkConfig" || kind === "VLANConfig" || hasPorts);
  }
  const { interface: device, dummy, wireguard } = link;
  return device !== "lo" && dummy !== true && wireguard === undefined;
}

function linksOf(documents: readonly TalosDocument[]): readonly Link[] {
  return documents.flatMap((document) => (kindOf(document) === ROOT_KIND ? devices(document) : link(document)));
}

function link(document: TalosDocument): readonly Link[] {
  const { name } = document;
  if (name === undefined || !LINK_KINDS.includes(kindOf(document))) return [];
  return [{ name, identity: identityOf(document), path: [], fields: document }];
}

function devices(document: TalosDocument): readonly Link[] {
  return pathsMatching(document, ["machine", "network", "interfaces", "*"]).flatMap((path) => {
    const fields = valueAt(document, path);
    if (!isMap(fields) || fields["ignore"] === true) return [];
    const name = plainText(fields["interface"] ?? Object.values(fields["deviceSelector"] ?? {}));
    const vlans = pathsMatching(fields, ["vlans", "*"]).map((inner) => ({
      name: `${name}.${valueAt(fields, [...inner, "vlanId"])}`,
      identity: ROOT_KIND,
      path: [...path, ...inner],
      fields: valueAt(fields, inner),
    }));
    return [{ name, identity: ROOT_KIND, path, fields }, ...vlans];
  });
}

/** Talos gives a link the first of its names and no other. */
function aliasesTwice(documents: readonly TalosDocument[]): readonly PlacedProblem[] {
  const seen = new Map<unknown, string>();
  return documents
    .filter(({ kind }) => kind === "LinkAliasConfig")
    .flatMap((document) => {
      const path = ["selector", "match"];
      const match = valueAt(document, path);
      const { name = "" } = document;
      const first = seen.get(match);
      if (first === undefined || match === undefined) {
        seen.set(match, name);
        return [];
      }
      const identity = identityOf(document);
      return [{ identity, path, problem: linkAliasedTwice(identity, first, name) }];
    });
}

function addressesTwice(links: readonly Link[]): readonly PlacedProblem[] {
  const seen = new Set<string>();
  return links.flatMap((one) =>
    addressesOf(one).flatMap(({ path, address }) => {
      if (seen.has(address)) return [placed(one, path, (where) => addressTwice(where, address))];
      seen.add(address);
      return [];
    }),
  );
}

function addressesOf({ fields }: Link): readonly { readonly path: Path; readonly address: string }[] {
  return pathsMatching(fields, ["addresses", "*"]).map((path) => {
    const item = valueAt(fields, path);
    return { path, address: normalized(addressOf(plainText(isMap(item) ? item["address"] : item))) };
  });
}

/** Links in a routing domain of their own have default routes of their own. */
function defaultRoutesTwice(links: readonly Link[], documents: readonly TalosDocument[]): readonly PlacedProblem[] {
  const apart = documents.filter(({ kind }) => kind === "VRFConfig").flatMap(membersOf);
  const seen = new Map<string, Link>();
  return links
    .filter(({ name }) => !apart.includes(name))
    .flatMap((one) =>
      pathsMatching(one.fields, ["routes", "*"]).flatMap((path) => {
        const route = defaultRouteOf(valueAt(one.fields, path));
        if (route === undefined) return [];
        const first = seen.get(route.key);
        if (first !== undefined) {
          return [placed(one, path, (where) => defaultRouteTwice(where, route.family, first.name, one.name))];
        }
        seen.set(route.key, one);
        return [];
      }),
    );
}

/** Two default routes with the same key exclude each other. */
function defaultRouteOf(route: unknown): { readonly family: string; readonly key: string } | undefined {
  if (!isMap(route)) return undefined;
  const { destination, network, gateway = "", metric, table } = route;
  const target = plainText(destination ?? network ?? "");
  if (gateway === "" || (target !== "" && !isUnspecified(addressOf(target)))) return undefined;
  const family = isIpv6(plainText(gateway)) ? "IPv6" : "IPv4";
  return { family, key: plainText([family, metric || 1024, table || "main"]) };
}

/** Of the v1alpha1 document this is known by its own rules. */
function memberProblems(documents: readonly TalosDocument[], links: readonly Link[]): readonly PlacedProblem[] {
  const owners = new Map<string, string>();
  const found: PlacedProblem[] = [];
  for (const document of documents.filter(({ kind }) => kind === "BondConfig" || kind === "BridgeConfig")) {
    const identity = identityOf(document);
    membersOf(document).forEach((member, index) => {
      const owner = owners.get(member);
      if (owner === undefined) owners.set(member, identity);
      else found.push({ identity, path: ["links", index], problem: memberTwice(identity, member, owner) });
    });
  }
  for (const one of links) {
    const owner = owners.get(one.name);
    if (owner === undefined || pathsMatching(one.fields, ["addresses", "*"]).length === 0) continue;
    found.push(placed(one, ["addresses"], (where) => memberWithAddress(where, one.name, owner)));
  }
  for (const document of documents.filter(({ kind }) => kind === "DHCPv4Config" || kind === "DHCPv6Config")) {
    const { name = "" } = document;
    const owner = owners.get(name);
    if (owner === undefined) continue;
    const identity = identityOf(document);
    found.push({ identity, path: [], problem: memberWithAddress(identity, name, owner) });
  }
  return found;
}

/** As soon as one link is in a document, Talos leaves those that are in none down. */
function parentsDown(documents: readonly TalosDocument[], links: readonly Link[]): readonly PlacedProblem[] {
  const up = [
    ...links.map(({ name }) => name),
    ...documents.filter(({ kind }) => kind?.startsWith("DHCP")).map(({ name }) => name),
    ...documents.map((document) => valueAt(document, ["peer", "name"])),
  ];
  return documents
    .filter(({ kind, parent }) => kind === "VLANConfig" && !up.includes(parent))
    .map((document) => {
      const identity = identityOf(document);
      return { identity, path: ["parent"], problem: parentDown(identity, plainText(document["parent"])) };
    });
}

function membersOf(document: TalosDocument): readonly string[] {
  return pathsMatching(document, ["links", "*"]).map((path) => plainText(valueAt(document, path)));
}

function placed({ identity, path }: Link, inner: Path, problem: (where: string) => Problem): PlacedProblem {
  return { identity, path: [...path, ...inner], problem: problem(identity) };
}
