#!/usr/bin/env node
/** The command `cdktf-proxmox-talos`. Never imported. */
import { Command } from "commander";
import { formatProblem, ProblemsError } from "../errors";
import { planCommand } from "./plan";

async function main(): Promise<void> {
  const program = new Command("cdktf-proxmox-talos")
    .description("Works on what the app synthesized.")
    .showHelpAfterError('Run it with "--help" to see how it is used.');
  for (const command of [planCommand()]) {
    program.addCommand(command.copyInheritedSettings(program));
  }
  await program.parseAsync();
}

function fail(error: unknown): void {
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

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // A reader such as `head` may have seen enough.
  if (error.code !== "EPIPE") {
    fail(error);
  }
});
main().catch(fail);
