import { defineDocument, type FieldsOf } from "../kind";
import { z } from "../zod";

const fields = () => z.strictObject({ name: z.string().optional(), targetDriver: z.string().optional() });

/** The driver that a PCI device, the document's name, gets instead of its own. */
export type PciDriverRebindFields = FieldsOf<typeof fields>;

export const pciDriverRebindConfig = defineDocument({ kind: "PCIDriverRebindConfig", since: "1.11", fields });
