import { readdir, readFile } from "node:fs/promises";
import * as path from "node:path";
import { type Command as AnyCommand, Command, InvalidArgumentError, Option } from "commander";
import { type Answer, readInventory } from "../analysis/inventory/read";
import { siteCodeOf } from "../analysis/inventory/site";
import { siteText } from "../analysis/inventory/site-text";
import { formatProblem, malformedInventory, type Problem, ProblemsError } from "../errors";
import { refusalText } from "./files";

/** `inventory <folder>`: the code of a site for what exists. */
export function inventoryCommand(): Command {
  return new Command("inventory")
    .description("Write the code of a site whose VMs exist, from answers of Proxmox that were saved to files.")
    .argument("<folder>", "answers of pvesh as JSON, each under the path that was asked")
    .requiredOption("--site <name>", "what the site is called", siteName)
    .requiredOption("--endpoint <url>", "the URL of the Proxmox API")
    .addOption(new Option("--format <format>", "how to print the result").choices(formats).default("text"))
    .addHelpText(
      "after",
      `
The code is on stdout, and what it does not have on stderr. With --format json, both are on stdout.

Exit codes:
  0  every VM is in the code
  1  some machines are not
  2  the command was used wrongly, or the inventory could not be read`,
    )
    .action(writeSite);
}

const formats = ["text", "json"] as const;

interface Options {
  readonly site: string;
  readonly endpoint: string;
  readonly format: (typeof formats)[number];
}

async function writeSite(
  folder: string,
  { site: name, endpoint, format }: Options,
  command: AnyCommand,
): Promise<void> {
  const site = await siteIn(folder, command);
  if (site === undefined) {
    return;
  }
  const code = siteText({ name, endpoint }, site);
  if (format === "json") {
    console.log(JSON.stringify({ code, listed: site.listed }, null, 2));
  } else {
    process.stdout.write(code);
    if (site.listed.length > 0) console.error(site.listed.map(formatProblem).join("\n\n"));
  }
  process.exitCode = site.listed.some(({ code: listed }) => listed === "machine-left-out") ? 1 : 0;
}

async function siteIn(folder: string, command: AnyCommand) {
  try {
    return siteCodeOf(readInventory(await answersIn(folder), folder));
  } catch (error) {
    if (ProblemsError.is(error)) {
      console.error(error.problems.map(formatProblem).join("\n\n"));
      process.exitCode = 2;
      return undefined;
    }
    const refusal = refusalText(error);
    if (refusal !== undefined) command.error(`error: ${refusal}`, { exitCode: 2 });
    throw error;
  }
}

/** Throws a {@link ProblemsError} about every file that holds no JSON. */
async function answersIn(folder: string): Promise<Answer[]> {
  const found = await readdir(folder, { recursive: true });
  const files = found
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => path.join(folder, name));
  const read = await Promise.all(
    files.map(async (file): Promise<Answer | Problem> => {
      const text = await readFile(file, "utf8");
      try {
        return { path: pathOf(folder, file), json: JSON.parse(text) };
      } catch {
        return malformedInventory(file, "it is no JSON");
      }
    }),
  );
  const problems = read.flatMap((one) => ("code" in one ? [one] : []));
  if (problems.length > 0) {
    throw new ProblemsError(problems);
  }
  return read.flatMap((one) => ("code" in one ? [] : [one]));
}

/** The path that was asked. */
function pathOf(folder: string, file: string): string {
  return path
    .relative(folder, file)
    .replaceAll(path.sep, "/")
    .replace(/\.json$/, "");
}

function siteName(value: string): string {
  if (!/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(value)) {
    throw new InvalidArgumentError("Use lower-case letters, digits and hyphens, at most 40.");
  }
  return value;
}
