import * as z from "zod";
import { defineDocument } from "../kind";
import { AN_ADDRESS, isAddress } from "../rules/addresses";

const fields = z.strictObject({
  name: z.string().refine(isAddress, AN_ADDRESS),
  link: z.string().min(1),
});

/** An address, the document's name, that one of the control planes answers for. Depends on etcd. */
export type Layer2VipFields = z.infer<typeof fields>;

export const layer2VipConfig = defineDocument({ kind: "Layer2VIPConfig", since: "1.12", fields });
