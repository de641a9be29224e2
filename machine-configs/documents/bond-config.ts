import { defineDocument, type FieldsOf } from "../kind";
import { address } from "../rules/addresses";
import { commonLink, hardwareAddress, linkProblems } from "../rules/links";
import { exactly, text, uint8, uint16, uint32, word } from "../rules/values";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    name: text(),
    hardwareAddr: hardwareAddress().optional(),
    links: z.array(z.string()).min(1),
    bondMode: word([
      "balance-rr",
      "active-backup",
      "balance-xor",
      "broadcast",
      "802.3ad",
      "balance-tlb",
      "balance-alb",
    ]),
    miimon: uint32().optional(),
    updelay: uint32().optional(),
    downdelay: uint32().optional(),
    useCarrier: z.boolean().optional(),
    xmitHashPolicy: word(["layer2", "layer3+4", "layer2+3", "encap2+3", "encap3+4"]).optional(),
    arpInterval: uint32().optional(),
    arpIpTargets: z.array(address()).optional(),
    nsIp6Targets: z.array(address()).optional(),
    arpValidate: word(["none", "active", "backup", "all", "filter", "filter-active", "filter-backup"]).optional(),
    arpAllTargets: word(["any", "all"]).optional(),
    lacpRate: word(["slow", "fast"]).optional(),
    failOverMac: exactly(["none", "active", "follow"]).optional(),
    adSelect: word(["stable", "bandwidth", "count"]).optional(),
    adActorSysPrio: uint16().optional(),
    adUserPortKey: uint16().optional(),
    adLACPActive: word(["on", "off"]).optional(),
    primaryReselect: word(["always", "better", "failure"]).optional(),
    resendIGMP: uint32().optional(),
    minLinks: uint32().optional(),
    lpInterval: uint32().optional(),
    packetsPerSlave: uint32().optional(),
    numPeerNotif: uint8().optional(),
    tlbLogicalLb: uint8().optional(),
    allSlavesActive: uint8().optional(),
    peerNotifDelay: uint32().optional(),
    missedMax: uint8().optional(),
    ...commonLink(),
  });

/** Several links that act as one. */
export type BondFields = FieldsOf<typeof fields>;

export const bondConfig = defineDocument({ kind: "BondConfig", since: "1.12", fields, problems: linkProblems });
