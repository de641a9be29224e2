import { fieldMissing, hostnameNeedsAutoOff, hostnameTooLong, type Problem } from "../../errors";
import type { At } from "../document";
import { type DocumentScope, defineDocument, type FieldsOf } from "../kind";
import { word } from "../rules/values";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    hostname: z.string().optional(),
    auto: word(["stable", "off"]).optional(),
  });

/** The machine's hostname, given or derived from the machine. */
export type HostnameFields = FieldsOf<typeof fields>;

export const hostnameConfig = defineDocument({
  kind: "HostnameConfig",
  since: "1.12",
  fields,
  replaces: [["machine", "network", "hostname"]],
  problems,
});

function problems({ hostname = "", auto }: HostnameFields, at: At, { complete }: DocumentScope): readonly Problem[] {
  if (hostname === "")
    return complete && auto === undefined ? [fieldMissing(at("hostname"), "a hostname, or auto")] : [];
  const found: Problem[] = [];
  // The generator writes `auto: stable`, which stays unless the document says otherwise, and excludes a hostname.
  if (complete ? auto === "stable" : auto !== "off") found.push(hostnameNeedsAutoOff(at("auto"), hostname));
  if (!/^[^.]{1,63}(?:\.|$)/.test(hostname) || hostname.length > 253) {
    found.push(hostnameTooLong(at("hostname"), hostname));
  }
  return found;
}
