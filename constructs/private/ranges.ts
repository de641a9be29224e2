import { addressReserved, malformedRange, type Problem, subnetsOverlap } from "../../errors";
import type { TalosDocument } from "../../machine-configs";
import type { ClusterNetwork, ReservedUse } from "../cluster-network";
import { AddressRange, overlap } from "./address-range";

/** A range of addresses of a cluster. */
interface Range {
  readonly what: string;
  readonly range: string;
  readonly kind: "nodes" | "kubernetes" | "reserved";
  /** Whether an intent says so, which is compared with what else it says already. @default false */
  readonly given?: boolean;
}

/**
 * What is wrong with the ranges of one cluster (T-40): those of nodes, pods and services have no address in common, nor
 * have those that somebody else gives out, and no machine has one of the latter.
 */
export function rangeProblems(
  where: string,
  network: ClusterNetwork,
  documents: readonly TalosDocument[],
  addresses: readonly (readonly [owner: string, address: string])[],
): Problem[] {
  const reserved = Object.entries(network.reserved).map(
    ([use, range]): Range => ({
      what: `the range for ${inWords(use)}`,
      range,
      kind: "reserved",
    }),
  );
  const nodes: Range = { what: "the subnet of the nodes", range: network.subnet, kind: "nodes" };
  const all = [nodes, ...kubernetesRanges(documents), ...reserved];
  return [
    ...reserved
      .filter(({ range }) => AddressRange.parse(range) === undefined)
      .map(({ what, range }) => malformedRange(where, what, range)),
    ...all.flatMap((one, index) =>
      all
        .slice(0, index)
        .filter((other) => !(one.kind === "reserved" && other.kind === "nodes") && !(one.given && other.given))
        .filter((other) => overlap(one.range, other.range))
        .map((other) => subnetsOverlap(where, one.what, one.range, other.what, other.range)),
    ),
    ...addresses.flatMap(([owner, address]) =>
      reserved
        .filter(({ range }) => overlap(address, range))
        .map(({ what, range }) => addressReserved(owner, address, what, range)),
    ),
  ];
}

/** The networks of pods and services: as the machine configuration has them, or as Talos sets them. */
function kubernetesRanges(documents: readonly TalosDocument[]): readonly Range[] {
  const settings = documents.map((document) => (document.kind === undefined ? sectionOf(document) : document));
  const rangesOf = (field: "podSubnets" | "serviceSubnets", what: string, otherwise: string): readonly Range[] => {
    const given = settings.map((one) => one?.[field]).find(Array.isArray);
    if (given === undefined) return [{ what, range: otherwise, kind: "kubernetes" }];
    return given.map((range) => ({ what, range: String(range), kind: "kubernetes", given: true }));
  };
  return [
    ...rangesOf("podSubnets", "the network of pods", "10.244.0.0/16"),
    ...rangesOf("serviceSubnets", "the network of services", "10.96.0.0/12"),
  ];
}

function sectionOf(document: TalosDocument): Readonly<Record<string, unknown>> | undefined {
  const cluster = mapIn(document, "cluster");
  return cluster && mapIn(cluster, "network");
}

function mapIn(value: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> | undefined {
  const inner = value[key];
  return typeof inner === "object" && inner !== null ? { ...inner } : undefined;
}

const words: Readonly<Record<ReservedUse, string>> = { dhcp: "DHCP", loadBalancers: "load balancers" };

/** @param use one of {@link ReservedUse}. */
export function inWords(use: string): string {
  return Object.entries(words).find(([known]) => known === use)?.[1] ?? use;
}
