#!/usr/bin/env node
/** The command `cdktf-proxmox-talos`. Never imported. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { driftCommand } from "./drift";
import { fail } from "./fail";
import { gateCommand } from "./gate";
import { guardCommand } from "./guard";
import { inventoryCommand } from "./inventory";
import { lintCommand } from "./lint";
import { migrateCommand } from "./migrate";
import { planCommand } from "./plan";
import { privilegesCommand } from "./privileges";
import { rebaselineCommand } from "./rebaseline";
import { schemaCommand } from "./schema";
import { talosDriftCommand } from "./talos-drift";
import { usageErrorsAreTwo } from "./usage";

async function main(): Promise<void> {
  const program = new Command("cdktf-proxmox-talos")
    .description(
      "Judges what the app synthesized, plans of any origin, drift, machine configurations and gates, and writes the code of what exists.",
    )
    .option("-V, --version", "print the version of the package")
    .on("option:version", () => {
      console.log(packageVersion());
      process.exit();
    })
    .showHelpAfterError('Run it with "--help" to see how it is used.');
  const commands = [
    planCommand(),
    guardCommand(),
    driftCommand(),
    gateCommand(),
    lintCommand(),
    migrateCommand(),
    privilegesCommand(),
    inventoryCommand(),
    rebaselineCommand(),
    schemaCommand(),
    talosDriftCommand(),
  ];
  for (const command of commands) {
    program.addCommand(command.copyInheritedSettings(program));
    if (command.name() !== "plan") {
      // Their 1 is a verdict; a plan's 2 is one, as with Terraform.
      usageErrorsAreTwo(command);
    }
  }
  await program.parseAsync();
}

function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(require.resolve("cdktf-proxmox-talos/package.json"), "utf8"));
  return version;
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // A reader such as `head` may have seen enough.
  if (error.code !== "EPIPE") {
    fail(error);
  }
});
main().catch(fail);
