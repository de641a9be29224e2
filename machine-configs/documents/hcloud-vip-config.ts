import * as z from "zod";
import { defineDocument } from "../kind";
import { address } from "../rules/addresses";
import { text } from "../rules/values";

const fields = () => z.strictObject({ name: address(), link: text(), apiToken: text() });

/** An address, the document's name, that Hetzner Cloud gives to one of the control planes. */
export type HCloudVipFields = z.infer<ReturnType<typeof fields>>;

export const hcloudVipConfig = defineDocument({
  kind: "HCloudVIPConfig",
  since: "1.12",
  fields,
  secrets: [["apiToken"]],
});
