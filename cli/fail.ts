import { formatProblem, ProblemsError } from "../errors";

/** Says what went wrong, and makes the program end with 1. */
export function fail(error: unknown): void {
  if (ProblemsError.is(error)) {
    console.error(error.problems.map(formatProblem).join("\n\n"));
  } else if (error instanceof Error && "syscall" in error) {
    // The operating system refused something; its message names what.
    console.error(error.message);
  } else {
    throw error;
  }
  process.exitCode = 1;
}
