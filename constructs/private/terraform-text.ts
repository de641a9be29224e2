/** The only place that turns documents and scripts into Terraform strings. */
import { type IResolveContext, Lazy, Token } from "cdktf";
import type { Problem } from "../../errors";
import { renderDocuments, type TalosDocument } from "../../machine-configs";

/** A text as a Terraform string whose value is exactly that text: `${` and `%{` would otherwise begin a template. */
export function terraformText(text: string): string {
  // A function as replacement, because in a replacement string `$$` means one `$`.
  return text.replace(/[$%](?=\{)/g, (sign) => sign + sign);
}

/** The same for what somebody writes for people to read: Terraform values in it stay what they are. */
export function terraformNote(text: string): string {
  return text.replace(/[$%](?=\{(?!TfToken\[))/g, (sign) => sign + sign);
}

/** Documents as a Terraform string whose value is their YAML. */
export function terraformDocuments(documents: readonly TalosDocument[]): string {
  return terraformYaml(documents, renderDocuments);
}

/**
 * Data as a Terraform string whose value is its YAML. A text that holds Terraform values becomes a JSON string that
 * Terraform writes, which is YAML as well: whatever is in the value cannot end it.
 */
export function terraformYaml<Data>(data: Data, render: (data: Data) => string): string {
  const json = JSON.stringify(data);
  if (!holdsTerraformValue(json)) {
    return terraformText(render(data));
  }
  const later: string[] = [];
  const marker = unusedIn(json);
  const marked = mapTexts(data, (text) => (holdsTerraformValue(text) ? `${marker}${later.push(text) - 1}.` : text));
  const yaml = terraformText(render(marked));
  // Around a `${` of its own cdktf would take a token for a part of that expression, so it gets to see only the tokens.
  return Lazy.stringValue({
    produce: (context) =>
      yaml.replace(new RegExp(`${marker}(\\d+)\\.`, "g"), (_, index) => encoded(later[Number(index)] ?? "", context)),
  });
}

/** Whether a text is or contains a value that only Terraform knows. */
export function holdsTerraformValue(text: string): boolean {
  return text.includes("${TfToken[");
}

/** Whether there is a Terraform value where no text is, which could not be put into YAML. */
export function holdsOtherTerraformValue(value: unknown): boolean {
  if (typeof value === "string") {
    // A list that is a token as a whole.
    return value.includes("#{TfToken[");
  }
  if (typeof value !== "object" || value === null) {
    return Token.isUnresolved(value);
  }
  return (
    Token.isUnresolved(value) ||
    Object.keys(value).some(holdsTerraformValue) ||
    Object.values(value).some(holdsOtherTerraformValue)
  );
}

/** A problem that shows a Terraform value as Terraform itself does. */
export function withoutTerraformValues(problem: Problem): Problem {
  const shown = (text: string) => text.replace(/\$\{TfToken\[[^\]]+\]\}/g, "(known after apply)");
  return { ...problem, where: shown(problem.where), message: shown(problem.message) };
}

/** A template that writes a text as a JSON string. */
function encoded(text: string, context: IResolveContext): string {
  const parts = text
    .split(/(\$\{TfToken\[[^\]]+\]\})/)
    .filter((part) => part !== "")
    .map((part) => (holdsTerraformValue(part) ? expression(context.resolve(part)) : quoted(part)));
  return `\${jsonencode(${parts.length === 1 ? parts[0] : `join("", [${parts.join(", ")}])`})}`;
}

/** What is between the braces of a template. */
function expression(template: unknown): string {
  return typeof template === "string" && /^\$\{.*\}$/s.test(template)
    ? template.slice(2, -1)
    : quoted(String(template));
}

/** A text as a literal of Terraform's language, which does not have all of JSON's escapes. */
function quoted(text: string): string {
  const escapes: Readonly<Record<string, string>> = { "\\b": "\\u0008", "\\f": "\\u000c" };
  return terraformText(JSON.stringify(text).replace(/\\./g, (sequence) => escapes[sequence] ?? sequence));
}

/** The same data with other texts. Keys keep their order. */
function mapTexts<T>(value: T, change: (text: string) => string): T;
function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapTexts(inner, change)]));
}

/** Letters that YAML writes without quotes and that a text does not have. */
function unusedIn(text: string): string {
  let letters = "value";
  while (text.includes(letters)) letters += "x";
  return letters;
}
