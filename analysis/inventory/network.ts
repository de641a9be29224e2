import type { VmConfig } from "./vm-config";
import { kept, type LiteralObject, present, together, type VmPart } from "./vm-part";

/** Network cards, and what cloud-init was told about their addresses. */
export function networkOf(config: VmConfig, hasCloudInit: boolean): VmPart {
  const keys = config.numbered("net");
  const cards = keys.map(([key]) => cardOf(config, key));
  return together([
    hasGap(keys) || cards.some(({ isKnown }) => !isKnown)
      ? together([{ props: { networkDevices: [] } }, kept(namesOf(keys), "inexact", "network_device")])
      : cardsAsCode(config, cards, hasCloudInit),
    cloudInitLeft(config),
  ]);
}

/** As props where these say all, as a list of the resource otherwise. */
function cardsAsCode(config: VmConfig, cards: readonly Card[], hasCloudInit: boolean): VmPart {
  return cards.every(({ hasProps }) => hasProps)
    ? {
        props: {
          networkDevices: cards.map(({ props }, index) => ({ ...props, ...addressOf(config, index, hasCloudInit) })),
        },
      }
    : {
        props: { networkDevices: [] },
        statements: [{ call: "putNetworkDevice", with: cards.map(({ resource }) => resource) }],
      };
}

type Keys = readonly (readonly [key: string, index: number])[];

function hasGap(keys: Keys): boolean {
  return keys.some(([, index], position) => index !== position);
}

function namesOf(keys: Keys): string[] {
  return keys.map(([key]) => key);
}

interface Card {
  /** As the resource has it. */
  readonly resource: LiteralObject;
  /** As a prop. */
  readonly props: LiteralObject;
  /** Whether the prop says all. */
  readonly hasProps: boolean;
  /** Whether the provider takes it. */
  readonly isKnown: boolean;
}

/** The models of cards that the provider knows. */
const models = ["virtio", "e1000", "e1000e", "rtl8139", "vmxnet3"];

function cardOf(config: VmConfig, key: string): Card {
  const text = config.parts(key, "model");
  const named = models.find((one) => text?.value(one) !== undefined);
  const model = named ?? text?.text("model") ?? "";
  const macAddress = text?.text(named ?? "macaddr");
  const bridge = text?.text("bridge") ?? "";
  const trunks = text?.text("trunks") ?? "";
  const mtu = text?.number("mtu");
  const rate = text?.number("rate") || undefined;
  const disconnected = text?.flag("link_down") || undefined;
  const common = {
    bridge,
    macAddress,
    vlanId: text?.number("tag"),
    queues: text?.number("queues") || undefined,
    firewall: text?.flag("firewall") || undefined,
  };
  return {
    resource: present({ ...common, model, mtu, rateLimit: rate, trunks: trunks || undefined, disconnected }),
    props: present({
      ...common,
      trunks: trunks === "" ? undefined : trunks.split(";").map(Number),
      mtu: mtu === 1 ? "bridge" : mtu,
      rateLimitMBps: rate,
    }),
    hasProps: model === "virtio" && disconnected === undefined,
    isKnown: models.includes(model) && /^[a-z][\w.-]{0,14}$/i.test(bridge) && /^(\d+(;\d+)*)?$/.test(trunks),
  };
}

/** Nothing if a new VM would be refused with it, or would hear something else; one without a drive never heard of it. */
function addressOf(config: VmConfig, index: number, hasCloudInit: boolean): LiteralObject {
  const key = `ipconfig${index}`;
  const text = config.value(key) ?? "";
  const [, address, gateway] = /^ip=([\d.]+\/\d+)(?:,gw=([\d.]+))?$/.exec(text) ?? [];
  const isStatic = address !== undefined && isHost(address, gateway);
  if (!hasCloudInit || !(isStatic || text === "ip=dhcp")) {
    return {};
  }
  config.text(key);
  return { ipv4: isStatic ? present({ address, gateway }) : "dhcp" };
}

/** Whether it is an address of a host, and the gateway one of the same network. */
function isHost(cidr: string, gateway: string | undefined): boolean {
  const [address = "", length = ""] = cidr.split("/");
  const prefix = Number(length);
  const [host, router] = [numberOf(address), gateway === undefined ? undefined : numberOf(gateway)];
  if (host === undefined || prefix > 32 || (gateway !== undefined && router === undefined)) {
    return false;
  }
  const size = 2 ** (32 - prefix);
  const network = Math.floor(host / size);
  const isEdge = prefix < 31 && (host % size === 0 || host % size === size - 1);
  return !isEdge && (router === undefined || (Math.floor(router / size) === network && router !== host));
}

function numberOf(address: string): number | undefined {
  const bytes = address.split(".").map(Number);
  const isAddress = bytes.length === 4 && bytes.every((byte) => byte <= 255);
  return isAddress ? bytes.reduce((number, byte) => number * 256 + byte, 0) : undefined;
}

/** The rest of what cloud-init was told, which it reads when a machine is set up. */
function cloudInitLeft(config: VmConfig): VmPart {
  const addresses = config.numbered("ipconfig").map(([key]) => key);
  const told = ["cicustom", "citype", "ciupgrade", "nameserver", "searchdomain", ...addresses];
  return {
    left: [
      ...taken(config, ["ciuser", "cipassword", "sshkeys"]).map((key) => [key, "mayBeSecret"] as const),
      ...taken(config, told).map((key) => [key, "started"] as const),
    ],
  };
}

/** Those of some settings that there are. */
function taken(config: VmConfig, keys: readonly string[]): string[] {
  return keys.flatMap((key) => (config.text(key) === undefined ? [] : [key]));
}
