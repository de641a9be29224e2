import * as z from "zod";
import { fieldMissing, type Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument } from "../kind";
import { AN_ADDRESS, isAddress } from "../rules/addresses";

const fields = z.strictObject({
  nameservers: z
    .array(
      z.strictObject({
        address: z.string().refine(isAddress, AN_ADDRESS),
        protocol: z.enum(["Do53", "DoT", "DoH"]).optional(),
        tlsServerName: z.string().optional(),
      }),
    )
    .optional(),
  searchDomains: z
    .strictObject({ domains: z.array(z.string()).optional(), disableDefault: z.boolean().optional() })
    .optional(),
  hostDNS: z
    .strictObject({
      enabled: z.boolean().optional(),
      forwardKubeDNSToHost: z.boolean().optional(),
      resolveMemberNames: z.boolean().optional(),
    })
    .optional(),
});

/** Nameservers and search domains. Since 1.13, nameservers given here replace those from DHCP and the platform. */
export type ResolverFields = z.infer<typeof fields>;

export const resolverConfig = defineDocument({
  kind: "ResolverConfig",
  since: "1.12",
  fields,
  later: [
    { since: "1.14", path: ["nameservers", "*", "protocol"] },
    { since: "1.14", path: ["nameservers", "*", "tlsServerName"] },
    { since: "1.14", path: ["hostDNS"] },
  ],
  problems,
});

function problems({ nameservers = [] }: ResolverFields, at: At): readonly Problem[] {
  return nameservers.flatMap(({ protocol, tlsServerName }, index) => {
    const encrypted = protocol === "DoT" || protocol === "DoH";
    const place = at("nameservers", index, "tlsServerName");
    return encrypted && tlsServerName === undefined ? [fieldMissing(place, `the server's name for ${protocol}`)] : [];
  });
}
