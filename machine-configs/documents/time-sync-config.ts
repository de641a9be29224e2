import { fieldsExclude, type Problem, wrongValue } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { isHostAddress } from "../rules/addresses";
import { duration, isNegative } from "../rules/durations";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    enabled: z.boolean().optional(),
    bootTimeout: duration().optional(),
    ntp: z.strictObject({ servers: z.array(z.string()).optional(), useNTS: z.boolean().optional() }).optional(),
    ptp: z.strictObject({ devices: z.array(z.string()).optional() }).optional(),
  });

/** Where the machine gets the time from. */
export type TimeSyncFields = FieldsOf<typeof fields>;

export const timeSyncConfig = defineDocument({
  kind: "TimeSyncConfig",
  since: "1.12",
  fields,
  later: [{ since: "1.14", path: ["ntp", "useNTS"] }],
  problems,
});

function problems({ bootTimeout, ntp, ptp }: TimeSyncFields, at: At): readonly Problem[] {
  const found: Problem[] = [];
  if (isNegative(bootTimeout))
    found.push(wrongValue(at("bootTimeout"), bootTimeout, "a duration that is not negative"));
  if (ntp !== undefined && ptp !== undefined) found.push(fieldsExclude(at("ptp"), "ntp", "ptp"));
  for (const [index, server] of (ntp?.useNTS ? (ntp.servers ?? []) : []).entries()) {
    if (isHostAddress(server)) {
      found.push(
        wrongValue(at("ntp", "servers", index), server, "a name, which NTS verifies by the server's certificate"),
      );
    }
  }
  for (const [index, device] of (ntp?.servers ?? []).entries()) {
    if (device.startsWith("/dev/"))
      found.push(wrongValue(at("ntp", "servers", index), device, "a server; devices are in ptp"));
  }
  for (const [index, device] of (ptp?.devices ?? []).entries()) {
    if (!device.startsWith("/dev/"))
      found.push(wrongValue(at("ptp", "devices", index), device, "a path such as /dev/ptp0"));
  }
  return found;
}
