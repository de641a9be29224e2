import fc, { type GeneratorValue } from "fast-check";

/** Random choices, one after the other, which fast-check repeats and makes smaller. */
export class Draw {
  readonly #gen: GeneratorValue;

  constructor(gen: GeneratorValue) {
    this.#gen = gen;
  }

  whole(least: number, most: number): number {
    return this.#gen(evenly, least, most);
  }

  /** True in so many of a hundred cases. */
  chance(percent: number): boolean {
    return this.whole(1, 100) > 100 - percent;
  }

  one<const T>(values: readonly T[]): T {
    return this.#gen(fc.constantFrom<T[]>, ...values);
  }

  some<T>(values: readonly T[], percent = 50): T[] {
    return values.filter(() => this.chance(percent));
  }

  /** The values, if so many of a hundred cases have them; to be spread. */
  maybe<T extends object>(percent: number, values: () => T): T | Record<string, never> {
    return this.chance(percent) ? values() : {};
  }
}

/** By itself fast-check takes small numbers more often than others. */
function evenly(min: number, max: number) {
  return fc.noBias(fc.integer({ min, max }));
}
