import * as z from "zod";
import { defineDocument } from "../kind";
import { dhcp, dhcpProblems } from "../rules/dhcp";

const fields = () => z.strictObject(dhcp());

/** DHCP for IPv6 on one link, the document's name. */
export type Dhcp6Fields = z.infer<ReturnType<typeof fields>>;

export const dhcp6Config = defineDocument({ kind: "DHCPv6Config", since: "1.12", fields, problems: dhcpProblems });
