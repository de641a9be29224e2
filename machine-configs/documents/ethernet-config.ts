import { defineDocument, type FieldsOf } from "../kind";
import { text, uint32 } from "../rules/values";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    name: text(),
    features: z.record(z.string(), z.boolean()).optional(),
    rings: z
      .strictObject({
        rx: uint32().optional(),
        tx: uint32().optional(),
        "rx-mini": uint32().optional(),
        "rx-jumbo": uint32().optional(),
        "rx-buf-len": uint32().optional(),
        "cqe-size": uint32().optional(),
        "tx-push": z.boolean().optional(),
        "rx-push": z.boolean().optional(),
        "tx-push-buf-len": uint32().optional(),
        "tcp-data-split": z.boolean().optional(),
      })
      .optional(),
    channels: z
      .strictObject({
        rx: uint32().optional(),
        tx: uint32().optional(),
        other: uint32().optional(),
        combined: uint32().optional(),
      })
      .optional(),
    wakeOnLan: z.array(wakeOnLanMode()).optional(),
  });

const wakeOnLanMode = () =>
  z.string().refine((mode) => WAKE_ON_LAN.includes(mode.toLowerCase()), `one of ${WAKE_ON_LAN.join(", ")}`);

const WAKE_ON_LAN = ["phy", "unicast", "multicast", "broadcast", "arp", "magic", "magicsecure", "filter"];

/** What the card of a link does: features, rings, channels. */
export type EthernetFields = FieldsOf<typeof fields>;

export const ethernetConfig = defineDocument({
  kind: "EthernetConfig",
  since: "1.11",
  fields,
  later: [{ since: "1.12", path: ["wakeOnLan"] }],
});
