import { defineDocument, type FieldsOf } from "../kind";
import { dhcp, dhcpProblems } from "../rules/dhcp";
import { z } from "../zod";

const fields = () => z.strictObject(dhcp());

/** DHCP for IPv6 on one link, the document's name. */
export type Dhcp6Fields = FieldsOf<typeof fields>;

export const dhcp6Config = defineDocument({ kind: "DHCPv6Config", since: "1.12", fields, problems: dhcpProblems });
