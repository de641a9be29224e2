/** Bonds of the v1alpha1 document, whose options depend on the mode. */

import { fieldMissing, fieldNotAllowed, type Problem, wrongValue } from "../../../errors";
import type { At } from "../../document";
import type { FieldsOf } from "../../kind";
import { uint8, uint16, uint32 } from "../../rules/values";
import { z } from "../../zod";

/** By what a device is chosen. */
export const deviceSelector = () =>
  z.strictObject({
    busPath: z.string().optional(),
    hardwareAddr: z.string().optional(),
    permanentAddr: z.string().optional(),
    pciID: z.string().optional(),
    driver: z.string().optional(),
    physical: z.boolean().optional(),
  });

/** The schema of a bond. */
export const bond = () =>
  z.strictObject({
    interfaces: z.array(z.string()).optional(),
    deviceSelectors: z.array(deviceSelector()).optional(),
    arpIPTarget: z.array(z.string()).optional(),
    mode: z.string().optional(),
    xmitHashPolicy: z.string().optional(),
    lacpRate: z.string().optional(),
    adActorSystem: z.string().optional(),
    arpValidate: z.string().optional(),
    arpAllTargets: z.string().optional(),
    primary: z.string().optional(),
    primaryReselect: z.string().optional(),
    failOverMac: z.string().optional(),
    adSelect: z.string().optional(),
    miimon: uint32().optional(),
    updelay: uint32().optional(),
    downdelay: uint32().optional(),
    arpInterval: uint32().optional(),
    resendIgmp: uint32().optional(),
    minLinks: uint32().optional(),
    lpInterval: uint32().optional(),
    packetsPerSlave: uint32().optional(),
    numPeerNotif: uint8().optional(),
    tlbDynamicLb: uint8().optional(),
    allSlavesActive: uint8().optional(),
    useCarrier: z.boolean().optional(),
    adActorSysPrio: uint16().optional(),
    adUserPortKey: uint16().optional(),
    peerNotifyDelay: uint32().optional(),
  });

type Bond = FieldsOf<typeof bond>;

/** The words of each option; the empty one stands for the default. */
const WORDS = {
  xmitHashPolicy: ["layer2", "layer3+4", "layer2+3", "encap2+3", "encap3+4"],
  lacpRate: ["slow", "fast"],
  arpValidate: ["none", "active", "backup", "all", "filter", "filter-active", "filter-backup"],
  arpAllTargets: ["any", "all"],
  primaryReselect: ["always", "better", "failure"],
  failOverMac: ["none", "active", "follow"],
  adSelect: ["stable", "bandwidth", "count"],
} as const;

const MODES = ["balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb"];

/** What is wrong with a bond. */
export function bondProblems(given: Bond, at: At): readonly Problem[] {
  const { mode = "" } = given;
  const found: Problem[] = [];
  if (mode !== "" && !MODES.includes(mode)) found.push(wrongValue(at("mode"), mode, `one of ${MODES.join(", ")}`));
  for (const [field, words] of entriesOf(WORDS)) {
    const word = given[field] ?? "";
    if (word !== "" && !words.some((one) => one === word)) {
      found.push(wrongValue(at(field), word, `one of ${words.join(", ")}`));
    }
  }
  for (const field of ["arpIPTarget", "adActorSystem"] as const) {
    if ((given[field]?.length ?? 0) > 0) found.push(fieldNotAllowed(at(field), "on any bond"));
  }
  return [...found, ...delayProblems(given, at), ...modeProblems(given, mode || "balance-rr", at)];
}

function delayProblems({ miimon = 0, ...delays }: Bond, at: At): readonly Problem[] {
  return (["updelay", "downdelay"] as const).flatMap((field) => {
    const delay = delays[field] ?? 0;
    if (delay === 0) return [];
    if (miimon === 0) return [fieldMissing(at("miimon"), `an interval, of which ${field} is a multiple`)];
    return delay % miimon === 0 ? [] : [wrongValue(at(field), delay, `a multiple of miimon, ${miimon}`)];
  });
}

/** Options that exist in some modes only. */
function modeProblems(given: Bond, mode: string, at: At): readonly Problem[] {
  const lacp = mode === "802.3ad";
  const balancing = mode === "balance-tlb" || mode === "balance-alb";
  const wrong: readonly (readonly [field: keyof Bond, isSet: boolean, isAllowed: boolean])[] = [
    ["lacpRate", Boolean(given.lacpRate), lacp],
    ["arpValidate", Boolean(given.arpValidate), !lacp && !balancing],
    ["primary", Boolean(given.primary), mode === "active-backup" || balancing],
    ["arpInterval", (given.arpInterval ?? 0) > 0, !lacp && !balancing],
    ["packetsPerSlave", (given.packetsPerSlave ?? 0) > 1, mode === "balance-rr"],
    ["tlbDynamicLb", (given.tlbDynamicLb ?? 0) > 0, balancing],
    ["adActorSysPrio", (given.adActorSysPrio ?? 0) > 0, lacp],
    ["adUserPortKey", (given.adUserPortKey ?? 0) > 0, lacp],
  ];
  return wrong.flatMap(([field, isSet, isAllowed]) =>
    isSet && !isAllowed ? [fieldNotAllowed(at(field), `in the mode ${mode}`)] : [],
  );
}

function entriesOf<Key extends string, Value>(map: Readonly<Record<Key, Value>>): readonly (readonly [Key, Value])[] {
  const keys: readonly Key[] = Object.keys(map).filter((key): key is Key => key in map);
  return keys.map((key) => [key, map[key]] as const);
}
