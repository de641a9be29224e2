import { formatProblem, ProblemsError } from "../errors";
import { refusalText } from "./files";

/** Says what went wrong, and makes the program end with 1. */
export function fail(error: unknown): void {
  const text = ProblemsError.is(error) ? error.problems.map(formatProblem).join("\n\n") : refusalText(error);
  if (text === undefined) throw error;
  console.error(text);
  process.exitCode = 1;
}
