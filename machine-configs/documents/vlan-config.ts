import { defineDocument, type FieldsOf } from "../kind";
import { commonLink, linkProblems } from "../rules/links";
import { text, word } from "../rules/values";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    name: text(),
    vlanID: z.int().min(1).max(4094),
    vlanMode: word(["802.1q", "802.1ad"]).optional(),
    parent: text(),
    ...commonLink(),
  });

/** A VLAN on a link that carries several. */
export type VlanFields = FieldsOf<typeof fields>;

export const vlanConfig = defineDocument({ kind: "VLANConfig", since: "1.12", fields, problems: linkProblems });
