/** What the intents for the components of the control plane have in common. */
import { argumentOfIntent, type Problem } from "../../errors";
import type { At } from "../document";
import type { Component } from "../rules/arguments";

/** Cores, or thousandths of one: `2`, `500m`. */
export type CpuQuantity = `${number}` | `${number}m`;

/** Bytes: `512Mi`, `1G`. */
export type MemoryQuantity = `${number}` | `${number}${"k" | "M" | "G" | "Ki" | "Mi" | "Gi"}`;

/** Amounts of what a pod needs. */
export type ComponentAmounts = { readonly cpu?: CpuQuantity; readonly memory?: MemoryQuantity };

/** What a pod asks for, and may use at most. */
export type ComponentResources = { readonly requests?: ComponentAmounts; readonly limits?: ComponentAmounts };

export interface ComponentProps {
  /**
   * Arguments without the leading dashes; a list, from Talos 1.13 on, repeats the argument. Those for which there is an
   * intent, and those that Talos gives itself, are refused.
   *
   * @default - none beyond those of Talos
   */
  readonly extraArgs?: Readonly<Record<string, string | readonly string[]>>;
  /**
   * What its pod asks for and may use at most.
   *
   * @default - what Talos asks for, and no limits
   */
  readonly resources?: ComponentResources;
}

/** Arguments that another intent gives: a pattern of their names, and the intent. */
export type ArgumentsOfIntents = readonly (readonly [pattern: RegExp, intent: string])[];

/** The arguments that no other intent gives. */
export function ownArguments(
  args: ComponentProps["extraArgs"],
  others: ArgumentsOfIntents,
): ComponentProps["extraArgs"] {
  if (args === undefined) return undefined;
  return Object.fromEntries(Object.entries(args).filter(([name]) => intentOf(name, others) === undefined));
}

/** Arguments that another intent gives. */
export function intentArgumentProblems(
  component: Component,
  args: ComponentProps["extraArgs"] = {},
  others: ArgumentsOfIntents,
  at: At,
): readonly Problem[] {
  return Object.keys(args).flatMap((name) => {
    const intent = intentOf(name, others);
    return intent === undefined ? [] : [argumentOfIntent(at("extraArgs", name), name, component, intent)];
  });
}

function intentOf(argument: string, others: ArgumentsOfIntents): string | undefined {
  return others.find(([pattern]) => pattern.test(argument.replace(/^-+/, "")))?.[1];
}
