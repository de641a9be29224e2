/** Expressions of the Common Expression Language by which Talos selects disks, volumes and links. */
import type { Problem } from "../../errors";

/** What an expression is evaluated for, which decides the names in it. */
export type CelEnvironment = "disk" | "volume" | "member" | "link" | "oomTrigger" | "oomRanking";

/** What is wrong with an expression, which has to yield a value of a type. */
export function celProblems(
  _expression: string,
  _environment: CelEnvironment,
  _yields: "bool" | "double",
  _where: string,
): readonly Problem[] {
  return [];
}
