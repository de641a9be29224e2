import { Command, InvalidArgumentError, Option } from "commander";
import { neededPrivileges, privilegeCommands } from "../analysis/privileges";
import { chooseStacks, readStacks, readSynthesized } from "./manifest";
import { table } from "./table";

/** `privileges [outdir]`: what the API token of the synthesized stacks may do, and nothing else. */
export function privilegesCommand(): Command {
  return new Command("privileges")
    .description("Print the privileges that the Proxmox API token of the synthesized stacks needs.")
    .argument("[outdir]", "the folder that synth wrote to", "cdktf.out")
    .option("--stack <name...>", "for these stacks only")
    .addOption(new Option("--pve <major>", "the major release of Proxmox VE").choices(["8", "9"]).default("9"))
    .addOption(new Option("--format <format>", "how to print the result").choices(formats).default("text"))
    .option("--user <user@realm>", "the user of the token, for --format pveum", userId, "terraform@pve")
    .option("--name <name>", "the token, and the beginning of its roles, for --format pveum", "cdktf")
    .addHelpText(
      "after",
      `
Formats:
  text   a table of paths and privileges
  json   the same for programs
  pveum  commands that make roles, user and token, for a root shell on one of the hosts

Exit codes:
  0  printed
  1  the stacks could not be read, or have a resource of the Proxmox provider whose privileges are not known
  2  the command was used wrongly`,
    )
    .action(privileges);
}

const formats = ["text", "json", "pveum"] as const;

interface Options {
  readonly stack?: string[];
  readonly pve: "8" | "9";
  readonly format: (typeof formats)[number];
  readonly user: string;
  readonly name: string;
}

async function privileges(outdir: string, options: Options): Promise<void> {
  const stacks = chooseStacks(await readStacks(outdir), options.stack ?? []);
  const needed = neededPrivileges(await readSynthesized(stacks), options.pve === "9" ? 9 : 8);
  const rows = needed.grants.map((grant) => [grant.path, grant.privileges.join(", ")]);
  const print = {
    text: () => table([["path", "privileges"], ...rows]),
    json: () => JSON.stringify(needed, null, 2),
    pveum: () => privilegeCommands(needed, options.user, options.name).join("\n"),
  };
  console.log(print[options.format]());
  if (needed.unknown.length > 0) {
    console.error(
      `The privileges of these resources are not known:\n${needed.unknown.map((it) => `  ${it}`).join("\n")}`,
    );
    process.exitCode = 1;
  }
}

function userId(value: string): string {
  if (!/^[^\s:/@!]+@[A-Za-z][\w.-]*$/.test(value))
    throw new InvalidArgumentError('Name the realm as well: "terraform@pve".');
  return value;
}
