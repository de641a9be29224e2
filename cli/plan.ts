import { constants } from "node:os";
import { Command } from "commander";
import { type GuardOptions, judgePlans } from "../analysis/plan-guard";
import { addGuardOptions } from "./guard-options";
import { limit } from "./limit";
import { chooseStacks, readStacks, type Stack } from "./manifest";
import { exitCodeOf, reportJson, reportText, statusText } from "./plan-report";
import { planStack, type StackPlan } from "./plan-stack";
import { Progress } from "./progress";
import { Interrupted, Terraform } from "./terraform";
import { wholeNumber } from "./whole-number";

/** `plan [outdir]`: what Terraform would do, stack by stack. */
export function planCommand(): Command {
  const command = new Command("plan")
    .description("Plan the synthesized stacks, each after those that it depends on, and judge them. Changes nothing.")
    .argument("[outdir]", "the folder that synth wrote to", "cdktf.out")
    .option("--stack <name...>", "plan these stacks only, and not what they depend on")
    .option("--no-refresh", "plan from the state, without reading the real objects")
    .option("--parallelism <stacks>", "stacks to plan at the same time", wholeNumber, 1)
    .option("--json", "print the result as JSON");
  const judging = addGuardOptions(command, 1);
  return command
    .addHelpText(
      "after",
      `
Exit codes:
  0  nothing to do
  1  a stack could not be planned, or the command was used wrongly
  2  changes
  3  changes that the guard refuses
  130, 143  interrupted

Environment:
  TERRAFORM_BINARY_NAME  the binary to run; "terraform" by default, else "tofu"`,
    )
    .action((outdir: string, options: Options) => plan(outdir, options, judging()));
}

interface Options {
  readonly stack?: string[];
  readonly refresh: boolean;
  readonly parallelism: number;
  readonly json?: true;
}

async function plan(outdir: string, options: Options, judging: GuardOptions): Promise<void> {
  const stacks = chooseStacks(await readStacks(outdir), options.stack ?? []);
  const terraform = await Terraform.find();
  const interrupt = (signal: NodeJS.Signals): void => terraform.interrupt(signal);
  for (const signal of signals) {
    process.on(signal, interrupt);
  }
  try {
    const plans = await planStacks(terraform, stacks, options);
    const verdict = judgePlans(
      plans.flatMap((one) => ("plan" in one ? [one.plan] : [])),
      judging,
    );
    process.exitCode = exitCodeOf(plans, verdict);
    console.log(options.json ? reportJson(plans, verdict) : reportText(plans, verdict));
  } catch (error) {
    if (!(error instanceof Interrupted)) {
      throw error;
    }
    console.error(error.message);
    process.exitCode = 128 + constants.signals[error.signal];
  } finally {
    for (const signal of signals) {
      process.off(signal, interrupt);
    }
  }
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

async function planStacks(terraform: Terraform, stacks: readonly Stack[], options: Options): Promise<StackPlan[]> {
  const progress = new Progress(stacks.length);
  const planning = limit(options.parallelism);
  const installing = limit(1);
  const plans = new Map<string, Promise<StackPlan>>();
  for (const stack of stacks) {
    const before = stack.dependencies.flatMap((name) => plans.get(name) ?? []);
    plans.set(stack.name, planAfter(before, stack));
  }
  // All of them end, and have cleaned up, before the first failure is passed on.
  await Promise.allSettled(plans.values());
  return Promise.all(plans.values());

  async function planAfter(before: readonly Promise<StackPlan>[], stack: Stack): Promise<StackPlan> {
    const needs = [...new Set((await Promise.all(before)).flatMap(inTheWay))];
    if (needs.length > 0) {
      return ended({ name: stack.name, status: "not planned", needs });
    }
    return planning(async () => {
      progress.begins(stack.name);
      return ended(await planStack(terraform, stack, { refresh: options.refresh, installing }));
    });
  }

  function ended(plan: StackPlan): StackPlan {
    progress.ended(plan.name, statusText(plan), plan.status === "error" ? plan.text : undefined);
    return plan;
  }
}

function inTheWay(plan: StackPlan): readonly string[] {
  return plan.status === "error" ? [plan.name] : plan.status === "not planned" ? plan.needs : [];
}
