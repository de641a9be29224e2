import { type Command, InvalidArgumentError } from "commander";
import { type Allowance, defaultMaxMachines, type GuardOptions, guardRules } from "../analysis/plan-guard";
import { wholeNumber } from "./whole-number";

/**
 * Gives a command that judges plans the options for it, and returns what reads them when it runs. A `--reason` is that of
 * the `--allow`s before it; one without any ends the command with the exit code.
 */
export function addGuardOptions(command: Command, exitCode: number): () => GuardOptions {
  const open: Omit<Allowance, "reason">[] = [];
  const allowances: Allowance[] = [];
  const most = "machines that may be out of service at the same time";
  const allow = "accept what a rule says about an address; * is any part of it";
  const why = "why; required, and for every --allow before it that has none yet";
  command
    .option("--max-machines <number>", most, wholeNumber, defaultMaxMachines)
    .option("--allow <rule:address>", allow, (value) => open.push(allowanceOf(value)))
    .option("--reason <text>", why, (reason) => {
      if (reason.trim() === "" || open.length === 0) {
        throw new InvalidArgumentError(open.length === 0 ? "It belongs behind an --allow." : "Say why.");
      }
      allowances.push(...open.splice(0).map((one) => ({ ...one, reason })));
    });
  return () => {
    for (const { rule, address } of open) {
      command.error(`error: --allow ${rule}:${address} needs a --reason behind it`, { exitCode });
    }
    const { maxMachines } = command.opts<{ maxMachines: number }>();
    return { maxMachines, allowances };
  };
}

function allowanceOf(value: string): Omit<Allowance, "reason"> {
  const [, rule = "", address = ""] = /^([^:]*):(.+)$/s.exec(value) ?? [];
  if (!guardRules().includes(rule)) {
    throw new InvalidArgumentError(`Write it as <rule>:<address>; the rules are ${guardRules().join(", ")}.`);
  }
  return { rule, address };
}
