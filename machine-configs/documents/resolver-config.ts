import { fieldMissing, fieldNotAllowed, hostDnsDisabled, type Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { address } from "../rules/addresses";
import { word } from "../rules/values";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    nameservers: z
      .array(
        z.strictObject({
          address: address(),
          protocol: word(["Do53", "DoT", "DoH"]).optional(),
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
export type ResolverFields = FieldsOf<typeof fields>;

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

function problems({ nameservers = [], hostDNS = {} }: ResolverFields, at: At): readonly Problem[] {
  const found = nameservers.flatMap(({ protocol, tlsServerName = "" }, index) => {
    const encrypted = protocol === "DoT" || protocol === "DoH";
    const place = at("nameservers", index, "tlsServerName");
    if (encrypted) return tlsServerName === "" ? [fieldMissing(place, `the server's name for ${protocol}`)] : [];
    return tlsServerName === "" ? [] : [fieldNotAllowed(place, "on a nameserver without TLS")];
  });
  // The generator turns it on, so only what turns it off contradicts.
  if (hostDNS.enabled === false) {
    for (const field of ["forwardKubeDNSToHost", "resolveMemberNames"] as const) {
      if (hostDNS[field]) found.push(hostDnsDisabled(at("hostDNS", field), field));
    }
  }
  return found;
}
