/** Moves of `machine.network.interfaces`: one interface becomes a link, its VLANs, DHCP and a shared address. */
import { createHash } from "node:crypto";
import { aliasOfOneLink, defaultDhcpEnds } from "../../errors";
import type { TalosDocument } from "../document";
import { bondConfig } from "../documents/bond-config";
import { bridgeConfig } from "../documents/bridge-config";
import { dhcp4Config } from "../documents/dhcp4-config";
import { dhcp6Config } from "../documents/dhcp6-config";
import { dummyLinkConfig } from "../documents/dummy-link-config";
import { hcloudVipConfig } from "../documents/hcloud-vip-config";
import { layer2VipConfig } from "../documents/layer2-vip-config";
import { linkAliasConfig } from "../documents/link-alias-config";
import { linkConfig } from "../documents/link-config";
import { vlanConfig } from "../documents/vlan-config";
import { wireguardConfig } from "../documents/wireguard-config";
import { cardDocuments } from "../links";
import { addressOf, isHostAddress, isUnspecified } from "../rules/addresses";
import { becomes, type Move, move, type Outcome, type Scope, undecided, type ValueOf, withoutDocument } from "./move";

type Device = ValueOf<"machine.network.interfaces.*">;
type Vlan = ValueOf<"machine.network.interfaces.*.vlans.*">;
type Selector = NonNullable<Device["deviceSelector"]>;

export const linkMoves: readonly Move[] = [
  move(
    "machine.network.interfaces.*",
    [
      "LinkConfig",
      "LinkAliasConfig",
      "BondConfig",
      "BridgeConfig",
      "VLANConfig",
      "DummyLinkConfig",
      "WireguardConfig",
      "DHCPv4Config",
      "DHCPv6Config",
      "Layer2VIPConfig",
      "HCloudVIPConfig",
    ],
    interfaceOutcome,
  ),
];

function interfaceOutcome(device: Device, { whole }: Scope): Outcome {
  const { interface: given = "", deviceSelector, bond, bridge, vlans = [] } = device;
  const selectors = [...(deviceSelector === undefined ? [] : [deviceSelector]), ...(bond?.deviceSelectors ?? [])];
  const name = deviceSelector === undefined ? given : aliasOf(deviceSelector);
  return (
    reasonToStay(device) ??
    becomes(
      [
        linkDocument(name, device, whole),
        // The section brings the cards of a bridge up, and its document does not; other links are up by what makes them.
        ...(bridge?.interfaces ?? []).flatMap(cardDocuments),
        ...selectors.map((one) =>
          linkAliasConfig.build({ name: aliasOf(one), selector: { match: expressionOf(one) } }),
        ),
        ...dhcpDocuments(name, device),
        ...vipDocuments(name, device.vip),
        ...vlans.flatMap((vlan) => vlanDocuments(name, vlan)),
      ],
      defaultDhcpEnds,
      ...(selectors.every(isOfOneLink) ? [] : [aliasOfOneLink]),
    )
  );
}

/** What no document says, or not without somebody who knows the machine. */
function reasonToStay(device: Device): Outcome | undefined {
  const { deviceSelector, ignore, bridgePort, bond, vip, vlans = [] } = device;
  if (ignore) return withoutDocument("Keep the section, which Talos still reads, or delete it.");
  if (bridgePort !== undefined) return undecided("Put the link into the links of the bridge's BridgeConfig.");
  if (bond?.primary) return withoutDocument("Delete bond.primary, or keep the section, which Talos still reads.");
  if (bond?.deviceSelectors?.some(({ permanentAddr = "*" }) => permanentAddr.includes("*"))) {
    return undecided("Select each link of the bond by its permanentAddr, which a bond does not change.");
  }
  if ([vip, ...vlans.map((vlan) => vlan.vip)].some((one) => one?.equinixMetal !== undefined)) {
    return withoutDocument("Delete the shared address, or keep the section, which Talos still reads.");
  }
  if (deviceSelector !== undefined && vlans.length > 0) {
    return undecided("Give each VLAN as a VLANConfig with a name; so far it was named after the link that is found.");
  }
  if (deviceSelector?.physical === false) {
    return undecided("Select the link by its address: only physical links are given other names.");
  }
  const routes = [device, ...vlans].flatMap((link) => link.routes ?? []);
  if (routes.some(({ network = "", gateway = "" }) => isEverywhere(network) && gateway === "")) {
    return undecided("Give the default route a gateway, which says of which family it is.");
  }
  return undefined;
}

/** The document of the link itself, whatever it is. */
function linkDocument(name: string, device: Device, whole: boolean): TalosDocument {
  const { bond, bridge, wireguard, dummy } = device;
  const link = { name, ...commonFields(device) };
  if (bond !== undefined) return bondDocument(bond, link, whole);
  if (bridge !== undefined) {
    return bridgeConfig.build({
      links: bridge.interfaces,
      // Where the section is silent, Talos turns the protocol on; where the document is, it does not.
      stp: { enabled: bridge.stp?.enabled ?? true },
      vlan: bridge.vlan && { filtering: bridge.vlan.vlanFiltering },
      ...link,
    });
  }
  if (wireguard !== undefined) {
    const { privateKey = "", peers, ...rest } = wireguard;
    const named = peers?.map(({ publicKey = "", ...peer }) => ({ publicKey, ...peer }));
    return wireguardConfig.build({ privateKey, peers: named, ...rest, ...link });
  }
  return dummy ? dummyLinkConfig.build(link) : linkConfig.build(link);
}

