import { duplicateEntry, fieldNotAllowed, fieldsExclude, type Problem, wrongValue } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { address, isMasked, overlaps, prefix } from "../rules/addresses";
import { duration, isNegative } from "../rules/durations";
import { text, uint8, uint32 } from "../rules/values";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    name: text(),
    vrf: z.string().optional(),
    localASN: uint32().min(1),
    routerID: address().or(z.literal("")).optional(),
    routeSource: address().or(z.literal("")).optional(),
    advertise: z.array(z.string()).optional(),
    multipath: z.boolean().optional(),
    maxPaths: uint8().optional(),
    installRoutes: z.boolean().optional(),
    importRoutes: z.array(z.strictObject({ bgpInstance: text(), prefixes: z.array(prefix()).min(1) })).optional(),
    neighbors: z
      .array(
        z.strictObject({
          address: address().or(z.literal("")).optional(),
          link: z.string().optional(),
          peerASN: uint32().optional(),
          localASN: uint32().optional(),
          passive: z.boolean().optional(),
          holdTime: duration().optional(),
          bfd: z
            .strictObject({
              transmitInterval: duration().optional(),
              receiveInterval: duration().optional(),
              detectMultiplier: uint8().optional(),
            })
            .optional(),
        }),
      )
      .optional(),
  });

/** Routes exchanged with neighbours over BGP. */
export type BgpInstanceFields = FieldsOf<typeof fields>;

export const bgpInstanceConfig = defineDocument({ kind: "BGPInstanceConfig", since: "1.14", fields, problems });

function problems(instance: BgpInstanceFields, at: At): readonly Problem[] {
  const { routerID = "" } = instance;
  return [
    ...(routerID.includes(":") ? [wrongValue(at("routerID"), routerID, "an IPv4 address")] : []),
    ...neighborProblems(instance, (...path) => at("neighbors", ...path)),
    ...importProblems(instance, (...path) => at("importRoutes", ...path)),
  ];
}

function neighborProblems({ neighbors = [], vrf = "" }: BgpInstanceFields, at: At): readonly Problem[] {
  const keys = neighbors.map(({ address: one = "", link = "" }) => one || link);
  return neighbors.flatMap(({ address: one = "", link = "", holdTime, bfd }, index) => {
    const found: Problem[] = [];
    if ((one === "") === (link === "")) found.push(fieldsExclude(at(index, "link"), "address", "link"));
    else if (keys.indexOf(keys[index] ?? "") < index) {
      found.push(duplicateEntry(at(index, one === "" ? "link" : "address"), "neighbour", keys[index]));
    }
    if (isNegative(holdTime))
      found.push(wrongValue(at(index, "holdTime"), holdTime, "a duration that is not negative"));
    if (bfd !== undefined && vrf !== "") found.push(fieldNotAllowed(at(index, "bfd"), "in an instance of a VRF"));
    for (const field of ["transmitInterval", "receiveInterval"] as const) {
      const interval = bfd?.[field];
      if (isNegative(interval)) {
        found.push(wrongValue(at(index, "bfd", field), interval, "a duration that is not negative"));
      }
    }
    return found;
  });
}

function importProblems({ importRoutes = [], name }: BgpInstanceFields, at: At): readonly Problem[] {
  const sources = importRoutes.map(({ bgpInstance }) => bgpInstance);
  const seen: string[] = [];
  return importRoutes.flatMap(({ bgpInstance, prefixes }, index) => {
    const found: Problem[] = [];
    if (bgpInstance === name) found.push(wrongValue(at(index, "bgpInstance"), bgpInstance, "another instance"));
    if (sources.indexOf(bgpInstance) < index) {
      found.push(duplicateEntry(at(index, "bgpInstance"), "source", bgpInstance));
    }
    prefixes.forEach((network, position) => {
      const place = at(index, "prefixes", position);
      if (!isMasked(network)) found.push(wrongValue(place, network, "a network without bits for a host"));
      else if (seen.some((other) => overlaps(network, other))) found.push(duplicateEntry(place, "network", network));
      seen.push(network);
    });
    return found;
  });
}
