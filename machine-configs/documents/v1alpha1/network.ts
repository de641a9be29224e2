/** `machine.network` of the v1alpha1 document: links, addresses, resolvers and KubeSpan. */

import {
  duplicateEntry,
  fieldMissing,
  fieldNotAllowed,
  fieldsExclude,
  type Problem,
  wrongValue,
} from "../../../errors";
import type { At } from "../../document";
import type { FieldsOf } from "../../kind";
import { isHostAddress, isPrefix } from "../../rules/addresses";
import { duration } from "../../rules/durations";
import { isSubnetFilter } from "../../rules/node-addresses";
import { isHostAndPort } from "../../rules/urls";
import { bytesInBase64, isBase64, uint16, uint32 } from "../../rules/values";
import { z } from "../../zod";
import { bond, bondProblems, deviceSelector } from "./bond";

const routes = () =>
  z.array(
    z.strictObject({
      network: z.string().optional(),
      gateway: z.string().optional(),
      source: z.string().optional(),
      metric: uint32().optional(),
      mtu: uint32().optional(),
    }),
  );

const dhcpOptions = () =>
  z.strictObject({
    routeMetric: uint32().optional(),
    ipv4: z.boolean().optional(),
    ipv6: z.boolean().optional(),
    duidv6: z.string().optional(),
  });

const vip = () =>
  z.strictObject({
    ip: z.string().optional(),
    equinixMetal: z.strictObject({ apiToken: z.string().optional() }).optional(),
    hcloud: z.strictObject({ apiToken: z.string().optional() }).optional(),
  });

const vlan = () =>
  z.strictObject({
    addresses: z.array(z.string()).optional(),
    cidr: z.string().optional(),
    routes: routes().optional(),
    dhcp: z.boolean().optional(),
    vlanId: uint16().optional(),
    mtu: uint32().optional(),
    vip: vip().optional(),
    dhcpOptions: dhcpOptions().optional(),
  });

const wireguard = () =>
  z.strictObject({
    privateKey: z.string().optional(),
    listenPort: z.int().optional(),
    firewallMark: z.int().optional(),
    peers: z
      .array(
        z.strictObject({
          publicKey: z.string().optional(),
          endpoint: z.string().optional(),
          persistentKeepaliveInterval: duration().optional(),
          allowedIPs: z.array(z.string()).optional(),
        }),
      )
      .optional(),
  });

const device = () =>
  z.strictObject({
    interface: z.string().optional(),
    deviceSelector: deviceSelector().optional(),
    addresses: z.array(z.string()).optional(),
    cidr: z.string().optional(),
    routes: routes().optional(),
    bond: bond().optional(),
    bridge: z
      .strictObject({
        interfaces: z.array(z.string()).optional(),
        stp: z.strictObject({ enabled: z.boolean().optional() }).optional(),
        vlan: z.strictObject({ vlanFiltering: z.boolean().optional() }).optional(),
      })
      .optional(),
    bridgePort: z.strictObject({ master: z.string().optional() }).optional(),
    vlans: z.array(vlan()).optional(),
    mtu: z.int().optional(),
    dhcp: z.boolean().optional(),
    ignore: z.boolean().optional(),
    dummy: z.boolean().optional(),
    dhcpOptions: dhcpOptions().optional(),
    wireguard: wireguard().optional(),
    vip: vip().optional(),
  });

type Device = FieldsOf<typeof device>;

