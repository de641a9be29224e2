import { type Command as AnyCommand, Command, Option } from "commander";
import { type Contract, contracts, type MachineRole } from "../machine-configs";
import type { NamedText } from "../machine-configs/judge";
import { migrate, type Remark } from "../machine-configs/migrate";
import { readTexts, replaceTexts } from "./files";
import { linted, roles } from "./lint";
import { type MigratedFile, migratedJson, migratedText, migratedYaml, type RemarkedSection } from "./migrate-report";

/** `migrate <file…>`: brings configurations and patches into the form of a later contract. */
export function migrateCommand(): Command {
  return new Command("migrate")
    .description("Move sections of machine configurations and patches into the documents of a later contract.")
    .argument("<file...>", "configurations or patches, each migrated alone")
    .addOption(new Option("--from <minor>", "the contract that they are for").choices(contracts).makeOptionMandatory())
    .addOption(new Option("--to <minor>", "the later contract").choices(contracts).makeOptionMandatory())
    .addOption(
      new Option("--role <role>", "what the machines of patches are (default: a control plane)").choices(roles),
    )
    .option("--write", "write the new form into the files")
    .addOption(new Option("--format <format>", "how to print the result").choices(formats).default("text"))
    .addHelpText(
      "after",
      `
Without --write, the report is on stderr and the new form on stdout.

Exit codes:
  0  everything has moved, or nothing had to
  1  something is left for you, or Talos would refuse the new form
  2  the command was used wrongly, or a file could not be read or written: nothing is written`,
    )
    .action(migrateFiles);
}

const formats = ["text", "json"] as const;

interface Options {
  readonly from: Contract;
  readonly to: Contract;
  readonly role?: MachineRole;
  readonly write?: true;
  readonly format: (typeof formats)[number];
}

async function migrateFiles(files: readonly string[], options: Options, command: AnyCommand): Promise<void> {
  if (contracts.indexOf(options.from) >= contracts.indexOf(options.to)) {
    command.error("error: --to has to be a later contract than --from.", { exitCode: 2 });
  }
  const texts = await readTexts([...new Set(files)], command);
  const results = texts.map((text) => migrated(text, options));
  const readable = results.every((one) => one.readable);
  if (options.write && readable) {
    const changed = results.filter(({ yaml }, index) => yaml !== texts[index]?.text);
    await replaceTexts(
      changed.map(({ file: name, yaml: text }) => ({ name, text })),
      command,
    );
  }
  if (options.format === "json") console.log(migratedJson(results));
  else if (options.write) console.log(migratedText(results));
  else {
    console.error(migratedText(results));
    if (readable) process.stdout.write(migratedYaml(results));
  }
  process.exitCode = readable ? (results.every(({ done }) => done) ? 0 : 1) : 2;
}

function migrated(file: NamedText, options: Options): MigratedFile {
  const { text: yaml, moved, left, notes, problems, readable } = migrate(file, options);
  const errors = problems.filter(({ severity }) => severity === "error");
  return {
    file: file.name,
    moved,
    left: left.map(remarked),
    notes: notes.map(remarked),
    problems: problems.map((problem) => linted(problem, file.name)),
    yaml,
    readable,
    done: left.length === 0 && errors.length === 0,
  };
}

function remarked({ problem, line, column }: Remark): RemarkedSection {
  const { code, where: path, message: reason, remedy } = problem;
  return { path, line, column, code, reason, remedy };
}
