import { defineDocument, type FieldsOf } from "../kind";
import { dhcp, dhcpProblems } from "../rules/dhcp";
import { z } from "../zod";

const fields = () => z.strictObject({ ...dhcp(), ignoreRoutes: z.boolean().optional() });

/** DHCP for IPv4 on one link, the document's name. */
export type Dhcp4Fields = FieldsOf<typeof fields>;

export const dhcp4Config = defineDocument({
  kind: "DHCPv4Config",
  since: "1.12",
  fields,
  later: [{ since: "1.14", path: ["ignoreRoutes"] }],
  problems: dhcpProblems,
});
