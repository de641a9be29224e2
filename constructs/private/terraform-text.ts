/**
 * A text as a Terraform string whose value is exactly that text: `${` and `%{` would otherwise begin a template.
 * The only place that turns documents and scripts into Terraform strings.
 */
export function terraformText(text: string): string {
  // A function as replacement, because in a replacement string `$$` means one `$`.
  return text.replace(/[$%](?=\{)/g, (sign) => sign + sign);
}
