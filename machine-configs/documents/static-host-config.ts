import { defineDocument, type FieldsOf } from "../kind";
import { address } from "../rules/addresses";
import { z } from "../zod";

const fields = () => z.strictObject({ name: address(), hostnames: z.array(z.string()).min(1) });

/** Names that one address, the document's name, has on the machine. */
export type StaticHostFields = FieldsOf<typeof fields>;

export const staticHostConfig = defineDocument({
  kind: "StaticHostConfig",
  since: "1.12",
  fields,
  ordered: [["hostnames"]],
});
