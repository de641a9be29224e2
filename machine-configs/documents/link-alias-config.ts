import { type Problem, wrongValue } from "../../errors";
import type { At } from "../document";
import { type DocumentScope, defineDocument, type FieldsOf } from "../kind";
import { isAtLeast } from "../releases";
import { text } from "../rules/values";
import { selector, selectorProblems } from "../rules/volumes";
import { z } from "../zod";

const fields = () => z.strictObject({ name: text(), selector: selector().optional() });

/** Another name, the document's own, for the link that an expression selects. */
export type LinkAliasFields = FieldsOf<typeof fields>;

export const linkAliasConfig = defineDocument({ kind: "LinkAliasConfig", since: "1.12", fields, problems });

function problems({ name, selector: chosen }: LinkAliasFields, at: At, { talos }: DocumentScope): readonly Problem[] {
  // Up to 1.12 a percent sign is a letter like any other.
  const numbers = isAtLeast(talos ?? "1.14", "1.13");
  const wrong = numbers && name.includes("%") && !/^[^%]+%d$/.test(name);
  return [
    ...(wrong
      ? [wrongValue(at("name"), name, "a name, or one that ends with %d for several links, such as net%d")]
      : []),
    ...selectorProblems(chosen?.match, true, "link", (...path) => at("selector", ...path)),
  ];
}
