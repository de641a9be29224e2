/** A page: its title, and its blocks with empty lines between them. */
export function page(title: string, ...blocks: readonly (string | readonly string[])[]): string {
  return `${[`# ${title}`, ...blocks.flat()].join("\n\n")}\n`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Lines for a shell. */
export function commands(...lines: readonly string[]): string {
  return ["```sh", ...lines, "```"].join("\n");
}

/** A numbered list; what a step holds is indented as Markdown wants it. */
export function steps(...items: readonly string[]): string {
  return items.map((item, index) => `${index + 1}. ${item.replace(/\n(?=.)/g, "\n   ")}`).join("\n");
}

export function bullets(...items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}

export function boxes(...items: readonly string[]): string {
  return items.map((item) => `- [ ] ${item}`).join("\n");
}
