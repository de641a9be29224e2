import { InvalidArgumentError } from "commander";

const seconds = { s: 1, m: 60, h: 3600 } as const;

/** Reads an option that is a time, in seconds: "90s", "10m", "1h". */
export function duration(value: string): number {
  const [, number, unit] = /^([1-9]\d*)([smh])$/.exec(value) ?? [];
  if (unit !== "s" && unit !== "m" && unit !== "h") {
    throw new InvalidArgumentError('Use a number with s, m or h, such as "10m".');
  }
  return Number(number) * seconds[unit];
}

/** An age for people, in its largest unit: "3 d". */
export function ageText(milliseconds: number): string {
  const all = Math.max(0, Math.floor(milliseconds / 1000));
  if (all < 60) return `${all} s`;
  if (all < 3600) return `${Math.floor(all / 60)} min`;
  return all < 2 * 86400 ? `${Math.floor(all / 3600)} h` : `${Math.floor(all / 86400)} d`;
}