/** The schema of the section. */
export const network = () =>
  z.strictObject({
    hostname: z.string().optional(),
    interfaces: z.array(device()).optional(),
    nameservers: z.array(z.string()).optional(),
    searchDomains: z.array(z.string()).optional(),
    extraHostEntries: z
      .array(z.strictObject({ ip: z.string().optional(), aliases: z.array(z.string()).optional() }))
      .optional(),
    kubespan: z
      .strictObject({
        enabled: z.boolean().optional(),
        advertiseKubernetesNetworks: z.boolean().optional(),
        allowDownPeerBypass: z.boolean().optional(),
        harvestExtraEndpoints: z.boolean().optional(),
        mtu: uint32().optional(),
        filters: z
          .strictObject({
            endpoints: z.array(z.string()).optional(),
            excludeAdvertisedNetworks: z.array(z.string()).optional(),
          })
          .optional(),
      })
      .optional(),
    disableSearchDomain: z.boolean().optional(),
  });

type Network = FieldsOf<typeof network>;

/** What is wrong with the section. */
export function networkProblems(given: Network | undefined, at: At, isWorker: boolean): readonly Problem[] {
  const { interfaces = [], kubespan } = given ?? {};
  const owners = new Map<string, string>();
  const shared = interfaces.flatMap((one, index) =>
    memberProblems(one, owners, (...path) => at("interfaces", index, ...path)),
  );
  return [
    ...shared,
    ...interfaces.flatMap((one, index) =>
      deviceProblems(one, owners, isWorker, (...path) => at("interfaces", index, ...path)),
    ),
    ...(kubespan?.enabled ? kubeSpanProblems(kubespan, (...path) => at("kubespan", ...path)) : []),
  ];
}

/** Links that belong to a bond or bridge belong to one only. */
function memberProblems(one: Device, owners: Map<string, string>, at: At): readonly Problem[] {
  const { interface: name = "", bond: bonded, bridge } = one;
  const found: Problem[] = [];
  if (bonded !== undefined && bridge !== undefined) found.push(fieldsExclude(at("bridge"), "bond", "bridge"));
  if ((bonded?.interfaces?.length ?? 0) > 0 && (bonded?.deviceSelectors?.length ?? 0) > 0) {
    found.push(fieldsExclude(at("bond", "deviceSelectors"), "interfaces", "deviceSelectors"));
  }
  const part = bridge === undefined ? "bond" : "bridge";
  (bridge?.interfaces ?? bonded?.interfaces ?? []).forEach((member, index) => {
    const owner = owners.get(member);
    if (owner !== undefined && owner !== name)
      found.push(duplicateEntry(at(part, "interfaces", index), "link", member));
    owners.set(member, name);
  });
  return found;
}

function deviceProblems(
  one: Device,
  owners: ReadonlyMap<string, string>,
  isWorker: boolean,
  at: At,
): readonly Problem[] {
  const { interface: name = "", deviceSelector: chosen, addresses = [], vlans = [] } = one;
  const found: Problem[] = [];
  if (isWorker) {
    if (one.vip !== undefined) found.push(fieldNotAllowed(at("vip"), "on workers"));
    vlans.forEach((each, index) => {
      if (each.vip !== undefined) found.push(fieldNotAllowed(at("vlans", index, "vip"), "on workers"));
    });
  }
  if (one.ignore) return found;
  if (name === "" && chosen === undefined) found.push(fieldMissing(at("interface"), "interface or deviceSelector"));
  if (name !== "" && chosen !== undefined)
    found.push(fieldsExclude(at("deviceSelector"), "interface", "deviceSelector"));
  if (
    chosen !== undefined &&
    Object.values(chosen).every((value) => value === undefined || value === "" || value === false)
  ) {
    found.push(fieldMissing(at("deviceSelector"), "at least one property of the device"));
  }
  if (one.bond !== undefined) found.push(...bondProblems(one.bond, (...path) => at("bond", ...path)));
  found.push(...wireguardProblems(one, (...path) => at("wireguard", ...path)));
  const addressed = one.dhcp || one.cidr || addresses.length > 0 || one.vip !== undefined;
  if (owners.has(name) && addressed) {
    const field = one.dhcp ? "dhcp" : one.cidr ? "cidr" : addresses.length > 0 ? "addresses" : "vip";
    found.push(fieldNotAllowed(at(field), "on a link that belongs to a bond or bridge"));
  }
  found.push(...addressProblems(one, at));
  if (one.vip !== undefined && !isHostAddress(one.vip.ip ?? "")) {
    found.push(wrongValue(at("vip", "ip"), one.vip.ip ?? "", "an IP address"));
  }
  vlans.forEach((each, index) => {
    found.push(...addressProblems(each, (...path) => at("vlans", index, ...path)));
  });
  return [...found, ...routeProblems(one, (...path) => at("routes", ...path))];
}

