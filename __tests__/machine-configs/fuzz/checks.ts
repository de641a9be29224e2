/** What holds for everything that is said about a configuration. */
import type { Problem } from "../../../errors";
import type { Position } from "../../../machine-configs/load";
import { isContainer } from "../../../machine-configs/plain-data";

/** Whether a place is in a text: on one of its lines, or right behind it. */
export function isInside(text: string, { line, column }: Position): boolean {
  const found = text.split("\n")[line - 1];
  return found !== undefined && column >= 1 && column <= found.length + 1;
}

/** Whether all that is said with a problem is said. */
export function isWhole({ code, where, message, remedy }: Problem): boolean {
  return /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(code) && [where, message, remedy].every((text) => typeof text === "string");
}

/** The number of values in data. */
export function sizeOf(data: unknown): number {
  if (!isContainer(data)) return 1;
  return Object.values(data).reduce<number>((sum, inner) => sum + sizeOf(inner), 1);
}
