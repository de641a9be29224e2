import { type Problem, wrongValue } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { isQualifiedName } from "../rules/node";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    name: z.string().refine(isQualifiedName, "a name of at most 63 letters, digits, - _ ."),
    content: z.string().optional(),
  });

/** A part of containerd's configuration, in TOML. Parts are merged in the order of their names. */
export type CriCustomizationFields = FieldsOf<typeof fields>;

export const criCustomizationConfig = defineDocument({
  kind: "CRICustomizationConfig",
  since: "1.14",
  fields,
  secrets: [["content"]],
  problems,
});

function problems({ name }: CriCustomizationFields, at: At): readonly Problem[] {
  return name === "customization" ? [wrongValue(at("name"), name, "another name; Talos uses this one itself")] : [];
}
