import { InvalidArgumentError } from "commander";

/** Reads an option that is a number of things. */
export function wholeNumber(value: string): number {
  if (!/^[1-9]\d*$/.test(value)) {
    throw new InvalidArgumentError("Use a whole number of at least 1.");
  }
  return Number(value);
}
