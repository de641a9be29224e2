import * as z from "zod";
import { defineDocument } from "../kind";
import { dhcp, dhcpProblems } from "../rules/dhcp";

const fields = () => z.strictObject({ ...dhcp(), ignoreRoutes: z.boolean().optional() });

/** DHCP for IPv4 on one link, the document's name. */
export type Dhcp4Fields = z.infer<ReturnType<typeof fields>>;

export const dhcp4Config = defineDocument({
  kind: "DHCPv4Config",
  since: "1.12",
  fields,
  later: [{ since: "1.14", path: ["ignoreRoutes"] }],
  problems: dhcpProblems,
});
