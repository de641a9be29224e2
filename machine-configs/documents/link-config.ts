import { defineDocument, type FieldsOf } from "../kind";
import { commonLink, linkProblems } from "../rules/links";
import { text } from "../rules/values";
import { z } from "../zod";

const fields = () => z.strictObject({ name: text(), ...commonLink() });

/** A physical link: its addresses and routes. With any such document, Talos leaves all others down. */
export type LinkFields = FieldsOf<typeof fields>;

export const linkConfig = defineDocument({ kind: "LinkConfig", since: "1.12", fields, problems: linkProblems });
