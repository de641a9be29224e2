import { defineDocument, type FieldsOf } from "../kind";
import { commonLink, hardwareAddress, linkProblems } from "../rules/links";
import { text } from "../rules/values";
import { z } from "../zod";

const fields = () => z.strictObject({ name: text(), hardwareAddr: hardwareAddress().optional(), ...commonLink() });

/** A link without a device behind it. */
export type DummyLinkFields = FieldsOf<typeof fields>;

export const dummyLinkConfig = defineDocument({
  kind: "DummyLinkConfig",
  since: "1.12",
  fields,
  problems: linkProblems,
});