function bondDocument(
  bond: NonNullable<Device["bond"]>,
  link: { readonly name: string },
  whole: boolean,
): TalosDocument {
  const { mode, interfaces, deviceSelectors, resendIgmp, tlbDynamicLb, peerNotifyDelay, ...same } = bond;
  return {
    apiVersion: "v1alpha1",
    kind: bondConfig.kind,
    ...Object.fromEntries(Object.entries(same).filter(([, value]) => value !== "")),
    links: interfaces ?? deviceSelectors?.map(aliasOf),
    // A patch without a mode leaves that of another one.
    bondMode: mode || (whole ? "balance-rr" : undefined),
    resendIGMP: resendIgmp,
    tlbLogicalLb: tlbDynamicLb,
    peerNotifDelay: peerNotifyDelay,
    ...link,
  };
}

/** What links of all kinds have. */
function commonFields({
  addresses = [],
  cidr,
  routes = [],
  mtu,
}: Pick<Device, "addresses" | "cidr" | "routes" | "mtu">) {
  const all = cidr ? [cidr] : addresses;
  return {
    mtu: mtu || undefined,
    addresses: all.length === 0 ? undefined : all.map((address) => ({ address: withLength(address) })),
    routes: routes.length === 0 ? undefined : routes.map(routeOf),
  };
}

/** A default route is one without a destination. */
function routeOf({ network = "", ...route }: NonNullable<Device["routes"]>[number]) {
  return { destination: isEverywhere(network) ? undefined : network || undefined, ...route };
}

function isEverywhere(network: string): boolean {
  return network.endsWith("/0") && isUnspecified(addressOf(network));
}

/** An address without a length is one of a network of its own. */
function withLength(address: string): string {
  return isHostAddress(address) ? `${address}/${address.includes(":") ? 128 : 32}` : address;
}

/** DHCP runs where it was turned on, and nowhere else. */
function dhcpDocuments(name: string, { dhcp, dhcpOptions = {} }: Pick<Device, "dhcp" | "dhcpOptions">) {
  if (!dhcp) return [];
  const { ipv4 = true, ipv6 = false, routeMetric, duidv6 = "" } = dhcpOptions;
  // The section sends no identifier and the document, if it is silent, the hardware address: servers know the difference.
  const common = { name, routeMetric: routeMetric || undefined, clientIdentifier: "none" } as const;
  const identifier = duidv6 === "" ? {} : ({ clientIdentifier: "duid", duidRaw: withColons(duidv6) } as const);
  return [
    ...(ipv4 ? [dhcp4Config.build(common)] : []),
    ...(ipv6 ? [dhcp6Config.build({ ...common, ...identifier })] : []),
  ];
}

function withColons(hexadecimal: string): string {
  return hexadecimal.replaceAll(":", "").replaceAll(/(..)(?=.)/g, "$1:");
}

function vipDocuments(link: string, vip: Device["vip"]): readonly TalosDocument[] {
  if (vip === undefined) return [];
  const { ip: name = "", hcloud } = vip;
  return [
    hcloud === undefined
      ? layer2VipConfig.build({ name, link })
      : hcloudVipConfig.build({ name, link, apiToken: hcloud.apiToken ?? "" }),
  ];
}

function vlanDocuments(parent: string, vlan: Vlan): readonly TalosDocument[] {
  const { vlanId: vlanID = 0 } = vlan;
  const name = vlanName(parent, vlanID);
  return [
    vlanConfig.build({ name, vlanID, parent, ...commonFields(vlan) }),
    ...dhcpDocuments(name, vlan),
    ...vipDocuments(name, vlan.vip),
  ];
}

/** The name that Talos gives to the link of a VLAN, of at most fifteen letters. */
function vlanName(parent: string, id: number): string {
  if (parent.length <= 10) return `${parent}.${id}`;
  const hash = createHash("sha256").update(parent).digest("hex");
  return `${parent.slice(0, 4)}${hash.slice(0, 6)}.${id}`;
}

/** By what a link is selected, and how an expression asks for it. */
const SELECTORS = [
  { field: "hardwareAddr", name: "mac", asked: "mac(link.hardware_addr)", ofOneLink: true },
  { field: "permanentAddr", name: "permanent-mac", asked: "mac(link.permanent_addr)", ofOneLink: true },
  { field: "busPath", name: "bus", asked: "link.bus_path", ofOneLink: true },
  { field: "pciID", name: "pci", asked: "link.pciid", ofOneLink: false },
  { field: "driver", name: "driver", asked: "link.driver", ofOneLink: false },
] as const;

/** Whether a selector can only find one link; the others may find several, to all of which the section applied. */
function isOfOneLink(selector: Selector): boolean {
  return SELECTORS.some(({ field, ofOneLink }) => ofOneLink && selector[field] && !selector[field].includes("*"));
}

/** A name that follows from the selector, so that all patches for a link find it. */
function aliasOf(selector: Selector): string {
  const parts = SELECTORS.flatMap(({ field, name }) => (selector[field] ? [`${name}-${slug(selector[field])}`] : []));
  return parts.length === 0 ? "physical" : parts.join("-");
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll("*", "any")
    .replaceAll(":", "")
    .replaceAll(/[^a-z0-9]+/g, "-");
}

function expressionOf(selector: Selector): string {
  const parts = SELECTORS.flatMap(({ field, asked }) => {
    const value = selector[field];
    if (!value) return [];
    const text = JSON.stringify(field.endsWith("Addr") ? value.toLowerCase() : value);
    return [value.includes("*") ? `glob(${text}, ${asked})` : `${asked} == ${text}`];
  });
  // Other names are given to physical links only.
  return parts.length === 0 ? 'link.kind == ""' : parts.join(" && ");
}
