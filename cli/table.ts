/** Rows as text in columns two spaces apart; the columns with numbers in the last row are set to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const last = rows.at(-1) ?? [];
  const widths = last.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const cell = (text: string, column: number): string => {
    const width = widths[column] ?? 0;
    return /^\d+$/.test(last[column] ?? "") ? text.padStart(width) : text.padEnd(width);
  };
  return rows.map((row) => row.map(cell).join("  ").trimEnd()).join("\n");
}
