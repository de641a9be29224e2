import { Token } from "cdktf";
import { outOfRange, type Problem, tooSmall } from "../../errors";

/** What Terraform knows only later passes. */
export function isWhole(value: number, least: number, most = Number.MAX_SAFE_INTEGER): boolean {
  return Token.isUnresolved(value) || (Number.isInteger(value) && value >= least && value <= most);
}

/** A prop by its name, what it is, and the least and the most that it may be. */
export type Bounds = readonly [prop: string, value: number | undefined, least: number, most?: number];

/** What is wrong with numbers that have to be whole and in their bounds. */
export function boundsProblems(where: string, props: readonly Bounds[]): Problem[] {
  return props.flatMap(([prop, value, least, most]) => {
    if (value === undefined || isWhole(value, least, most)) {
      return [];
    }
    return [most === undefined ? tooSmall(where, prop, value, least) : outOfRange(where, prop, value, least, most)];
  });
}
