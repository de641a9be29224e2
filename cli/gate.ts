import { Argument, Command, Option } from "commander";
import { checkGate, type GateName, gates } from "../analysis/gates";
import { decideStageC } from "../analysis/gates/decision";
import { type Evidence, evidenceSchema, readEvidence, withBackups } from "../analysis/gates/evidence";
import { backupsUnreadable, evidenceUnreadable, formatProblem, ProblemsError } from "../errors";
import { readJsonOr } from "./files";
import { decisionText, gateText } from "./gate-report";

/** `gate check|decide|schema`: whether a stage of the staged plan is done, and what comes after Stage C. */
export function gateCommand(): Command {
  return new Command("gate")
    .description("Judge the gates of the staged plan by a file of evidence, and decide after Stage C.")
    .addCommand(checkCommand())
    .addCommand(decideCommand())
    .addCommand(schemaCommand());
}

function checkCommand(): Command {
  return new Command("check")
    .description("Say which criteria of a gate are met.")
    .addArgument(new Argument("<gate>", "the gate").choices(Object.keys(gates)))
    .argument("<evidence>", "the file of evidence; - for standard input")
    .option("--backups <file>", "backups/<site>/backups.json of cdktf.out, as the figure backups.policy")
    .addOption(formatOption())
    .addHelpText("after", exitCodes("passed: every criterion is met", "not passed"))
    .action(async (gate: GateName, file: string, { format, backups }: CheckOptions) => {
      const evidence = await evidenceIn(file, backups);
      if (evidence !== undefined) {
        const verdict = checkGate(gate, evidence);
        print(format, verdict, gateText(verdict));
        process.exitCode = verdict.passed ? 0 : 1;
      }
    });
}

function decideCommand(): Command {
  return new Command("decide")
    .description("Say what the evidence of Stage C decides, by which rule, and what would change it.")
    .argument("<evidence>", "the file of evidence; - for standard input")
    .addOption(formatOption())
    .addHelpText("after", exitCodes("decided", "not decided: the evidence is not complete"))
    .action(async (file: string, { format }: Options) => {
      const evidence = await evidenceIn(file);
      if (evidence !== undefined) {
        const decision = decideStageC(evidence);
        print(format, decision, decisionText(decision));
        process.exitCode = decision.decided ? 0 : 1;
      }
    });
}

function schemaCommand(): Command {
  return new Command("schema")
    .description("Print the JSON Schema of the evidence, with where each figure comes from.")
    .action(() => console.log(JSON.stringify(evidenceSchema(), null, 2)));
}

const formats = ["text", "json"] as const;

interface Options {
  readonly format: (typeof formats)[number];
}

interface CheckOptions extends Options {
  readonly backups?: string;
}

function formatOption(): Option {
  return new Option("--format <format>", "how to print the verdict").choices(formats).default("text");
}

function exitCodes(zero: string, one: string): string {
  return `
Exit codes:
  0  ${zero}
  1  ${one}
  2  the command was used wrongly, or the evidence could not be read`;
}

function print(format: Options["format"], verdict: object, verdictText: string): void {
  console.log(format === "json" ? JSON.stringify(verdict, null, 2) : verdictText);
}

/** Nothing, after saying why and setting the exit code, if it cannot be used. */
async function evidenceIn(file: string, backups?: string): Promise<Evidence | undefined> {
  try {
    const json = await readJsonOr(file, evidenceUnreadable);
    const evidence = readEvidence(json, file);
    return backups === undefined
      ? evidence
      : withBackups(evidence, await readJsonOr(backups, backupsUnreadable), backups);
  } catch (error) {
    if (!ProblemsError.is(error)) throw error;
    console.error(error.problems.map(formatProblem).join("\n\n"));
    process.exitCode = 2;
    return undefined;
  }
}
