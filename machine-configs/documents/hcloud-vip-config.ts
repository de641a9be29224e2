import { defineDocument, type FieldsOf } from "../kind";
import { address } from "../rules/addresses";
import { text } from "../rules/values";
import { z } from "../zod";

const fields = () => z.strictObject({ name: address(), link: text(), apiToken: text() });

/** An address, the document's name, that Hetzner Cloud gives to one of the control planes. */
export type HCloudVipFields = FieldsOf<typeof fields>;

export const hcloudVipConfig = defineDocument({
  kind: "HCloudVIPConfig",
  since: "1.12",
  fields,
  secrets: [["apiToken"]],
});
