import { type Problem, wrongValue } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { isHostAddress, prefix } from "../rules/addresses";
import { duration, isNegative } from "../rules/durations";
import { commonLink, linkProblems } from "../rules/links";
import { bytesInBase64, isBase64 } from "../rules/values";
import { z } from "../zod";

const wireguardKey = () =>
  z.string().refine((key) => isBase64(key) && bytesInBase64(key) === 32, "a WireGuard key: 32 bytes in base64");

const endpoint = () =>
  z.string().refine((text) => {
    const [, six, four, port = ""] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
    return text === "" || (isHostAddress(six ?? four ?? "") && Number(port) <= 65535);
  }, "an address and a port, such as 10.0.0.1:51820");

const fields = () =>
  z.strictObject({
    name: z.string().min(1),
    privateKey: wireguardKey(),
    listenPort: z.int().min(0).max(65535).optional(),
    firewallMark: z.int().optional(),
    peers: z
      .array(
        z.strictObject({
          publicKey: wireguardKey(),
          presharedKey: wireguardKey().or(z.literal("")).optional(),
          endpoint: endpoint().optional(),
          persistentKeepaliveInterval: duration().optional(),
          allowedIPs: z.array(prefix()).optional(),
        }),
      )
      .optional(),
    ...commonLink(),
  });

/** A WireGuard link to peers. */
export type WireguardFields = FieldsOf<typeof fields>;

export const wireguardConfig = defineDocument({
  kind: "WireguardConfig",
  since: "1.12",
  fields,
  secrets: [["privateKey"], ["peers", "*", "presharedKey"]],
  problems,
});

function problems(wireguard: WireguardFields, at: At): readonly Problem[] {
  const backwards = (wireguard.peers ?? []).flatMap(({ persistentKeepaliveInterval: interval }, index) =>
    isNegative(interval)
      ? [wrongValue(at("peers", index, "persistentKeepaliveInterval"), interval, "a duration that is not negative")]
      : [],
  );
  return [...backwards, ...linkProblems(wireguard, at)];
}
