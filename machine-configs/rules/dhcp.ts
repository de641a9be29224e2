/** What DHCP has for IPv4 and IPv6 alike. */

import { fieldMissing, fieldNotAllowed, type Problem } from "../../errors";
import type { At } from "../document";
import { z } from "../zod";
import { text, uint32, word } from "./values";

/** The fields of a DHCP client. */
export const dhcp = () => ({
  name: text(),
  routeMetric: uint32().optional(),
  ignoreHostname: z.boolean().optional(),
  clientIdentifier: word(["none", "mac", "duid"]).optional(),
  duidRaw: z
    .string()
    .refine((value) => /^(?:[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2})*)?$/.test(value), "bytes in hexadecimal with colons")
    .optional(),
});

/** What is wrong with how a client identifies itself. */
export function dhcpProblems(
  {
    clientIdentifier,
    duidRaw = "",
  }: { readonly clientIdentifier?: string | undefined; readonly duidRaw?: string | undefined },
  at: At,
): readonly Problem[] {
  const isDuid = clientIdentifier === "duid";
  if (isDuid && duidRaw === "") return [fieldMissing(at("duidRaw"), "the identifier in hexadecimal")];
  if (!isDuid && duidRaw !== "") return [fieldNotAllowed(at("duidRaw"), 'without clientIdentifier "duid"')];
  return [];
}
