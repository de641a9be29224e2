import { defineDocument, type FieldsOf } from "../kind";
import { address } from "../rules/addresses";
import { text } from "../rules/values";
import { z } from "../zod";

const fields = () => z.strictObject({ name: address(), link: text() });

/** An address, the document's name, that one of the control planes answers for. Depends on etcd. */
export type Layer2VipFields = FieldsOf<typeof fields>;

export const layer2VipConfig = defineDocument({ kind: "Layer2VIPConfig", since: "1.12", fields });