function addressProblems(
  {
    addresses = [],
    cidr = "",
  }: { readonly addresses?: readonly string[] | undefined; readonly cidr?: string | undefined },
  at: At,
): readonly Problem[] {
  const found: Problem[] = [];
  const expected = "an IP address, with its prefix length or without";
  const isRight = (value: string) => isPrefix(value) || isHostAddress(value);
  if (cidr !== "" && addresses.length > 0) found.push(fieldsExclude(at("cidr"), "addresses", "cidr"));
  if (cidr !== "" && !isRight(cidr)) found.push(wrongValue(at("cidr"), cidr, expected));
  addresses.forEach((value, index) => {
    if (!isRight(value)) found.push(wrongValue(at("addresses", index), value, expected));
  });
  return found;
}

function routeProblems({ routes: given = [] }: Device, at: At): readonly Problem[] {
  return given.flatMap(({ network: target = "", gateway = "", source = "" }, index) => {
    const found: Problem[] = [];
    if (target !== "" && !isPrefix(target)) {
      found.push(wrongValue(at(index, "network"), target, "a network with its prefix length, such as 10.0.0.0/8"));
    }
    if (target === "" && gateway === "") found.push(fieldMissing(at(index, "network"), "network or gateway"));
    for (const [field, value] of [["gateway", gateway] as const, ["source", source] as const]) {
      if (value !== "" && !isHostAddress(value)) found.push(wrongValue(at(index, field), value, "an IP address"));
    }
    return found;
  });
}

function wireguardProblems({ wireguard: given }: Device, at: At): readonly Problem[] {
  if (given === undefined) return [];
  const isKey = (key = "") => isBase64(key) && bytesInBase64(key) === 32;
  const found: Problem[] = [];
  if (!isKey(given.privateKey))
    found.push(wrongValue(at("privateKey"), "(hidden)", "a WireGuard key: 32 bytes in base64"));
  (given.peers ?? []).forEach(({ publicKey, endpoint = "", allowedIPs = [] }, index) => {
    if (!isKey(publicKey)) {
      found.push(wrongValue(at("peers", index, "publicKey"), publicKey ?? "", "a WireGuard key: 32 bytes in base64"));
    }
    if (endpoint !== "" && !isHostAndPort(endpoint)) {
      found.push(wrongValue(at("peers", index, "endpoint"), endpoint, "an address and a port"));
    }
    allowedIPs.forEach((one, position) => {
      if (!isPrefix(one)) {
        found.push(wrongValue(at("peers", index, "allowedIPs", position), one, "an address with its prefix length"));
      }
    });
  });
  return found;
}

function kubeSpanProblems({ mtu, filters = {} }: NonNullable<Network["kubespan"]>, at: At): readonly Problem[] {
  const found: Problem[] = [];
  if (mtu !== undefined && mtu !== 0 && mtu < 1280) found.push(wrongValue(at("mtu"), mtu, "at least 1280"));
  (filters.endpoints ?? []).forEach((one, index) => {
    if (!isSubnetFilter(one)) found.push(wrongValue(at("filters", "endpoints", index), one, "a subnet"));
  });
  (filters.excludeAdvertisedNetworks ?? []).forEach((one, index) => {
    if (!isPrefix(one)) found.push(wrongValue(at("filters", "excludeAdvertisedNetworks", index), one, "a subnet"));
  });
  return found;
}
