import type { Command } from "commander";

/** Ends a command, and those in it, with 2 where it was used wrongly: their 1 is a verdict. */
export function usageErrorsAreTwo(command: Command): Command {
  command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
  for (const inner of command.commands) {
    inner.copyInheritedSettings(command);
  }
  return command;
}
